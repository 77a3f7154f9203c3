import DropoutEngine
import TensorJSON

/// The state of `np.random.Philox`.
package struct PhiloxState: Sendable {
    /// Four words, the lowest first.
    let counter: [UInt64]
    /// Two words.
    let key: [UInt64]
    /// The four words of the last block.
    let buffer: [UInt64]
    /// The words of the buffer that were drawn, 0 to 4.
    let position: Int
    let half: HalfWord

    var stream: Philox4x64Stream {
        Philox4x64Stream(
            key: (key[0], key[1]), counter: (counter[0], counter[1], counter[2], counter[3]),
            block: (buffer[0], buffer[1], buffer[2], buffer[3]), place: position)
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("bit_generator", "Philox")
        writer.key("state")
        writer.beginObject()
        writer.field("counter", longWords: counter)
        writer.field("key", longWords: key)
        writer.endObject()
        writer.field("buffer", longWords: buffer)
        writer.field("buffer_pos", position)
        half.write(to: &writer)
        writer.endObject()
    }
}
