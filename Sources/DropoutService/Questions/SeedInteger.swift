import TensorJSON

/// A whole number of any size, as libraries take for a seed.
package struct SeedInteger: Sendable, Equatable {
    /// More digits than any entropy that a person types.
    static let maximumDigits = 128

    let isNegative: Bool
    /// The magnitude in 32-bit words, lowest first, without leading zeros. 0 is one word.
    let words: [UInt32]

    package init(_ value: UInt64) {
        isNegative = false
        let high = UInt32(truncatingIfNeeded: value >> 32)
        words = [UInt32(truncatingIfNeeded: value)] + (high == 0 ? [] : [high])
    }

    /// Digits with an optional minus. Nil for anything else.
    package init?(_ text: String) {
        var digits = Substring(text).utf8
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty, digits.count <= Self.maximumDigits, digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        var words: [UInt32] = [0]
        for digit in digits {
            var carry = UInt64(digit - 0x30)
            for index in words.indices {
                let sum = UInt64(words[index]) * 10 + carry
                words[index] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            if carry > 0 { words.append(UInt32(carry)) }
        }
        self.isNegative = isNegative && words != [0]
        self.words = words
    }

    private var magnitude: UInt64? {
        words.count <= 2 ? UInt64(words[0]) | (words.count == 2 ? UInt64(words[1]) << 32 : 0) : nil
    }

    /// The value if it is in 0...2^64 - 1.
    var unsigned: UInt64? { isNegative ? nil : magnitude }

    /// The value if it is in -2^63...2^63 - 1.
    var signed: Int64? {
        guard let magnitude else { return nil }
        if !isNegative { return Int64(exactly: magnitude) }
        return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }

    /// The value modulo 2^64 if it is in -2^63...2^64 - 1.
    var wrapping: UInt64? { unsigned ?? signed.map { UInt64(bitPattern: $0) } }

    /// The value modulo 2^32, in two's complement.
    var lowWord: UInt32 { isNegative ? 0 &- words[0] : words[0] }

    /// The value modulo `divisor`, never negative, as Python has it.
    func modulo(_ divisor: UInt32) -> UInt32 {
        let remainder = words.reversed().reduce(UInt64(0)) { ($0 << 32 | UInt64($1)) % UInt64(divisor) }
        return UInt32(isNegative && remainder > 0 ? UInt64(divisor) - remainder : remainder)
    }

    /// A number up to 2^53, the digits in a string above, so that readers with float64 numbers lose nothing.
    func write(to writer: inout JSONWriter) {
        if let signed, signed.magnitude <= 1 << 53 { writer.integer(signed) } else { writer.string(decimal) }
    }

    var decimal: String {
        var words = words
        var digits = ""
        while words.contains(where: { $0 != 0 }) {
            var remainder: UInt64 = 0
            for index in words.indices.reversed() {
                let value = remainder << 32 | UInt64(words[index])
                words[index] = UInt32(value / 10)
                remainder = value % 10
            }
            digits = String(remainder) + digits
        }
        return (isNegative ? "-" : "") + (digits.isEmpty ? "0" : digits)
    }
}

extension JSONValue {
    /// A whole number, as a number or as its digits in a string.
    var seedInteger: SeedInteger? {
        switch self {
        case .number(let number): SeedInteger(number)
        case .string(let text): SeedInteger(text)
        default: nil
        }
    }

    /// A list of whole numbers, each a number or digits in a string.
    var seedIntegers: [SeedInteger]? {
        let items: [SeedInteger?]
        switch self {
        case .numbers(let array) where array.problem == nil && array.shape.count == 1 && !array.isBoolean:
            guard array.literals.count == array.shape[0] else { return nil }
            items = array.literals.map { SeedInteger($0) }
        case .array(let values): items = values.map(\.seedInteger)
        default: return nil
        }
        let integers = items.compactMap { $0 }
        return integers.count == items.count && integers.count <= 64 ? integers : nil
    }
}

extension SeedInteger {
    /// `3`, and also `3.0` and `3e0` as long as float64 holds it beyond doubt.
    init?(_ number: JSONNumber) {
        if let integer = SeedInteger(number.text) {
            self = integer
        } else if let signed = number.signed {
            self.init(String(signed))
        } else {
            return nil
        }
    }
}

extension SeedInteger {
    package init(signed value: Int64) {
        let magnitude = SeedInteger(value.magnitude)
        self.init(isNegative: value < 0, words: magnitude.words)
    }

    /// A number of 128 bits.
    init(words wide: UInt128) {
        var words: [UInt32] = []
        var rest = wide
        repeat {
            words.append(UInt32(truncatingIfNeeded: rest))
            rest >>= 32
        } while rest > 0
        self.init(isNegative: false, words: words)
    }

    private init(isNegative: Bool, words: [UInt32]) {
        self.isNegative = isNegative
        self.words = words
    }
}
