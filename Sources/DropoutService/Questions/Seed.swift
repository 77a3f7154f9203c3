import DropoutEngine
import TensorJSON

/// A generator's seed as its library takes it.
package enum Seed: Sendable {
    case number(SeedInteger)
    case list([SeedInteger])
    /// The words of a JAX key instead of a seed.
    case key([UInt32])

    /// Whether a request has a seed or the words of a key.
    static func isGiven(_ reader: FieldReader) -> Bool {
        reader.has("seed") || reader.has(GeneratorParameter.keyData.rawValue)
    }

    /// Reads `seed` or `key_data`; an absent seed is drawn from the system's generator.
    init(_ reader: FieldReader, _ generator: Generator, _ parameters: GeneratorParameters) {
        if let count = generator.keyWords(parameters), reader.has(GeneratorParameter.keyData.rawValue) {
            if reader.has("seed") { reader.wrong("seed", "seed and key_data exclude each other") }
            self = .key(Self.key(reader, generator, count))
            return
        }
        guard let value = reader.object["seed"] else {
            self = generator.seed.drawn()
            return
        }
        if let seed = generator.seed.seed(value) {
            self = seed
        } else {
            let found = value.shortText
            reader.wrong("seed", "\(generator.name) takes \(generator.seed.meaning) as seed; \(found) found")
            self = .number(SeedInteger(0))
        }
    }

    private static func key(_ reader: FieldReader, _ generator: Generator, _ count: Int) -> [UInt32] {
        let zeros = [UInt32](repeating: 0, count: count)
        guard let words = reader.words(GeneratorParameter.keyData.rawValue) else { return zeros }
        guard words.count == count else {
            reader.wrong(
                GeneratorParameter.keyData.rawValue,
                "a key of \(generator.name) has \(count) words, \(words.count) found")
            return zeros
        }
        return words
    }

    /// The number modulo 2^64.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for a seed that the generator's ``SeedRule`` does not allow.
    var bits: UInt64 {
        get throws(DropoutError) {
            guard case .number(let integer) = self, let bits = integer.wrapping else {
                throw .impossible("the seed is not a number of 64 bits")
            }
            return bits
        }
    }

    /// The Twister of a seed, by `init_genrand` of a number or `init_by_array` of a list.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for the words of a key.
    var twister: MT19937 {
        get throws(DropoutError) {
            guard case .list(let list) = self else { return MT19937(seed: UInt32(truncatingIfNeeded: try bits)) }
            return MT19937(array: list.map { $0.words.first ?? 0 })
        }
    }

    /// A number of any size.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for another seed.
    var integer: SeedInteger {
        get throws(DropoutError) {
            guard case .number(let integer) = self else { throw .impossible("the seed is not a number") }
            return integer
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
