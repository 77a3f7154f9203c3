import DropoutEngine
import TensorJSON

/// The place of a block in a larger tensor: `full_shape` and `start`.
struct ShardFields {
    static let fields = ["full_shape", "start"]

    let full: Shape
    private let start: [Int]
    private let block: Shape

    /// Nil without `full_shape`. Nil, with an entry, if a field is wrong.
    init?(_ question: Question, of block: Shape?) {
        let (dimensions, place) = (question.naturals("full_shape"), question.naturals("start"))
        guard question.has("full_shape") else {
            if question.has("start") {
                question.wrong("start", "`start` needs `full_shape`, the shape of the whole tensor")
            }
            return nil
        }
        if question.isGiven("offset") {
            question.wrong("full_shape", "give `offset` or `full_shape`, not both")
        }
        guard let block, let dimensions else { return nil }
        guard dimensions.count == block.rank else {
            question.wrong(
                "full_shape",
                "the rank of the block \(DropoutError.text(block.dimensions)) expected, \(block.rank); "
                    + "\(dimensions.count) found")
            return nil
        }
        guard let full = try? Shape(dimensions) else {
            question.wrong("full_shape", "fewer than 2^63 elements expected")
            return nil
        }
        if question.has("start"), place == nil { return nil }
        let start = place ?? [Int](repeating: 0, count: block.rank)
        guard start.count == block.rank else {
            question.wrong("start", "a number for each of the \(block.rank) axes expected, \(start.count) found")
            return nil
        }
        for (axis, extent) in block.dimensions.enumerated()
        where extent > dimensions[axis] || start[axis] > dimensions[axis] - extent {
            question.wrong(
                place == nil ? "full_shape" : "start",
                "the block of \(extent) from \(start[axis]) on does not fit into the \(dimensions[axis]) of axis \(axis)"
            )
            return nil
        }
        (self.full, self.start, self.block) = (full, start, block)
    }

    /// The block's part of the noise of the whole tensor. Nil if that noise has another shape than `full`.
    func shard(of whole: NoiseShape) -> Shard? { Shard(block, at: start, of: whole) }

    func write(to writer: inout JSONWriter) {
        writer.key("full_shape")
        writer.shape(full.dimensions)
        writer.key("start")
        writer.shape(start)
    }
}
