import DropoutEngine
import TensorJSON

extension JSONValue {
    /// What was found, for a message: the value itself if it is short, else its kind and what is in it.
    ///
    /// A list shows its items, so that no message says that a list was expected and a list found.
    var shortText: String {
        switch self {
        case .null: "null"
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number.text.excerpt(40)
        case .string(let string): "\"\(string.excerpt(40))\""
        case .object(let object): object.members.first.map { "an object with \"\($0.name.excerpt(40))\"" } ?? "{}"
        case .array(let items): Self.listText(items, of: "values")
        case .numbers(let array): Self.text(array)
        }
    }

    private static func text(_ array: NumberArray) -> String {
        if let problem = array.problem {
            return "an array whose item \(problem.path.map { "/\($0)" }.joined()) does not fit the others"
        }
        if array.shape == [0] { return "an empty list" }
        guard array.shape.count == 1 else { return "an array of shape \(DropoutError.text(array.shape))" }
        if array.isBoolean { return "a list of \(array.shape[0]) booleans" }
        guard array.literals.count == array.shape[0] else { return "a list of \(array.shape[0]) numbers" }
        return listText(array.literals.map { .number($0) }, of: "numbers")
    }

    /// The items of a short list. For a long one, the number of items and the first that is no whole number from 0.
    private static func listText(_ items: [JSONValue], of kind: String) -> String {
        if items.count <= 8 {
            let text = "[\(items.map(\.itemText).joined(separator: ", "))]"
            if text.utf8.count <= 80 { return text }
        }
        let odd = items.firstIndex { item in
            if case .number(let number) = item { number.unsigned == nil } else { true }
        }
        guard let odd else { return "a list of \(items.count) \(kind)" }
        return "a list of \(items.count) \(kind) with \(items[odd].itemText) at index \(odd)"
    }

    private var itemText: String {
        switch self {
        case .array, .numbers: "[…]"
        case .object: "{…}"
        default: shortText
        }
    }

    /// What to write instead of a text that means a number: "; write 0.2", or nothing.
    func numberHint(in range: ClosedRange<Double>) -> String {
        switch self {
        case .number(let number):
            // From 5 on it may be a percentage. 2 is rather a slip.
            guard range == 0...1, let percent = number.double, (5...100).contains(percent) else { return "" }
            return "; if \(number.text.excerpt(40)) percent is meant, write \(percent / 100)"
        case .string(let text):
            guard text.utf8.count <= 40 else { return "" }
            let isPercent = text.hasSuffix("%")
            let spelled = text.filter { $0 != " " && $0 != "%" }.replacing(",", with: ".")
            guard let number = Double(spelled), number.isFinite else { return "" }
            let value = isPercent ? number / 100 : number
            guard range.contains(value) else { return "" }
            // A query has no quotation marks, but there this text would have been a number.
            if !isPercent, text.first != ".", text.first != "+", spelled == text, text.last != "." {
                return "; write \(text) without quotation marks"
            }
            return "; write \(value)"
        default: return ""
        }
    }

    /// What to write instead of a text that is a whole number in quotation marks.
    var naturalHint: String {
        guard case .string(let text) = self, Self.digits(text) != nil else { return "" }
        return "; write \(text) without quotation marks"
    }

    /// What to write instead of a text that means true or false.
    var boolHint: String {
        switch self {
        case .string("true"), .string("false"): "; write \(shortText.filter { $0 != "\"" }) without quotation marks"
        case .string(let text) where ["true", "yes", "on"].contains(text.excerpt(8).lowercased()): "; write true"
        case .string(let text) where ["false", "no", "off"].contains(text.excerpt(8).lowercased()): "; write false"
        case .number(let number) where number.unsigned == 1: "; write true"
        case .number(let number) where number.unsigned == 0: "; write false"
        default: ""
        }
    }

    /// What to write instead of a text or a number that means the list of a shape: "; write [4,2]".
    var dimensionsHint: String {
        let texts: [String]
        switch self {
        case .number(let number) where number.unsigned != nil: texts = [number.text.excerpt(40)]
        case .string(let text): texts = [text]
        case .array(let items):
            texts = items.compactMap { item in
                switch item {
                case .string(let text): text
                case .number(let number) where number.unsigned != nil: number.text.excerpt(40)
                default: nil
                }
            }
            guard texts.count == items.count else { return "" }
        default: return ""
        }
        let joined = texts.prefix(9).joined(separator: " ")
        let isShape =
            joined.utf8.count <= 80 && joined.allSatisfy { $0.isASCII && $0.isNumber || "x×X*,; ()[]".contains($0) }
        let numbers = joined.split { !$0.isNumber }
        guard isShape, (1...8).contains(numbers.count) else { return "" }
        return "; write [\(numbers.joined(separator: ","))]"
    }

    /// What to write instead of the only item of a list.
    var listHint: String {
        switch self {
        case .object: "; put it into a list: [{...}]"
        case .string: "; put it into a list: [\(shortText)]"
        default: ""
        }
    }

    /// What to write instead of a text that is no tensor and, in a list, no number.
    func tensorHint(isItem: Bool = false) -> String {
        if case .array(let items) = self, !items.isEmpty, items.allSatisfy({ !$0.tensorHint(isItem: true).isEmpty }) {
            return "; write the numbers without quotation marks"
        }
        guard case .string(let text) = self else { return "" }
        switch text.excerpt(16).lowercased() {
        case "nan": return "; write \"NaN\""
        case "inf", "+inf", "infinity", "+infinity": return "; write \"Infinity\""
        case "-inf", "-infinity": return "; write \"-Infinity\""
        default:
            let hint = numberHint(in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
            return hint.isEmpty && !isItem ? "; write a list of numbers, such as [1, 2, 3]" : hint
        }
    }
}
