import DropoutEngine
import TensorJSON

/// Numbers without a pattern and their JSON, the same in every run.
struct SampleData {
    let count: Int

    /// Knuth's MMIX generator; the upper bits of its states.
    private func words(seed: UInt64) -> [UInt64] {
        var state = seed
        return [UInt64](unsafeUninitializedCapacity: count) { words, initializedCount in
            for index in 0..<count {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                words[index] = state >> 11
            }
            initializedCount = count
        }
    }

    /// In -1...1.
    var doubles: [Double] { words(seed: 1).map { Double($0) * 0x1p-52 - 1 } }
    var floats: [Float] { words(seed: 1).map { Float($0) * 0x1p-52 - 1 } }

    /// A flat list of float64, each as many digits as it takes: most often 16 or 17.
    var doubleText: [UInt8] {
        var writer = JSONWriter()
        writer.flatArray(doubles)
        var text = writer.finish()
        return text.allBytes()
    }

    /// A flat list of numbers with 7 significant digits, d.dddddd.
    var floatText: [UInt8] { text(rows: 1) }

    /// A flat list of 0...999.
    var integerText: [UInt8] {
        var text = [UInt8(ascii: "[")]
        text.reserveCapacity(4 * count + 2)
        for word in words(seed: 2) {
            let number = Int(word % 1000)
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            if number > 99 { text.append(digit(number / 100)) }
            if number > 9 { text.append(digit(number / 10)) }
            text.append(digit(number))
        }
        return text + [UInt8(ascii: "]")]
    }

    /// The numbers of ``floatText``, flat for one row, else as a list of `rows` lists.
    func text(rows: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(10 * count + 2 * rows + 2)
        if rows > 1 { text.append(UInt8(ascii: "[")) }
        let columns = count / rows
        for (index, word) in words(seed: 3).enumerated() {
            text.append(index % columns == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
            var number = Int(word % 10_000_000)
            var place = 1_000_000
            if word & (1 << 40) != 0 { text.append(UInt8(ascii: "-")) }
            while place > 0 {
                text.append(digit(number / place))
                if place == 1_000_000 { text.append(UInt8(ascii: ".")) }
                number %= place
                place /= 10
            }
            if index % columns == columns - 1 {
                text.append(UInt8(ascii: "]"))
                if rows > 1, index < count - 1 { text.append(UInt8(ascii: ",")) }
            }
        }
        if rows > 1 { text.append(UInt8(ascii: "]")) }
        return text
    }

    private func digit(_ number: Int) -> UInt8 { UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10) }

    func mask(rate: Double = 0.2) throws -> Mask {
        try Mask(
            drawing: PhiloxGenerator(seed: 42, step: 0, stream: 0), noise: NoiseShape(elementwise: .vector(count)),
            probability: KeepProbability(rate: rate), offset: 0)
    }

    /// The value of a text.
    static func parse(_ text: [UInt8], _ type: ElementType) throws -> JSONValue {
        var limits = JSONLimits()
        limits.maximumElements = .max
        return try text.withUnsafeBufferPointer { try JSONDocument.parse($0, elementType: type, limits: limits) }
    }

    /// Prints what `write` writes, chunk by chunk as a server sends it; the number of bytes.
    static func printed(_ write: (inout JSONWriter) -> Void) -> Int {
        var writer = JSONWriter()
        write(&writer)
        var text = writer.finish()
        var bytes = 0
        while let chunk = text.nextPart()?.bytes() { bytes += chunk.count }
        return bytes
    }
}
