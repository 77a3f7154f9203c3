/// Tensors as a caller writes them: nested, flat or in base64.
enum TensorText {
    private static let numbers: [[UInt8]] = [
        "0", "1", "-2", "3.5", "0.125", "-1.0625", "12", "1e-3", "0.3333333333333333", "-7.25e2", "2.718281828459045",
        "100", "-0.5", "0.9999999999999999", "5", "1.5",
    ].map { Array($0.utf8) }

    /// Numbers above 0 and below 1.
    private static let fractions: [[UInt8]] = [
        "0.5", "0.25", "0.75", "0.1", "0.9", "0.0625", "0.3333333333333333", "0.99",
    ].map { Array($0.utf8) }

    private static let bits: [[UInt8]] = ["0", "1"].map { Array($0.utf8) }

    enum Values {
        case numbers, fractions, bits, zeros
        /// The same number everywhere.
        case same(String)
        /// Class indices below this number.
        case classes(Int)

        func text(_ word: UInt64) -> [UInt8] {
            switch self {
            case .numbers: TensorText.numbers[Int(word % UInt64(TensorText.numbers.count))]
            case .fractions: TensorText.fractions[Int(word % UInt64(TensorText.fractions.count))]
            case .bits: TensorText.bits[Int(word & 1)]
            case .zeros: TensorText.bits[0]
            case .same(let number): Array(number.utf8)
            case .classes(let count): Array(String(word % UInt64(max(1, count))).utf8)
            }
        }
    }

    /// A tensor in a form that `choices` takes; base64 only for numbers.
    static func node(_ dimensions: [Int], _ values: Values, _ choices: inout Choices) -> Node {
        let word = choices.word()
        let count = dimensions.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        let isEmpty = dimensions.contains(0)
        switch choices.below(10) {
        case 0...5 where !isEmpty: return .text(nested(dimensions[...], values, word))
        case 9:
            if case .numbers = values {
                return .object([
                    ("shape", .numbers(dimensions)), ("dtype", .string("float32")),
                    ("base64", .text(base64(isEmpty ? 0 : count, word))),
                ])
            }
            fallthrough
        default:
            return .object([
                ("shape", .numbers(dimensions)), ("data", .text(nested([isEmpty ? 0 : count], values, word))),
            ])
        }
    }

    static func flat(_ dimensions: [Int], _ values: Values, _ choices: inout Choices) -> Node {
        let count =
            dimensions.contains(0) ? 0 : dimensions.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        return .object([
            ("shape", .numbers(dimensions)), ("data", .text(nested([count], values, choices.word()))),
        ])
    }

    /// A list of `count` values.
    static func flatList(_ count: Int, _ values: Values, _ choices: inout Choices) -> Node {
        .text(nested([count], values, choices.word()))
    }

    private static func nested(_ dimensions: ArraySlice<Int>, _ values: Values, _ seed: UInt64) -> [UInt8] {
        var state = seed
        var text: [UInt8] = []
        write(dimensions, values, &state, to: &text)
        return text
    }

    private static func write(
        _ dimensions: ArraySlice<Int>, _ values: Values, _ state: inout UInt64, to text: inout [UInt8]
    ) {
        guard let count = dimensions.first else {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += values.text(state >> 33)
            return
        }
        text.append(UInt8(ascii: "["))
        for index in 0..<count {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            write(dimensions.dropFirst(), values, &state, to: &text)
        }
        text.append(UInt8(ascii: "]"))
    }

    /// The little-endian float32 of as many powers of two, with padding.
    private static func base64(_ count: Int, _ word: UInt64) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let high = UInt8(0x3E + word % 2)
        // Three numbers are twelve bytes, which are sixteen characters.
        let three: [UInt8] = [0, 0, 0x80, high, 0, 0, 0x40, 0x3F, 0, 0, 0x20, 0xBF]
        func coded(_ bytes: [UInt8]) -> [UInt8] {
            var text: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let group = Array(bytes[start..<min(start + 3, bytes.count)]) + [0, 0]
                let bits = Int(group[0]) << 16 | Int(group[1]) << 8 | Int(group[2])
                let characters = [18, 12, 6, 0].map { alphabet[bits >> $0 & 63] }
                let used = min(3, bytes.count - start) + 1
                text += characters.prefix(used) + [UInt8](repeating: UInt8(ascii: "="), count: 4 - used)
            }
            return text
        }
        let whole = coded(three)
        var text: [UInt8] = [UInt8(ascii: "\"")]
        text.reserveCapacity(count / 3 * 16 + 20)
        for _ in 0..<count / 3 { text += whole }
        return text + coded(Array(three.prefix(count % 3 * 4))) + [UInt8(ascii: "\"")]
    }
}
