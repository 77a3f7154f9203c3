import TensorFiles
import TensorJSON

/// The fields of every kind, by the type of their values. Each is nil if the field is absent or wrong.
extension Question {
    /// What is there, in a few words for a message.
    func shortText(_ name: String) -> String {
        fields[name]?.shortText ?? attachment(name).map { "an array of shape \($0.stored.shape)" } ?? "nothing"
    }

    func string(_ name: String) -> String? {
        guard let value = fields[name] else { return nil }
        guard case .string(let string) = value else {
            wrong(name, "a string expected, \(value.shortText) found")
            return nil
        }
        return string
    }

    func bool(_ name: String) -> Bool? {
        guard let value = fields[name] else { return nil }
        guard case .bool(let bool) = value else {
            wrong(name, "true or false expected, \(value.shortText) found\(value.boolHint)")
            return nil
        }
        return bool
    }

    /// A finite number within `range`. `meaning` is the range in words.
    func number(_ name: String, in range: ClosedRange<Double>, _ meaning: String) -> Double? {
        guard let value = fields[name] else { return nil }
        guard case .number(let number) = value, let double = number.double, range.contains(double) else {
            wrong(name, "\(meaning) expected, \(value.shortText) found\(value.numberHint(in: range))")
            return nil
        }
        return double
    }

    /// A whole number in `minimum`...`maximum`. The fields of ``digitFields`` may have it as decimal digits in a string.
    func natural(_ name: String, from minimum: UInt64 = 0, upTo maximum: UInt64) -> UInt64? {
        guard let value = fields[name] else { return nil }
        let natural: UInt64? =
            switch value {
            case .number(let number): number.unsigned
            case .string(let digits) where Self.digitFields.contains(name): JSONValue.digits(digits)
            default: nil
            }
        guard let natural, minimum <= natural, natural <= maximum else {
            let found = "\(value.shortText) found\(value.naturalHint)"
            wrong(name, "a whole number from \(minimum) to \(maximum) expected, \(found)")
            return nil
        }
        return natural
    }

    /// A number of passes, at least 1.
    func passes(_ name: String) -> Int? {
        natural(name, from: 1, upTo: UInt64(UInt32.max)).map { Int($0) }
    }

    /// One of the names of `Choice`.
    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let value = fields[name] else { return nil }
        guard case .string(let text) = value, let choice = Choice.allCases.first(where: { $0.rawValue == text }) else {
            let names = Choice.allCases.map(\.rawValue)
            var (found, hint) = (value.shortText, "")
            switch value {
            case .string(let text):
                found = "\"\(text.excerpt())\""
                hint = Meanings.hint(value: text, of: name, known: names)
            case .bool: hint = Meanings.hint(value: found, of: name, known: [])
            default: break
            }
            wrong(name, "one of \(names.joined(separator: ", ")) expected, \(found) found\(hint)")
            return nil
        }
        return choice
    }

    /// A list of whole numbers from 0, such as a shape.
    func naturals(_ name: String) -> [Int]? {
        guard let value = fields[name] else { return nil }
        guard case .numbers(let array) = value, array.problem == nil, array.shape.count == 1, !array.isBoolean else {
            wrong(name, "a list of whole numbers expected, \(value.shortText) found\(value.dimensionsHint)")
            return nil
        }
        guard array.literals.count == array.shape[0] else {
            wrong(name, "a list of at most 64 whole numbers expected, one of \(array.shape[0]) found")
            return nil
        }
        var result: [Int] = []
        for (index, literal) in array.literals.enumerated() {
            guard let signed = literal.signed, signed >= 0, let natural = Int(exactly: signed) else {
                wrong(
                    name, item: index, "a whole number from 0 expected, \(literal.text.excerpt(40)) found"
                )
                return nil
            }
            result.append(natural)
        }
        return result
    }

    /// A list of names out of `known`.
    func names(_ name: String, known: [String]) -> Set<String>? {
        guard let value = fields[name] else { return nil }
        if case .numbers(let array) = value, array.shape == [0] { return [] }
        guard case .array(let items) = value else {
            wrong(name, "a list of names expected, \(value.shortText) found\(value.listHint)")
            return nil
        }
        var result: Set<String> = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item, known.contains(text) else {
                wrong(name, item: index, "one of \(known.joined(separator: ", ")) expected, \(item.shortText) found")
                continue
            }
            result.insert(text)
        }
        return result
    }

    /// A list of objects, each as a part of the question.
    func objects(_ name: String) -> [Question]? {
        guard let value = fields[name] else { return nil }
        let items: [JSONValue]
        switch value {
        case .array(let array): items = array
        case .numbers(let array) where array.shape == [0]: items = []
        default:
            wrong(name, "a list of objects expected, \(value.shortText) found\(value.listHint)")
            return nil
        }
        var parts: [Question] = []
        for (index, item) in items.enumerated() {
            let place = "\(pointer(to: name))/\(index)"
            guard case .object(let object) = item else {
                note(place, "an object expected, \(item.shortText) found")
                continue
            }
            parts.append(part(object, at: place))
        }
        return parts.count == items.count ? parts : nil
    }
}
