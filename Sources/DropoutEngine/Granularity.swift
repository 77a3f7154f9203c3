/// What is dropped as one.
package enum Granularity: String, CaseIterable, Sendable {
    /// Each element by itself.
    case element
    /// A unit (neuron, feature) in all examples of the batch.
    case unit
    /// All of an example.
    case sample
    /// All of a channel of an example: [N, C, ...] by (n, c), [C, L] by c, as in spatial dropout.
    case channel
    /// Everything at once.
    case batch
}

extension NoiseShape {
    /// The noise shape of a granularity.
    ///
    /// Shapes: `columns` have the units on axis 0 and the examples on the last, `rows` the examples on axis 0 and the
    /// units on the last. A vector is one example: each of its elements is a unit. Channels stand on axes 0 and 1 of a
    /// tensor of rank 3 or more, on axis 0 of a matrix, in either layout.
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

    /// Repeats each drawn value over the elements that share it.
    ///
    /// Shapes: `values.count == drawn.count`; the result has `full.count` values in row-major order.
    package func expand<Value>(_ values: [Value]) -> [Value] {
        if isElementwise { return values }
        var result: [Value] = []
        result.reserveCapacity(full.count)
        forEachElement { result.append(values[$0]) }
        return result
    }

    /// Calls `body` with the drawn index of every element, in row-major order.
    func forEachElement(_ body: (Int) -> Void) {
        guard full.count > 0 else { return }
        let rank = full.rank
        var strides = [Int](repeating: 0, count: rank)
        var stride = 1
        for axis in (0..<rank).reversed() {
            if drawn.dimensions[axis] > 1 { strides[axis] = stride }
            stride *= drawn.dimensions[axis]
        }
        var index = [Int](repeating: 0, count: rank)
        var position = 0
        for _ in 0..<full.count {
            body(position)
            var axis = rank - 1
            while axis >= 0 {
                index[axis] += 1
                position += strides[axis]
                if index[axis] < full.dimensions[axis] { break }
                position -= strides[axis] * index[axis]
                index[axis] = 0
                axis -= 1
            }
        }
    }
}
