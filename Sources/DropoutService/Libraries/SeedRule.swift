import TensorJSON

/// Which whole numbers a library takes as a seed. What the library refuses is refused here.
enum SeedRule: Sendable {
    /// 0...2^bits - 1.
    case natural(bits: Int)
    /// -2^63...2^63 - 1.
    case signed
    /// -2^63...2^64 - 1, taken modulo 2^64.
    case wrapping
    /// -2^31...2^32 - 1.
    case word
    /// Any whole number from 0, or a list of them.
    case entropy
    /// 0...2^32 - 1, or a list of them.
    case words
    /// 0...2^32 - 1 but 2^31 - 1 and 2^32 - 2, for which MindSpore may draw a seed of its own.
    case mindSpore
    /// Any whole number.
    case any
    /// Two numbers of -2^63...2^63 - 1.
    case pair

    var meaning: String {
        switch self {
        case .natural(let bits): "a whole number from 0 to 2^\(bits) - 1"
        case .signed: "a whole number from -2^63 to 2^63 - 1"
        case .wrapping: "a whole number from -2^63 to 2^64 - 1"
        case .word: "a whole number from -2^31 to 2^32 - 1 (from 2^31 only at call 0)"
        case .entropy: "a whole number from 0, of any size up to 128 digits, or a list of up to 64 of them"
        case .words: "a whole number from 0 to 2^32 - 1, or a list of 1 to 64 of them"
        case .mindSpore: "a whole number from 0 to 2^32 - 1, but not 2^31 - 1 nor 2^32 - 2, which MindSpore may replace"
        case .any: "a whole number of any size up to 128 digits"
        case .pair: "two whole numbers from -2^63 to 2^63 - 1"
        }
    }

    /// Whether a single number is a seed, or half of a pair.
    func allows(_ integer: SeedInteger) -> Bool {
        switch self {
        case .natural(let bits): integer.unsigned.map { bits == 64 || $0 >> UInt64(bits) == 0 } ?? false
        case .signed, .pair: integer.signed != nil
        case .wrapping: integer.wrapping != nil
        case .word: integer.signed.map { (-1 << 31..<1 << 32).contains($0) } ?? false
        case .entropy: !integer.isNegative
        case .words: integer.unsigned.map { $0 >> 32 == 0 } ?? false
        case .mindSpore: integer.unsigned.map { $0 >> 32 == 0 && ($0 == 0 || $0 % 0x7FFF_FFFF != 0) } ?? false
        case .any: true
        }
    }

    /// The seed that a request names. Nil if it names none that the library takes.
    func seed(_ value: JSONValue) -> Seed? {
        switch self {
        case .pair:
            guard let pair = value.seedIntegers, pair.count == 2, pair.allSatisfy(allows) else { return nil }
            return .list(pair)
        case .entropy:
            if let list = value.seedIntegers { return list.allSatisfy(allows) ? .list(list) : nil }
            return value.seedInteger.flatMap { allows($0) ? .number($0) : nil }
        case .words:
            if let list = value.seedIntegers { return !list.isEmpty && list.allSatisfy(allows) ? .list(list) : nil }
            return value.seedInteger.flatMap { allows($0) ? .number($0) : nil }
        default: return value.seedInteger.flatMap { allows($0) ? .number($0) : nil }
        }
    }

    /// The seed of this generator with the value of a number, such as the seed of another library. Nil if there is none.
    func seed(like integer: SeedInteger) -> Seed? {
        guard allows(integer) else { return nil }
        if case .pair = self { return .list([integer, SeedInteger(0)]) }
        return .number(integer)
    }

    /// A seed from the system's generator.
    func drawn() -> Seed {
        let word = { SeedInteger(UInt64.random(in: 0..<1 << 31)) }
        return switch self {
        case .natural(64): .number(SeedInteger(UInt64.random(in: 0...(1 << 53))))
        case .pair: .list([word(), word()])
        default: .number(word())
        }
    }
}
