import TensorJSON
import Testing

@Suite("Arrays beside a JSON text")
struct DetachedArrayTests {
    @Test("A detached array is named by its place in the text")
    func places() {
        var writer = JSONWriter(detaches: true)
        writer.beginObject()
        writer.key("a")
        writer.detach([1, 2], .bits(asBooleans: false), shape: [2])
        writer.key("b")
        writer.beginArray()
        writer.null()
        writer.beginObject()
        writer.key("x")
        writer.integer(1 as Int64)
        writer.key("c")
        writer.detach([0, 0, 128, 63], .numbers(.float32), shape: [])
        writer.endObject()
        writer.detach([], .numbers(.float64), shape: [0])
        writer.endArray()
        writer.key("d")
        writer.beginObject()
        writer.endObject()
        writer.key("e")
        writer.detach([], .bits(asBooleans: true), shape: [0])
        writer.endObject()
        let arrays = writer.detached
        var text = writer.finish()
        #expect(
            String(decoding: text.allBytes(), as: UTF8.self)
                == #"{"a":"a","b":[null,{"x":1,"c":"b.1.c"},"b.2"],"d":{},"e":"e"}"#)
        #expect(arrays.map(\.name) == ["a", "b.1.c", "b.2", "e"])
        #expect(arrays.map(\.bytes) == [[1, 2], [0, 0, 128, 63], [], []])
        #expect(arrays.map(\.shape) == [[2], [], [0], [0]])
        #expect(
            arrays.map(\.kind) == [
                .bits(asBooleans: false), .numbers(.float32), .numbers(.float64), .bits(asBooleans: true),
            ])
    }
}
