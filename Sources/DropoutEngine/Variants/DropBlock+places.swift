import Stopping
import TextCodecs

/// Which anchors reach which elements.
extension DropBlock {
    /// 1 for each anchor whose block has an element with the bit 1.
    ///
    /// - Parameter bits: 1 or 0 for each element of the tensor.
    func anchorsReaching(_ bits: [UInt8], stop: StopFlag) throws(DropoutError) -> [UInt8] {
        guard bits.count == shape.count else { throw .impossible("\(bits.count) bits are given") }
        guard shape.count > 0 else { return [UInt8](repeating: 0, count: anchors.count) }
        var current = bits
        var dimensions = shape.dimensions
        var pace = Pace(stop)
        for axis in 2..<shape.rank {
            let source = dimensions[axis]
            let target = anchors.dimensions[axis]
            let inner = dimensions[(axis + 1)...].reduce(1, *)
            let outer = dimensions[..<axis].reduce(1, *)
            var narrowed = [UInt8](repeating: 0, count: outer * target * inner)
            for lane in 0..<outer * inner {
                let (row, column) = (lane / inner, lane % inner)
                var inside = 0
                for place in 0..<source {
                    try pace.spend(1)
                    // The block that ends at `place` begins at place - block + 1.
                    inside += Int(current[(row * source + place) * inner + column])
                    let first = place - block + 1
                    guard first >= 0 else { continue }
                    narrowed[(row * target + first) * inner + column] = inside > 0 ? 1 : 0
                    inside -= Int(current[(row * source + first) * inner + column])
                }
            }
            current = narrowed
            dimensions[axis] = target
        }
        return current
    }

    /// Places of one map that share no anchor, by row-major index, and the number of anchors that reach each of them.
    ///
    /// On each axis they are a block apart, from the first on that as many anchors reach as any.
    func independentPlaces() -> (places: [Int], anchors: Int) {
        guard shape.count > 0 else { return ([], 0) }
        var (places, count) = ([0], 1)
        for axis in 2..<shape.rank {
            let extent = shape.dimensions[axis]
            let first = min(block - 1, extent - block)
            count = count.times(first + 1)
            let steps = Array(stride(from: first, through: extent - block, by: block))
            places = places.flatMap { place in steps.map { place * extent + $0 } }
        }
        return (places, count)
    }
}
