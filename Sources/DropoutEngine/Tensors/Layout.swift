/// Whether an example is a column or a row of a batch.
package enum Layout: String, CaseIterable, Sendable {
    /// An example is a column: X is [units, batch] and Z = W·X + b.
    case columns
    /// An example is a row: X is [batch, units] and Z = X·Wᵀ + b.
    case rows
}

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
