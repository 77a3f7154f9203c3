import TensorJSON

/// Base64 of 3,000,000 bytes, both ways.
enum Base64Table {
    static func run() throws {
        let bytes = SampleData(count: 3_000_000).doubles.map { UInt8(truncatingIfNeeded: Int($0 * 0x1p40)) }
        let text = String(decoding: bytes.withUnsafeBytes { Base64.encode($0) }, as: UTF8.self)
        Measure.head("Base64", "way", "ns/byte")
        Measure.row(
            "encode", Measure.nanoseconds(bytes.count) { Measure.keep(bytes.withUnsafeBytes { Base64.encode($0) }) })
        Measure.row("decode", try Measure.nanoseconds(bytes.count) { Measure.keep(try Base64.decode(text)) })
    }
}
