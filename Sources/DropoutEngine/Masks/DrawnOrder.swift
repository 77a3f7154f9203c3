package import Stopping

/// The order in which a library draws the units of a tensor: the axes from the slowest to the fastest.
///
/// PyTorch draws in memory order, so a transposed or a channels_last tensor has another mask.
package struct DrawnOrder: Sendable, Hashable {
    /// A permutation of the tensor's axes.
    package let axes: [Int]

    /// Nil if `axes` is no permutation of 0..<axes.count.
    package init?(_ axes: [Int]) {
        guard axes.sorted() == Array(0..<axes.count) else { return nil }
        self.axes = axes
    }

    /// The axes of a tensor [N, C, D...] whose channels are the fastest: 0, 2, ..., 1.
    ///
    /// Nil below rank 3.
    package init?(channelsLast rank: Int) {
        guard rank > 2 else { return nil }
        axes = [0] + Array(2..<rank) + [1]
    }

    /// Puts what was drawn in this order into row-major order.
    ///
    /// Example: the axes [1, 0] of the shape [2, 3] make of the draws a, b, c, d, e, f the rows a, c, e and b, d, f.
    /// Complexity: O(count).
    ///
    /// - Parameter drawn: has as many values as `shape`, whose rank is that of the axes.
    @inline(__always)
    func rowMajor<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ drawn: [Value], _ shape: Shape, _ stop: StopFlag
    ) throws(DropoutError) -> [Value] {
        let extents = shape.dimensions
        guard extents.count == axes.count, drawn.count == shape.count else {
            throw .impossible("an order of \(axes.count) axes for a tensor of rank \(extents.count)")
        }
        guard let fastest = axes.last, fastest != axes.count - 1 || axes != axes.sorted() else { return drawn }
        // The distance in the stream between two neighbours on an axis.
        var strides = [Int](repeating: 0, count: axes.count)
        var step = 1
        for axis in axes.reversed() {
            strides[axis] = step
            step = step &* max(1, extents[axis])
        }
        var walk = AxisWalk(extents: extents, strides: strides)
        return try [Value](valuesOf: drawn.count, stop: stop) {
            let value = drawn[walk.position]
            _ = walk.advance()
            return value
        }
    }
}

/// A generator that draws the units of a base generator in another order.
///
/// Offset: only 0.
package struct ReorderedGenerator: MaskGenerator {
    private let base: any MaskGenerator
    private let order: DrawnOrder

    package init(_ base: any MaskGenerator, _ order: DrawnOrder) { (self.base, self.order) = (base, order) }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard offset == 0 else { throw .offsetUnsupported }
        return try order.rowMajor(
            try base.kept(shape, probability: probability, offset: 0, stop: stop), shape, stop)
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        guard offset == 0 else { throw .offsetUnsupported }
        return try base.drawnUniforms(shape, offset: 0, stop: stop).map { numbers throws(DropoutError) in
            try order.rowMajor(numbers, shape, stop)
        }
    }
}
