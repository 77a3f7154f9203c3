/// Whether an example is a column or a row of a batch.
package enum Layout: String, CaseIterable, Sendable {
    /// An example is a column: X is [units, batch] and Z = W·X + b.
    case columns
    /// An example is a row: X is [batch, units] and Z = X·Wᵀ + b.
    case rows
}
