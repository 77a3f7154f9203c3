import DropoutEngine
import TensorJSON

/// A generator's seed as its library takes it.
package enum Seed: Sendable {
    case number(SeedInteger)
    case list([SeedInteger])
    /// The words of a JAX key instead of a seed.
    case key([UInt32])

    /// Reads `seed` or `key_data`; an absent seed is drawn from the system's generator and echoed like a given one.
    init(_ reader: FieldReader, _ name: GeneratorName) {
        let profile = name.profile
        if profile.parameters.contains(.keyData), reader.has(GeneratorParameter.keyData.rawValue) {
            if reader.has("seed") { reader.wrong("seed", "seed and key_data exclude each other") }
            self = .key(Self.key(reader, name))
            return
        }
        guard let value = reader.object["seed"] else {
            self = .drawn(name, profile.seed)
            return
        }
        if let seed = Self.seed(value, profile.seed) {
            self = seed
        } else {
            let found = value.shortText
            reader.wrong("seed", "\(name.rawValue) takes \(profile.seed.meaning) as seed; \(found) found")
            self = .number(SeedInteger(0))
        }
    }

    private static func drawn(_ name: GeneratorName, _ rule: GeneratorProfile.SeedRule) -> Seed {
        let word = { SeedInteger(UInt64.random(in: 0..<1 << 31)) }
        return switch rule {
        case .natural(64): .number(SeedInteger(UInt64.random(in: 0...(1 << 53))))
        case .pair: .list([word(), word()])
        default: .number(word())
        }
    }

    private static func seed(_ value: JSONValue, _ rule: GeneratorProfile.SeedRule) -> Seed? {
        switch rule {
        case .pair:
            guard let pair = value.seedIntegers, pair.count == 2, pair.allSatisfy({ $0.signed != nil }) else {
                return nil
            }
            return .list(pair)
        case .entropy:
            if let list = value.seedIntegers { return list.allSatisfy { !$0.isNegative } ? .list(list) : nil }
            return value.seedInteger.flatMap { $0.isNegative ? nil : .number($0) }
        case .natural(let bits):
            return value.seedInteger.flatMap { integer in
                integer.unsigned.flatMap { bits == 64 || $0 >> UInt64(bits) == 0 ? .number(integer) : nil }
            }
        case .signed: return value.seedInteger.flatMap { $0.signed == nil ? nil : .number($0) }
        case .wrapping: return value.seedInteger.flatMap { $0.wrapping == nil ? nil : .number($0) }
        case .word:
            return value.seedInteger.flatMap { integer in
                integer.signed.flatMap { (-1 << 31..<1 << 32).contains($0) ? .number(integer) : nil }
            }
        }
    }

    private static func key(_ reader: FieldReader, _ name: GeneratorName) -> [UInt32] {
        let count =
            switch name {
            case .jaxPhilox2x32: 1
            case .jaxRBG, .jaxThreefry4x32: 4
            default: 2
            }
        let zeros = [UInt32](repeating: 0, count: count)
        guard let words = reader.words(GeneratorParameter.keyData.rawValue) else { return zeros }
        guard words.count == count else {
            reader.wrong(
                GeneratorParameter.keyData.rawValue,
                "a key of \(name.rawValue) has \(count) words, \(words.count) found")
            return zeros
        }
        return words
    }

    /// The number modulo 2^64.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for a seed that the generator's ``GeneratorProfile/SeedRule`` does not allow.
    var bits: UInt64 {
        get throws(DropoutError) {
            guard case .number(let integer) = self, let bits = integer.wrapping else {
                throw .impossible("the seed is not a number of 64 bits")
            }
            return bits
        }
    }

    /// The pair of numbers.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for a seed that is not a pair.
    var pair: (Int64, Int64) {
        get throws(DropoutError) {
            guard case .list(let list) = self, list.count == 2, let first = list[0].signed, let second = list[1].signed
            else { throw .impossible("the seed is not a pair of numbers of 64 bits") }
            return (first, second)
        }
    }

    /// The words of a JAX key, nil if there is a seed.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for a key without `count` words.
    func key(ofWords count: Int) throws(DropoutError) -> [UInt32]? {
        guard case .key(let words) = self else { return nil }
        guard words.count == count else { throw .impossible("the key has \(words.count) words, not \(count)") }
        return words
    }

    /// The words of a number or of all the numbers of a list, for NumPy's SeedSequence; an empty list is no word.
    var entropy: [UInt32] {
        switch self {
        case .number(let integer): integer.words
        case .list(let list): list.flatMap(\.words)
        case .key(let words): words
        }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .number(let integer):
            writer.key("seed")
            integer.write(to: &writer)
        case .list(let list):
            writer.key("seed")
            writer.beginArray()
            for integer in list { integer.write(to: &writer) }
            writer.endArray()
        case .key(let words): writer.field(GeneratorParameter.keyData.rawValue, words: words)
        }
    }
}
