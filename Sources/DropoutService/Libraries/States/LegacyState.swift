import TensorJSON

/// The state of `np.random`.
package struct LegacyState: Sendable {
    /// 624 words.
    let words: [UInt32]
    /// 0 to 624.
    let position: Int
    /// Whether a normal number is left, and that number. Nil if the request said nothing of it.
    private let normal: (isLeft: Bool, number: Double)?
    /// Whether it came as NumPy's tuple rather than as its dictionary.
    private let isTuple: Bool

    init(_ words: [UInt32], _ position: UInt64, normal: (Bool, Double)?, isTuple: Bool) {
        (self.words, self.position) = (words, Int(clamping: position))
        (self.normal, self.isTuple) = (normal, isTuple)
    }

    func write(to writer: inout JSONWriter) {
        if isTuple {
            writer.beginArray()
            writer.string("MT19937")
            writeWords(to: &writer)
            writer.integer(Int64(position))
            if let normal {
                writer.integer(normal.isLeft ? 1 : 0 as Int64)
                writer.number(normal.number)
            }
            writer.endArray()
            return
        }
        writer.beginObject()
        writer.field("bit_generator", "MT19937")
        writer.key("state")
        writer.beginObject()
        writer.key("key")
        writeWords(to: &writer)
        writer.field("pos", position)
        writer.endObject()
        if let normal {
            writer.field("has_gauss", normal.isLeft ? 1 : 0)
            writer.field("gauss", normal.number)
        }
        writer.endObject()
    }

    private func writeWords(to writer: inout JSONWriter) {
        writer.beginArray()
        for word in words { writer.integer(UInt64(word)) }
        writer.endArray()
    }
}
