import DropoutEngine
import Stopping
import TensorJSON

/// Whose generator's state a request may send instead of a seed, as the library gives it out.
enum StateRule: Sendable {
    case numPyLegacy
    case numPyPCG64
    case numPyPhilox
    case torch
    case mlx

    var meaning: String {
        switch self {
        case .numPyLegacy:
            """
            np.random.get_state(), a list [\"MT19937\", 624 words, pos, has_gauss, cached_gaussian], or the object of \
            get_state(legacy=False)
            """
        case .numPyPCG64: "default_rng().bit_generator.state, an object of \"PCG64\""
        case .numPyPhilox: "np.random.Philox().state, an object of \"Philox\", its arrays as lists"
        case .torch: "torch.get_rng_state(), its 5056 bytes in base64 or as a list of numbers"
        case .mlx: "mx.random.state[0], a list of two 32-bit words"
        }
    }

    /// Reads `state`; nil, with an entry at the wrong place, if it is no state of the library.
    ///
    /// - Throws: only for a limit of the text.
    func state(_ question: Question) throws(Problem) -> GeneratorState? {
        guard let value = question.fields[GeneratorState.field] else { return nil }
        switch self {
        case .numPyLegacy:
            if case .array(let items) = value { return try question.legacyTuple(items) }
            return try question.stateObject("MT19937", self)?.legacyState()
        case .numPyPCG64: return question.stateObject("PCG64", self)?.pcg64State()
        case .numPyPhilox: return question.stateObject("Philox", self)?.philoxState()
        case .torch:
            if case .string(let encoded) = value { return try question.torchState(encoded) }
            guard
                let bytes = try question.wholeNumbers(GeneratorState.field, count: TorchState.byteCount, upTo: 255)
            else { return nil }
            return question.torchState(bytes.map { UInt8(truncatingIfNeeded: $0) }, isList: true)
        case .mlx:
            guard let words = try question.wholeNumbers(GeneratorState.field, count: 2, upTo: .max) else {
                return nil
            }
            return .mlx(high: words[0], low: words[1])
        }
    }
}

extension Question {
    /// The member that has to be an object.
    private func member(_ name: String, _ meaning: String) -> Question? {
        guard let value = fields[name] else {
            wrong("`\(name)` is missing: \(meaning) expected")
            return nil
        }
        guard case .object(let object) = value else {
            wrong(name, "\(meaning) expected, \(value.shortText) found")
            return nil
        }
        return part(object, named: name)
    }

    /// The state that names its bit generator.
    fileprivate func stateObject(_ bitGenerator: String, _ rule: StateRule) -> Question? {
        guard let state = member(GeneratorState.field, rule.meaning) else { return nil }
        guard state.isMember("bit_generator") else { return nil }
        guard let name = state.string("bit_generator") else { return nil }
        guard name == bitGenerator else {
            state.wrong("bit_generator", "\"\(bitGenerator)\" expected, \"\(name.excerpt())\" found")
            return nil
        }
        return state
    }

    /// Whether a member is there; one that is missing is noted.
    private func isMember(_ name: String) -> Bool {
        if !has(name) { wrong("`\(name)` is missing") }
        return has(name)
    }

    /// A member that is a whole number in 0...`maximum`.
    private func required(_ name: String, upTo maximum: UInt64) -> UInt64? {
        isMember(name) ? natural(name, upTo: maximum) : nil
    }

    // MARK: NumPy

    /// `["MT19937", [...], pos]` and the normal number that was left, as two further items.
    fileprivate func legacyTuple(_ items: [JSONValue]) throws(Problem) -> GeneratorState? {
        guard items.count == 3 || items.count == 5 else {
            wrong(GeneratorState.field, "\(StateRule.numPyLegacy.meaning), expected; a list of \(items.count) found")
            return nil
        }
        let members = items.enumerated().map { (name: String($0), value: $1) }
        let tuple = part(JSONObject(members: members), named: GeneratorState.field)
        guard let name = tuple.string("0") else { return nil }
        guard name == "MT19937" else {
            tuple.wrong("0", "\"MT19937\" expected, \"\(name.excerpt())\" found")
            return nil
        }
        guard let words = try tuple.wholeNumbers("1", count: MT19937.size, upTo: .max),
            let position = tuple.required("2", upTo: UInt64(MT19937.size))
        else { return nil }
        guard items.count == 5 else { return .numPyLegacy(LegacyState(words, position, normal: nil, isTuple: true)) }
        guard let has = tuple.required("3", upTo: 1), let number = tuple.normal("4") else { return nil }
        return .numPyLegacy(LegacyState(words, position, normal: (has == 1, number), isTuple: true))
    }

    fileprivate func legacyState() throws(Problem) -> GeneratorState? {
        refuseUnknown(besides: ["bit_generator", "state", "has_gauss", "gauss"])
        guard let state = member("state", "an object with `key` and `pos`") else { return nil }
        state.refuseUnknown(besides: ["key", "pos"])
        guard state.isMember("key"), let words = try state.wholeNumbers("key", count: MT19937.size, upTo: .max),
            let position = state.required("pos", upTo: UInt64(MT19937.size))
        else { return nil }
        guard has("has_gauss") || has("gauss") else {
            return .numPyLegacy(LegacyState(words, position, normal: nil, isTuple: false))
        }
        guard let has = required("has_gauss", upTo: 1), isMember("gauss"), let number = normal("gauss") else {
            return nil
        }
        return .numPyLegacy(LegacyState(words, position, normal: (has == 1, number), isTuple: false))
    }

    /// The normal number that is left, which no dropout draws.
    private func normal(_ name: String) -> Double? {
        number(name, in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude, "a number")
    }

