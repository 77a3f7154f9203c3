import TensorJSON

/// Half of a 64-bit word that `numpy.random.Generator` drew for a 32-bit number: the next 32-bit number.
package struct HalfWord: Sendable {
    let isLeft: Bool
    let word: UInt32

    var left: UInt32? { isLeft ? word : nil }

    func write(to writer: inout JSONWriter) {
        writer.field("has_uint32", isLeft ? 1 : 0)
        writer.field("uinteger", natural: UInt64(word))
    }
}
