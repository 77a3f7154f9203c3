import DropoutEngine
import TensorJSON

/// What a search of generators found.
struct SearchResult {
    /// Whether the draw is the one that was asked for.
    var matches = false
    /// Whether chance would not give such a match.
    var isConclusive = false
    /// The candidates that were tried.
    var searched = 0
    /// Whether the search ended at its price.
    var isLimited = false
    var found: SearchedDraw.Candidate?

    func write(to writer: inout JSONWriter) {
        writer.key("generator")
        writer.beginObject()
        writer.key("matches")
        writer.bool(matches)
        writer.key("conclusive")
        writer.bool(isConclusive)
        writer.field("searched", searched)
        if isLimited {
            writer.key("search_limited")
            writer.bool(true)
        }
        writer.key("found")
        if let found {
            writer.beginObject()
            writer.randomness(found.randomness)
            writer.key("keep_and_rate_swapped")
            writer.bool(found.isComplement)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.endObject()
    }
}
