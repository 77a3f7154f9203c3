import DropoutEngine
import TensorJSON

/// The members of a state, whichever library it is of.
extension Question {
    /// The member that has to be an object.
    func member(_ name: String, _ meaning: String) -> Question? {
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
    func stateObject(_ bitGenerator: String, _ rule: StateRule) -> Question? {
        guard let state = member(GeneratorState.field, rule.meaning) else { return nil }
        guard state.isMember("bit_generator") else { return nil }
        guard let name = state.string("bit_generator") else { return nil }
        guard name == bitGenerator else {
            state.wrong("bit_generator", "\"\(bitGenerator)\" expected, \"\(name.excerpt())\" found")
            return nil
        }
        return state
    }

    /// Whether a member is there. A missing one is noted.
    func isMember(_ name: String) -> Bool {
        if !has(name) { wrong("`\(name)` is missing") }
        return has(name)
    }

    /// A member that is a whole number in 0...`maximum`.
    func required(_ name: String, upTo maximum: UInt64) -> UInt64? {
        isMember(name) ? natural(name, upTo: maximum) : nil
    }

    /// A list of `count` whole numbers in 0...`maximum`, of any length.
    ///
    /// - Throws: only for a limit of the text.
    func wholeNumbers(
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
