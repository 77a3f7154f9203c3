import DropoutEngine
import TensorJSON

/// The states of NumPy's generators.
extension Question {
    /// `["MT19937", [...], pos]` and the normal number that was left, as two further items.
    func legacyTuple(_ items: [JSONValue]) throws(Problem) -> GeneratorState? {
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

    func legacyState() throws(Problem) -> GeneratorState? {
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

    func pcg64State() -> GeneratorState? {
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

    func philoxState() -> GeneratorState? {
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
}
