import Stopping
import TextCodecs

/// Reads values, objects and lists by recursive descent. ``NumberArrayReader`` reads the arrays of numbers.
struct JSONParser {
    var scanner: JSONScanner
    let elementType: ElementType
    let limits: JSONLimits
    let concurrency: Concurrency
    var elementsLeft: Int
    private var valuesLeft: Int
    /// The names and indices that lead to the place. They become the pointer of a limit.
    private var path: [String] = []

    init(
        _ text: UnsafeBufferPointer<UInt8>, elementType: ElementType, limits: JSONLimits, concurrency: Concurrency,
        position: Int = 0, stop: StopFlag
    ) {
        scanner = JSONScanner(text, position: position, stop: stop)
        self.elementType = elementType
        self.limits = limits
        self.concurrency = concurrency
        elementsLeft = limits.maximumElements
        valuesLeft = limits.maximumValues
    }

    mutating func document() throws(JSONParseError) -> JSONValue {
        scanner.skipWhitespace()
        let value = try value(depth: 0)
        scanner.skipWhitespace()
        guard scanner.position == scanner.text.count else { throw scanner.unexpected("the end of the text") }
        return value
    }

    /// Reads the value at the place. There is no white space before it.
    mutating func value(depth: Int) throws(JSONParseError) -> JSONValue {
        try countValue()
        switch scanner.current {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try scanner.string())
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        case UInt8(ascii: "t") where scanner.skip("true"): return .bool(true)
        case UInt8(ascii: "f") where scanner.skip("false"): return .bool(false)
        case UInt8(ascii: "n") where scanner.skip("null"): return .null
        default: throw scanner.unexpected("a value")
        }
    }

    private mutating func countValue() throws(JSONParseError) {
        valuesLeft -= 1
        guard valuesLeft >= 0 else {
            throw .limit(pointer: pointer, detail: "more than \(limits.maximumValues) values besides number arrays")
        }
    }

    mutating func number() throws(JSONParseError) -> JSONNumber {
        let start = scanner.position
        _ = try scanner.decimal()
        return JSONNumber(scanner, start..<scanner.position)
    }

    func checkDepth(_ depth: Int) throws(JSONParseError) {
        guard depth <= limits.maximumDepth else {
            throw scanner.syntaxError("nested deeper than \(limits.maximumDepth) levels")
        }
    }

    var pointer: String { path.map { "/\(JSONPointer.escaped($0))" }.joined() }

    /// Reads an object. If `isSkipped`, only its syntax is checked and the result has no members.
    private mutating func object(depth: Int, isSkipped: Bool = false) throws(JSONParseError) -> JSONValue {
        try checkDepth(depth)
        scanner.position += 1
        var members: [(name: String, value: JSONValue)] = []
        // Names are compared as bytes: two spellings of a character make equal strings, but different names.
        var names: Set<[UInt8]> = []
        scanner.skipWhitespace()
        if scanner.current == UInt8(ascii: "}") {
            scanner.position += 1
            return .object(JSONObject(members: []))
        }
        while true {
            guard scanner.current == UInt8(ascii: "\"") else { throw scanner.unexpected("a name in quotation marks") }
            let start = scanner.position
            let name = try scanner.string()
            guard names.insert(Array(name.utf8)).inserted else {
                throw scanner.syntaxError("the name \"\(name.prefix(64))\" stands twice in one object", at: start)
            }
            scanner.skipWhitespace()
            guard scanner.current == UInt8(ascii: ":") else { throw scanner.unexpected("':'") }
            scanner.position += 1
            scanner.skipWhitespace()
            path.append(name)
            if isSkipped {
                // Only the names are kept, until the object ends.
                try countValue()
                try skipValue(depth: depth)
            } else {
                members.append((name, try value(depth: depth)))
            }
            path.removeLast()
            if try isLast(closing: UInt8(ascii: "}")) { return .object(JSONObject(members: members)) }
        }
    }

    /// Passes over the comma or the closing bracket after a member or an item. Returns true for the bracket.
    mutating func isLast(closing: UInt8) throws(JSONParseError) -> Bool {
        scanner.tick()
        scanner.skipWhitespace()
        let byte = scanner.current
        guard byte == UInt8(ascii: ",") || byte == closing else {
            throw scanner.unexpected("',' or '\(Character(UnicodeScalar(closing)))'")
        }
        scanner.position += 1
        if byte == closing { return true }
        scanner.skipWhitespace()
        return false
    }

    private mutating func array(depth: Int) throws(JSONParseError) -> JSONValue {
        try checkDepth(depth)
        let start = scanner.position
        guard NumberArrayReader.isNumeric(scanner) else { return .array(try items(depth: depth)) }
        var reader = NumberArrayReader(self, depth: depth)
        let array = try reader.read()
        // A short mixed list is not a wrong tensor but a list of values, such as seeds.
        if reader.isMixedList, array.source.count <= 4096 {
            scanner.position = start
            return .array(try items(depth: depth))
        }
        scanner.position = array.source.upperBound
        elementsLeft = reader.parser.elementsLeft
        return .numbers(array)
    }

    /// Reads a list of values.
    private mutating func items(depth: Int) throws(JSONParseError) -> [JSONValue] {
        scanner.position += 1
        scanner.skipWhitespace()
        var items: [JSONValue] = []
        while true {
            path.append(String(items.count))
            items.append(try value(depth: depth))
            path.removeLast()
            if try isLast(closing: UInt8(ascii: "]")) { return items }
        }
    }

    /// Passes over a value and checks only its syntax.
    mutating func skipValue(depth: Int) throws(JSONParseError) {
        switch scanner.current {
        case UInt8(ascii: "["):
            try checkDepth(depth + 1)
            scanner.position += 1
            scanner.skipWhitespace()
            if scanner.current == UInt8(ascii: "]") {
                scanner.position += 1
                return
            }
            repeat { try skipValue(depth: depth + 1) } while try !isLast(closing: UInt8(ascii: "]"))
        case UInt8(ascii: "{"): _ = try object(depth: depth + 1, isSkipped: true)
        case UInt8(ascii: "-"), 0x30...0x39: _ = try scanner.decimal()
        case UInt8(ascii: "\""): _ = try scanner.string()
        default:
            guard scanner.skip("true") || scanner.skip("false") || scanner.skip("null") else {
                throw scanner.unexpected("a value")
            }
        }
    }
}
