package import Stopping

/// A block of a larger tensor, and the units of the whole tensor's noise that fall on it.
///
/// Shapes: the block has the rank of the whole tensor and lies inside it. Along an axis that is shared the block has the one
/// draw of the whole.
package struct Shard: Sendable, Hashable {
    /// The noise of the whole tensor.
    package let whole: NoiseShape
    /// The noise of the block.
    package let noise: NoiseShape
    /// The first unit of the block on each axis of the whole's drawn shape.
    private let start: [Int]

    /// Nil if the block does not lie inside the whole tensor.
    package init?(_ block: Shape, at start: [Int], of whole: NoiseShape) {
        let full = whole.full.dimensions
        guard block.rank == full.count, start.count == full.count else { return nil }
        for (axis, extent) in block.dimensions.enumerated() {
            guard start[axis] >= 0, extent <= full[axis], start[axis] <= full[axis] - extent else { return nil }
        }
        let drawn = whole.drawn.dimensions
        self.whole = whole
        noise = NoiseShape(full: block) { axis in drawn[axis] == full[axis] }
        self.start = full.indices.map { axis in drawn[axis] == full[axis] ? start[axis] : 0 }
    }

    /// The number of runs of units that follow each other in the block and in the whole.
    package var runCount: Int { noise.drawn.count == 0 ? 0 : noise.drawn.count / run.length }

    /// The index of the block's first unit in the whole's drawn shape.
    package var first: Int { zip(start, strides).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The number of units of the whole from the block's first to its last.
    package var spanCount: Int {
        guard noise.drawn.count > 0 else { return 0 }
        return zip(noise.drawn.dimensions, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
    }

    /// Calls `body` with each run: the index of its first unit in the whole's drawn shape, and its length. The runs are those
    /// of the block in row-major order.
    package func forEachRun(
        _ stop: StopFlag, _ body: (_ unit: Int, _ count: Int) throws(DropoutError) -> Void
    ) throws(DropoutError) {
        guard noise.drawn.count > 0 else { return }
        let (axes, length) = run
        var walk = AxisWalk(
            extents: Array(noise.drawn.dimensions[..<axes]), strides: Array(strides[..<axes]), from: first)
        var pace = Pace(stop)
        repeat {
            try pace.spend(length)
            try body(walk.position, length)
        } while walk.advance()
    }

    /// Cuts the block's units out of units of the whole.
    ///
    /// - Parameters:
    ///   - units: units of the whole that follow each other, all of the block's among them.
    ///   - first: the index of the first of `units` in the whole's drawn shape.
    package func cut<Value: BitwiseCopyable>(
        _ units: [Value], from first: Int, stop: StopFlag
    ) throws(DropoutError) -> [Value] {
        if units.count == noise.drawn.count { return units }
        var block: [Value] = []
        block.reserveCapacity(noise.drawn.count)
        try forEachRun(stop) { unit, count throws(DropoutError) in
            let place = unit - first
            guard place >= 0, place + count <= units.count else {
                throw .impossible("a block reaches beyond the units that were drawn")
            }
            block += units[place..<place + count]
        }
        return block
    }

    /// The number of leading axes along which runs follow each other, and the length of a run.
    private var run: (axes: Int, length: Int) {
        let (extents, full) = (noise.drawn.dimensions, whole.drawn.dimensions)
        var (axes, length) = (extents.count, 1)
        while axes > 0 {
            axes -= 1
            length *= extents[axes]
            if extents[axes] != full[axes] { break }
        }
        return (axes, length)
    }

    /// The distance in the whole's drawn shape between two neighbours on an axis.
    private var strides: [Int] {
        var (strides, step) = ([Int](repeating: 0, count: whole.drawn.rank), 1)
        for (axis, extent) in whole.drawn.dimensions.enumerated().reversed() {
            strides[axis] = step
            step *= max(1, extent)
        }
        return strides
    }
}
