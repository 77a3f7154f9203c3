import DropoutEngine
import TensorJSON

/// Printing 1,000,000 elements as a flat list.
enum PrintTable {
    static func run() throws {
        let data = SampleData(count: 1_000_000)
        let (floats, doubles, bits) = (data.floats, data.doubles, try data.mask().kept)
        Measure.head("Print", "elements", "ns/element", "MB/s")
        row("float32") { $0.flatArray(floats) }
        row("float64") { $0.flatArray(doubles) }
        row("mask, 0 and 1") { $0.nestedBits(bits, shape: [bits.count], asBooleans: false) }
        row("mask, false and true") { $0.nestedBits(bits, shape: [bits.count], asBooleans: true) }
    }

    private static func row(_ name: String, _ write: (inout JSONWriter) -> Void) {
        var bytes = 0
        let time = Measure.nanoseconds(1_000_000) { bytes = SampleData.printed(write) }
        Measure.row(name, time, Double(bytes) / 1000 / time)
    }
}
