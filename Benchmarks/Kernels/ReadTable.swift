import TensorJSON

/// Reading 1,000,000 numbers from a flat list.
enum ReadTable {
    static func run() throws {
        let data = SampleData(count: 1_000_000)
        Measure.head("Read", "numbers", "ns/element", "MB/s")
        try row("float32, 7 digits", data.floatText, .float32)
        try row("float64, 17 digits", data.doubleText, .float64)
        try row("float64, integers of up to 3 digits", data.integerText, .float64)
    }

    private static func row(_ name: String, _ text: [UInt8], _ type: ElementType) throws {
        let time = try Measure.nanoseconds(1_000_000) { Measure.keep(try SampleData.parse(text, type)) }
        Measure.row(name, time, Double(text.count) / 1000 / time)
    }
}
