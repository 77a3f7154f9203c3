/// How a mask that is not the right one comes from it: what is done wrong most often where dropout is written anew.
///
/// M is the right mask and S the one that is seen, both by row-major index.
package enum MaskRelation: Sendable, Equatable {
    /// S[i] = 1 - M[i]: kept and dropped are exchanged.
    case exchanged
    /// The draws of M fill the tensor in another order of its axes, from the slowest to the fastest. The reversed order is that of
    /// column-major memory, or of the mask of the transposed shape.
    case axes([Int])
    /// S[i] = M[i + by], as far as both are there.
    case shifted(by: Int)
    /// Each group of `width` draws is written from back to front.
    case reversedLanes(Int)
    /// Each two vectors of `width` draws are written in turn, one draw of each: a b c d, e f g h becomes a e b f c g d h.
    case interleavedLanes(Int)
    /// The same the other way: a e b f c g d h becomes a b c d, e f g h.
    case separatedLanes(Int)
    /// S[i] = M[i mod every]: the first draws are used again and again.
    case repeated(every: Int)
    /// The mask begins again after every `every` places of an axis: S[r, c] = M[r, c mod every]. With `isCompact` a tile has the
    /// first draws of the stream, as a tensor of its own: S[r, c] = M[r·every + c mod every] by row-major index.
    case tiled(axis: Int, every: Int, isCompact: Bool)
    /// S is M but for draws that are exactly the threshold: `>` is written for `>=`, or `<=` for `<`.
    case atThreshold
    /// S is M up to an element, and keeps or drops all from there on.
    case tailKept(from: Int)
    case tailDropped(from: Int)

    /// The relation's name in an answer.
    package var name: String {
        switch self {
        case .exchanged: "kept_and_dropped_exchanged"
        case .axes(let axes): axes == Array(axes.indices.reversed()) ? "column_major" : "axes_permuted"
        case .shifted: "shifted"
        case .reversedLanes: "lanes_reversed"
        case .interleavedLanes: "lanes_interleaved"
        case .separatedLanes: "lanes_separated"
        case .repeated: "repeated"
        case .tiled: "repeated_along_axis"
        case .atThreshold: "threshold_exchanged"
        case .tailKept: "tail_not_dropped"
        case .tailDropped: "tail_not_written"
        }
    }

    /// A sentence's end that says what was done: "the right mask, ...".
    package var explanation: String {
        switch self {
        case .exchanged: "with kept and dropped exchanged"
        case .axes(let axes):
            axes == Array(axes.indices.reversed())
                ? "drawn in column-major order, as for the transposed shape"
                : "drawn with the axes in the order \(axes) from the slowest to the fastest"
        case .shifted(let distance):
            "begun \(distance.magnitude) \(distance.magnitude == 1 ? "element" : "elements") too \(distance > 0 ? "late" : "early") in the stream"
        case .reversedLanes(let width): "with each \(width) elements in reversed order"
        case .interleavedLanes(let width): "with each two vectors of \(width) elements interleaved"
        case .separatedLanes(let width): "with each two vectors of \(width) elements separated into even and odd"
        case .repeated(let period): "with its first \(period) elements repeated"
        case .tiled(let axis, let period, let isCompact):
            "repeated after every \(period) places of axis \(axis)"
                + (isCompact ? ", each tile with the first draws of the stream" : "")
        case .atThreshold: "with the draws that are exactly the threshold on the other side"
        case .tailKept(let first): "up to element \(first), from where nothing is dropped"
        case .tailDropped(let first): "up to element \(first), from where everything is 0"
        }
    }

    /// The relation by its name, for a finding, with its number.
    package var evidence: [(name: String, value: Finding.Evidence)] {
        let number: [(name: String, value: Finding.Evidence)] =
            switch self {
            case .exchanged, .atThreshold: []
            case .tiled(let axis, let period, _): [("axis", .count(axis)), ("period", .count(period))]
            case .axes(let axes): [("axes", .shape(axes))]
            case .shifted(let distance): [("shift", .count(distance))]
            case .reversedLanes(let width), .interleavedLanes(let width), .separatedLanes(let width):
                [("lanes", .count(width))]
            case .repeated(let period): [("period", .count(period))]
            case .tailKept(let first), .tailDropped(let first): [("from", .index(first))]
            }
        return [("relation", .text(name))] + number
    }
}