    fileprivate func pcg64State() -> GeneratorState? {
        refuseUnknown(besides: ["bit_generator", "state", "has_uint32", "uinteger"])
        guard let inner = member("state", "an object with `state` and `inc`") else { return nil }
        inner.refuseUnknown(besides: ["state", "inc"])
        guard let state = inner.wide("state"), let increment = inner.wide("inc"), let half = halfWord() else {
            return nil
        }
        guard increment & 1 == 1 else {
            inner.wrong("inc", "an odd number expected, as PCG64 has it; an even one found")
            return nil
        }
        return .numPyPCG64(state: state, increment: increment, half)
    }

    fileprivate func philoxState() -> GeneratorState? {
        refuseUnknown(besides: ["bit_generator", "state", "buffer", "buffer_pos", "has_uint32", "uinteger"])
        guard let inner = member("state", "an object with `counter` and `key`") else { return nil }
        inner.refuseUnknown(besides: ["counter", "key"])
        guard let counter = inner.longWords("counter", count: 4), let key = inner.longWords("key", count: 2),
            let buffer = longWords("buffer", count: 4), let position = required("buffer_pos", upTo: 4),
            let half = halfWord()
        else { return nil }
        return .numPyPhilox(
            PhiloxState(counter: counter, key: key, buffer: buffer, position: Int(position), half: half))
    }

    /// `has_uint32` and `uinteger`: half of a word that float32 draws first.
    private func halfWord() -> HalfWord? {
        guard let isLeft = required("has_uint32", upTo: 1),
            let word = required("uinteger", upTo: UInt64(UInt32.max))
        else { return nil }
        return HalfWord(isLeft: isLeft == 1, word: UInt32(truncatingIfNeeded: word))
    }

    /// A whole number of 128 bits.
    private func wide(_ name: String) -> UInt128? {
        guard isMember(name), let value = fields[name] else { return nil }
        guard let integer = value.seedInteger, !integer.isNegative, integer.words.count <= 4 else {
            wrong(name, "a whole number from 0 to 2^128 - 1 expected, \(value.shortText) found")
            return nil
        }
        return integer.words.reversed().reduce(0) { $0 << 32 | UInt128($1) }
    }

    /// A list of `count` whole numbers of 64 bits, each a number or digits in a string.
    private func longWords(_ name: String, count: Int) -> [UInt64]? {
        guard isMember(name), let value = fields[name] else { return nil }
        let meaning = "a list of \(count) whole numbers from 0 to \(UInt64.max)"
        guard let integers = value.seedIntegers, integers.count == count else {
            wrong(name, "\(meaning) expected, \(value.shortText) found")
            return nil
        }
        var words: [UInt64] = []
        for (index, integer) in integers.enumerated() {
            guard let word = integer.unsigned else {
                wrong(name, item: index, "a whole number from 0 to \(UInt64.max) expected")
                return nil
            }
            words.append(word)
        }
        return words
    }

    // MARK: PyTorch

    /// - Throws: only if nobody wants the plan any more.
    fileprivate func torchState(_ encoded: String) throws(Problem) -> GeneratorState? {
        // The length is known before anything is decoded.
        guard Base64.byteCount(encoded) == TorchState.byteCount else {
            wrong(
                GeneratorState.field,
                "the base64 of \(TorchState.byteCount) bytes expected, \(encoded.utf8.count) characters found")
            return nil
        }
        guard let bytes = try bytes(base64: encoded) else {
            wrong(GeneratorState.field, "not base64 (RFC 4648, with padding)")
            return nil
        }
        return torchState(bytes, isList: false)
    }

    fileprivate func torchState(_ bytes: [UInt8], isList: Bool) -> GeneratorState? {
        do {
            return .torch(try TorchState(bytes, isList: isList))
        } catch {
            let place = pointer(to: GeneratorState.field) + (isList ? "/\(error.byte)" : "")
            note(place, "\(error.detail), from byte \(error.byte) on")
            return nil
        }
    }

    // MARK: Lists of words

    /// A list of `count` whole numbers in 0...`maximum`, of any length.
    ///
    /// - Throws: only for a limit of the text.
    fileprivate func wholeNumbers(
        _ name: String, count: Int, upTo maximum: UInt32
    ) throws(Problem) -> [UInt32]? {
        guard let value = fields[name] else { return nil }
        guard case .numbers(var array) = value, array.shape.count == 1, array.problem != nil || !array.isBoolean else {
            if case .array(let items) = value, let index = items.firstIndex(where: { !$0.isNumber }) {
                wrong(
                    name, item: index, "a whole number from 0 to \(maximum) expected, \(items[index].shortText) found")
            } else {
                wrong(name, "a list of \(count) whole numbers expected, \(value.shortText) found")
            }
            return nil
        }
        // A word of 32 bits is no float32.
        array = try reread(array, as: .float64)
        if let problem = array.problem {
            note(pointer(to: name) + problem.path.map { "/\($0)" }.joined(), problem.detail)
            return nil
        }
        guard case .float64(let numbers) = array.storage, numbers.count == count else {
            wrong(name, "a list of \(count) whole numbers expected, one of \(array.shape[0]) found")
            return nil
        }
        countElements(count)
        var words: [UInt32] = []
        words.reserveCapacity(count)
        for (index, number) in numbers.enumerated() {
            guard let word = UInt32(exactly: number), word <= maximum else {
                wrong(name, item: index, "a whole number from 0 to \(maximum) expected, \(number) found")
                return nil
            }
            words.append(word)
        }
        return words
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool { if case .number = self { true } else { false } }
}
