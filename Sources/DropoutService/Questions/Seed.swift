import DropoutEngine
import TensorJSON

/// A generator's seed as its library takes it.
package enum Seed: Sendable {
    case number(SeedInteger)
    case list([SeedInteger])
    /// The words of a JAX key instead of a seed.
    case key([UInt32])
    /// The state of the library's generator instead of a seed.
    case state(GeneratorState)

    /// Whether a request has a seed, the words of a key or a state.
    static func isGiven(_ question: Question) -> Bool {
        question.has("seed") || question.has(GeneratorParameter.keyData.rawValue) || question.has(GeneratorState.field)
    }

    /// Reads `seed`, `key_data` or `state`. An absent seed is drawn from the system's generator.
    ///
    /// - Throws: only for a limit of the text.
    init(
        _ question: Question, _ generator: Generator, _ parameters: GeneratorParameters
    ) throws(Problem) {
        if question.has(GeneratorState.field) {
            if question.has("seed") { question.wrong("seed", "give `seed` or `state`, not both") }
            guard let rule = generator.states else {
                question.wrong(GeneratorState.field, "\(generator.name) takes a seed and no state")
                self = .number(SeedInteger(0))
                return
            }
            self = try rule.state(question).map { .state($0) } ?? .number(SeedInteger(0))
            return
        }
        if let count = generator.keyWords(parameters), question.has(GeneratorParameter.keyData.rawValue) {
            if question.has("seed") { question.wrong("seed", "give `seed` or `key_data`, not both") }
            self = .key(Self.key(question, generator, count))
            return
        }
        guard let value = question.fields["seed"] else {
            self = generator.seed.drawn()
            return
        }
        if let seed = generator.seed.seed(value) {
            self = seed
        } else {
            let found = value.shortText
            question.wrong("seed", "\(generator.name) takes \(generator.seed.meaning) as seed; \(found) found")
            self = .number(SeedInteger(0))
        }
    }

    private static func key(_ question: Question, _ generator: Generator, _ count: Int) -> [UInt32] {
        let zeros = [UInt32](repeating: 0, count: count)
        guard let words = question.words(GeneratorParameter.keyData.rawValue) else { return zeros }
        guard words.count == count else {
            question.wrong(
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
    /// - Throws: ``DropoutError/impossible(_:)`` for the words of a key, and for a state of another core.
    var twister: MT19937 {
        get throws(DropoutError) {
            if let state = try state(\.twister) { return state }
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

    /// What a state is made of. Nil if there is a seed.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for a state of another core.
    func state<Part>(_ part: (GeneratorState) -> Part?) throws(DropoutError) -> Part? {
        guard case .state(let state) = self else { return nil }
        guard let part = part(state) else { throw .impossible("the state is that of another core") }
        return part
    }

    var isState: Bool { if case .state = self { true } else { false } }

    /// The price of holding and printing a state. A seed is part of every question's price.
    var price: Price { if case .state(let state) = self { state.price } else { .zero } }

    /// The words of a number or of all the numbers of a list, for NumPy's SeedSequence. An empty list has no word.
    var entropy: [UInt32] {
        switch self {
        case .number(let integer): integer.words
        case .list(let list): list.flatMap(\.words)
        case .key(let words): words
        case .state: []
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
        case .state(let state): state.write(to: &writer)
        }
    }
}
