/// The elements that are kept or dropped together.
package enum Granularity: String, CaseIterable, Sendable {
    /// Each element alone.
    case element
    /// A unit (neuron, feature) in all examples of the batch.
    case unit
    /// All elements of an example.
    case sample
    /// All elements of a channel of an example, as in spatial dropout: [N, C, ...] by (n, c), [C, L] by c.
    case channel
    /// All elements of the tensor.
    case batch
}

/// Whether an example is a column or a row of a batch.
package enum Layout: String, CaseIterable, Sendable {
    /// An example is a column: X is [units, batch] and Z = W·X + b.
    case columns
    /// An example is a row: X is [batch, units] and Z = X·Wᵀ + b.
    case rows
}

extension NoiseShape {
    /// The noise shape of a granularity.
    ///
    /// Shapes: `columns` have the units on axis 0 and the examples on the last axis, `rows` the other way round. A vector is one
    ///   example, and each of its elements is a unit. In either layout channels are on axes 0 and 1 of a tensor of rank 3 or more,
    ///   and on axis 0 of a matrix.
    package init(_ granularity: Granularity, of full: Shape, layout: Layout) {
        let last = full.rank - 1
        let isDrawn: (Int) -> Bool =
            switch granularity {
            case .element: { _ in true }
            case .unit: { axis in last == 0 || axis == (layout == .columns ? 0 : last) }
            case .sample: { axis in last > 0 && axis == (layout == .columns ? last : 0) }
            case .channel: { axis in axis < (last >= 2 ? 2 : 1) }
            case .batch: { _ in false }
            }
        self.init(full: full, drawnAxes: isDrawn)
    }
}
