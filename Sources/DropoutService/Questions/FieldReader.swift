import TensorJSON
import TextCodecs

/// Reads the named fields of one JSON object, noting each wrong one with its pointer and going on.
///
/// A method returns nil both for an absent field and for a wrong one; a wrong one has its entry in `problems`.
///
/// A member that is null counts as absent: null is how many clients leave an optional field out.
struct FieldReader {
    /// The members that are not null.
    let object: JSONObject
    let pointer: String
    let problems: ProblemList
    let elements: ElementCount
    /// The names of the members that are null, which may be unknown ones.
    private let nulls: [String]

    init(object: JSONObject, pointer: String, problems: ProblemList, elements: ElementCount) {
        nulls = object.members.filter(\.value.isNull).map(\.name)
        self.object =
            nulls.isEmpty ? object : JSONObject(members: object.members.filter { !$0.value.isNull })
        self.pointer = pointer
        self.problems = problems
        self.elements = elements
    }

    /// A reader of item `index` of the list `name`, under the item's index as its name; a null item is a wrong value.
    init(item: JSONValue, at index: Int, of name: String, in reader: FieldReader) {
        nulls = []
        object = JSONObject(members: [(name: "\(index)", value: item)])
        pointer = reader.pointer(to: name)
        problems = reader.problems
        elements = reader.elements
    }

    /// The place of a member. A long name is cut, since it is not one of ours.
    func pointer(to name: String) -> String { "\(pointer)/\(JSONPointer.escaped(name.excerpt()))" }

    func has(_ name: String) -> Bool { object[name] != nil }

    /// The fields whose whole numbers may come as digits in a string, since a reader with float64 numbers would lose some.
    static let digitFields: Set<String> = ["seed", "op_seed", "offset", "skip", "offset_philox"]

    /// Whether a field says something: it is there and is not its documented default.
    func isGiven(_ name: String) -> Bool {
        guard let value = object[name] else { return false }
        return FieldDefault.documented[name]?.matches(value, takesDigits: Self.digitFields.contains(name)) != true
    }

    func wrong(_ name: String, _ detail: String) { problems.add(pointer(to: name), detail) }

    /// Notes a field that is not there.
    func require(_ name: String) {
        if !has(name) { problems.add(pointer, Meanings.requirement(name)) }
    }

    /// Notes every member that is not in `known`, with the known name that is meant.
    func refuseUnknown(besides known: [String]) {
        for name in object.members.map(\.name) + nulls where !known.contains(name) {
            // The names that are left out need no nearest one.
            if problems.isFull { return }
            wrong(name, "unknown field\(Meanings.hint(field: name, known: known))")
        }
    }

    func string(_ name: String) -> String? {
        guard let value = object[name] else { return nil }
        guard case .string(let string) = value else {
            wrong(name, "a string expected, \(value.shortText) found")
            return nil
        }
        return string
    }

    func bool(_ name: String) -> Bool? {
        guard let value = object[name] else { return nil }
        guard case .bool(let bool) = value else {
            wrong(name, "true or false expected, \(value.shortText) found\(value.boolHint)")
            return nil
        }
        return bool
    }

    /// A finite number within `range`; `meaning` says the range in words.
    func number(_ name: String, in range: ClosedRange<Double>, _ meaning: String) -> Double? {
        guard let value = object[name] else { return nil }
        guard case .number(let number) = value, let double = number.double, range.contains(double) else {
            wrong(name, "\(meaning) expected, \(value.shortText) found\(value.numberHint(in: range))")
            return nil
        }
        return double
    }

    /// A whole number in 0...`maximum`. The fields of ``digitFields`` may have it as decimal digits in a string.
    func natural(_ name: String, upTo maximum: UInt64) -> UInt64? {
        guard let value = object[name] else { return nil }
        let natural: UInt64? =
            switch value {
            case .number(let number): number.unsigned
            case .string(let digits) where Self.digitFields.contains(name): JSONValue.digits(digits)
            default: nil
            }
        guard let natural, natural <= maximum else {
            wrong(name, "a whole number from 0 to \(maximum) expected, \(value.shortText) found\(value.naturalHint)")
            return nil
        }
        return natural
    }

    /// A number of passes, at least 1.
    func passes(_ name: String) -> Int? {
        guard let passes = natural(name, upTo: UInt64(UInt32.max)) else { return nil }
        guard passes > 0 else {
            wrong(name, "a whole number from 1 to \(UInt32.max) expected, 0 found")
            return nil
        }
        return Int(passes)
    }

    /// One of the names of `Choice`.
    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let value = object[name] else { return nil }
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
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
        guard let value = object[name] else { return nil }
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
                problems.add(
                    "\(pointer(to: name))/\(index)", "a whole number from 0 expected, \(literal.text.excerpt(40)) found"
                )
                return nil
            }
            result.append(natural)
        }
        return result
    }

    /// A list of names out of `known`.
    func names(_ name: String, known: [String]) -> Set<String>? {
        guard let value = object[name] else { return nil }
        if case .numbers(let array) = value, array.shape == [0] { return [] }
        guard case .array(let items) = value else {
            wrong(name, "a list of names expected, \(value.shortText) found\(value.listHint)")
            return nil
        }
        var result: Set<String> = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item, known.contains(text) else {
                problems.add(
                    "\(pointer(to: name))/\(index)",
                    "one of \(known.joined(separator: ", ")) expected, \(item.shortText) found")
                continue
            }
            result.insert(text)
        }
        return result
    }

    /// A list of objects, each with a reader of its own; nil where absent or wrong.
    func objects(_ name: String) -> [FieldReader]? {
        guard let value = object[name] else { return nil }
        let items: [JSONValue]
        switch value {
        case .array(let array): items = array
        case .numbers(let array) where array.shape == [0]: items = []
        default:
            wrong(name, "a list of objects expected, \(value.shortText) found\(value.listHint)")
            return nil
        }
        var readers: [FieldReader] = []
        for (index, item) in items.enumerated() {
            let place = "\(pointer(to: name))/\(index)"
            guard case .object(let object) = item else {
                problems.add(place, "an object expected, \(item.shortText) found")
                continue
            }
            readers.append(FieldReader(object: object, pointer: place, problems: problems, elements: elements))
        }
        return readers.count == items.count ? readers : nil
    }
}

extension JSONValue {
    var isNull: Bool { if case .null = self { true } else { false } }

    /// The number that a text of up to 20 decimal digits names; nil for any other text.
    static func digits(_ text: String) -> UInt64? {
        guard text.utf8.count <= 20, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }
}
