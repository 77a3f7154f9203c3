import DropoutEngine
import DropoutService
import Stopping
import TensorJSON
import TextCodecs

/// Reading and printing.
extension KernelPriceTable {
    static func addReading(to times: inout KernelTimes) throws {
        let data = SampleData(count: count)
        let texts: [([UInt8], ElementType)] = [
            (data.floatText, .float32), (data.floatText, .float64), (data.doubleText, .float64),
            (data.integerText, .float32), (data.text(rows: count / 2), .float32),
        ]
        for (text, type) in texts {
            times.add(
                "read a byte of text",
                try Measure.nanoseconds(text.count) { Measure.keep(try SampleData.parse(text, type)) })
        }
        // A layer of 25 bytes for each value, as the price assumes.
        func plan(_ layers: Int) -> (nanoseconds: Double, bytes: Int) {
            let layer = "{\"weights\":[[0.5]],\"bias\":[0.1],\"activation\":\"relu\",\"keep_prob\":0.7}"
            let body = Array(
                ("{\"seed\":42,\"input\":[[0.5]],\"layers\":["
                    + [String](repeating: layer, count: layers).joined(separator: ",") + "]}").utf8)
            return body.withUnsafeBufferPointer { body in
                let request = ServiceRequest(
                    method: "POST", path: "/forward", contentType: "application/json", body: body)
                let service = DropoutAPI()
                let time = Measure.nanoseconds(1, runs: 50) { Measure.keep(service.plan(request, stop: .never)) }
                if case .reply = service.plan(request, stop: .never) {
                    print("\nThe network of the prices is refused.")
                }
                return (time, body.count)
            }
        }
        let (few, many) = (plan(1), plan(65))
        times.add(
            "read a value with its names",
            25 * (many.nanoseconds - few.nanoseconds) / Double(many.bytes - few.bytes))
    }

    static func addPrinting(to times: inout KernelTimes) throws {
        let data = SampleData(count: count)
        let (floats, doubles, bits) = (data.floats, data.doubles, try data.mask().kept)
        func time(_ count: Int, _ write: (inout JSONWriter) -> Void) -> Double {
            Measure.nanoseconds(count) { Measure.keep(SampleData.printed(write)) }
        }
        times.add("print a float64", time(count) { $0.flatArray(doubles) })
        times.add("print a float32", time(count) { $0.flatArray(floats) })
        for type in [HalfType.float16, .bfloat16] {
            let halves = floats.map { type.round($0) }
            times.add("print a number of 16 bits", time(count) { $0.nested(halves, of: type, shape: [count]) })
        }
        for asBooleans in [false, true] {
            times.add("print a bit", time(count) { $0.nestedBits(bits, shape: [count], asBooleans: asBooleans) })
        }
        let indices = Array(0..<count)
        times.add("print a whole number", time(count) { $0.flatArray(indices.map { Double($0) }) })
        times.add("print a byte as base64", time(8 * count) { $0.base64(littleEndian: doubles) })
        times.add("print a byte as base64", time(4 * count) { $0.base64(littleEndian: floats) })
        let flat = time(1) { $0.flatArray(floats) }
        for shape in [[count, 1], [count, 1, 1, 1, 1]] {
            let nested = time(1) { $0.nested(floats, shape: shape) }
            times.add("print a bracket", (nested - flat) / Double((shape.count - 1) * count + 1))
        }
        // The shortest rows break most.
        for text in [
            text { $0.flatArray(floats) }, text { $0.nestedBits(bits, shape: [count, 1], asBooleans: false) },
        ] {
            times.add(
                "break a byte of text over lines",
                Measure.nanoseconds(text.count) {
                    var breaker = JSONLineBreaker()
                    Measure.keep(breaker.broken(text))
                })
        }
    }

    private static func text(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        write(&writer)
        var text = writer.finish()
        return text.allBytes()
    }
}
