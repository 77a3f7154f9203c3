/// Where the survivors are scaled.
package enum DropoutScheme: String, CaseIterable, Sendable {
    /// Training divides by keep, evaluation changes nothing.
    case inverted
    /// Training only drops, evaluation multiplies by keep (Srivastava et al. 2014).
    case classic
}

package enum DropoutMode: String, CaseIterable, Sendable {
    case train, eval
}
