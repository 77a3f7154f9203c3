import TextCodecs

// Reading, step 1 of 5: the brackets and extents of an array. ``JSONParser`` finds the array. Usual numbers are read by
// ``NumberRun``, and by ``SegmentedArray`` if the array is long; others by ``JSONScanner``.

/// Reads one nested array of numbers (or booleans) into one row-major list, without an allocation for each number.
///
/// The first row of each level fixes the extent of that level. The first place that breaks the rectangle or is not a number becomes
/// the problem. After it only the syntax is checked.
struct NumberArrayReader {
    var parser: JSONParser
    private let baseDepth: Int
    var doubles: [Double] = []
    var floats: [Float] = []
    var count = 0
    /// The extent of each level; -1 while its first row is being read.
    var shape: [Int] = []
    /// The index of the place at each level.
    var index: [Int] = []
    var leafLevel: Int?
    var leaf: Leaf?
    var problem: ArrayProblem?
    /// Whether the problem is a number that is too large for the element type.
    private var isOverflow = false
    /// The rest of the array, read ahead by other threads.
    var ahead: SegmentedArray?
    /// The place from which on the array is long enough to read ahead; nil after that was tried.
    var aheadPlace: Int?

    enum Leaf { case number, boolean }

    init(_ parser: JSONParser, depth: Int) {
        self.parser = parser
        baseDepth = depth
    }

    /// Whether a list without rows has a value of another kind, so that a list of values may be meant.
    var isMixedList: Bool { problem != nil && !isOverflow && shape.count == 1 }

    /// Whether the array at the place begins like numbers: its first leaf is a number, a boolean or a non-finite name, or it has no
    /// leaf.
    static func isNumeric(_ scanner: JSONScanner) -> Bool {
        var scanner = scanner
        var levels = 0
        while scanner.current == UInt8(ascii: "["), levels < 64 {
            levels += 1
            scanner.position += 1
            scanner.skipWhitespace()
        }
        switch scanner.current {
        case UInt8(ascii: "]"), UInt8(ascii: "-"), 0x30...0x39, UInt8(ascii: "t"), UInt8(ascii: "f"): return true
        case UInt8(ascii: "\""): return nonFinite(&scanner) != nil
        default: return false
        }
    }

    mutating func read() throws(JSONParseError) -> NumberArray {
        let start = parser.scanner.position
        // An estimate of one number for each 8 bytes. The array grows if there are more.
        let estimate = min((parser.scanner.text.count - start) / 8, parser.elementsLeft) + 1
        switch parser.elementType {
        case .float64: doubles.reserveCapacity(estimate)
        case .float32, .float16, .bfloat16: floats.reserveCapacity(estimate)
        }
        aheadPlace = start + parser.concurrency.minimumPartBytes / 4
        try row(level: 0)
        let source = start..<parser.scanner.position
        let literals = shape.count == 1 && count <= 64 && problem == nil && leaf == .number ? try literals(source) : []
        return NumberArray(
            elementType: parser.elementType, shape: shape,
            storage: parser.elementType == .float64 ? .float64(Self.fitted(doubles)) : .float32(Self.fitted(floats)),
            isBoolean: leaf == .boolean, problem: problem, source: source, literals: literals)
    }

    /// The elements in an array that reserves little more memory than they need.
    private static func fitted<Element>(_ elements: [Element]) -> [Element] {
        guard elements.capacity > 2 * elements.count + 8 else { return elements }
        return elements.withUnsafeBufferPointer { Array($0) }
    }

    /// Reads one `[...]` of the level, whose bracket is at the place.
    private mutating func row(level: Int) throws(JSONParseError) {
        try parser.checkDepth(baseDepth + level)
        if level == shape.count {
            shape.append(-1)
            index.append(0)
        }
        index[level] = 0
        parser.scanner.position += 1
        parser.scanner.skipWhitespace()
        if parser.scanner.current == UInt8(ascii: "]") {
            parser.scanner.position += 1
        } else {
            repeat {
                if !run(level: level) { try item(level: level) }
                index[level] += 1
            } while try !parser.isLast(closing: UInt8(ascii: "]"))
        }
        let extent = index[level]
        if shape[level] == -1 {
            shape[level] = extent
        } else if shape[level] != extent {
            note(
                Array(index[..<level]),
                "\(extent) value\(extent == 1 ? "" : "s") where the rows before have \(shape[level])")
        }
    }

    @inline(__always)
    private mutating func item(level: Int) throws(JSONParseError) {
        switch parser.scanner.current {
        case UInt8(ascii: "-"), 0x30...0x39:
            if leafLevel != level || leaf != .number { startLeaf(.number, level: level) }
            try number(level: level)
        case UInt8(ascii: "["):
            if problem == nil, leafLevel.map({ level < $0 }) ?? true {
                try row(level: level + 1)
            } else {
                note(Array(index[...level]), "a number expected, a list found")
                try parser.skipValue(depth: baseDepth + level)
            }
        default: try other(level: level)
        }
    }

    /// Fixes level and kind of all leaves by the first one, or notes that this one differs.
    private mutating func startLeaf(_ kind: Leaf, level: Int) {
        if leafLevel == nil, level == shape.count - 1 {
            leafLevel = level
            leaf = kind
        } else if leafLevel != level {
            note(Array(index[...level]), "a list expected, a value found")
        } else {
            note(
                Array(index[...level]),
                leaf == .number ? "a number expected, a boolean found" : "a boolean expected, a number found")
        }
    }

    @inline(__always)
    private mutating func number(level: Int) throws(JSONParseError) {
        let start = parser.scanner.position
        let decimal = try parser.scanner.decimal()
        guard problem == nil else { return }
        switch parser.elementType {
        case .float64:
            let value = decimal.double ?? parser.scanner.double(start..<parser.scanner.position) ?? .nan
            guard value.isFinite else { return noteOverflow(level: level) }
            try countElement(level: level)
            doubles.append(value)
        case .float32:
            let value = decimal.float ?? parser.scanner.float(start..<parser.scanner.position) ?? .nan
            guard value.isFinite else { return noteOverflow(level: level) }
            try countElement(level: level)
            floats.append(value)
        case .float16: try append(half: decimal, start, .float16, level: level)
        case .bfloat16: try append(half: decimal, start, .bfloat16, level: level)
        }
    }

    private mutating func append(
        half decimal: ScannedDecimal, _ start: Int, _ type: HalfType, level: Int
    ) throws(JSONParseError) {
        let value = decimal.half(type) ?? parser.scanner.half(start..<parser.scanner.position, type) ?? .nan
        guard value.isFinite else { return noteOverflow(level: level) }
        try countElement(level: level)
        floats.append(value)
    }

    /// Reads a boolean or the name of a non-finite number, or notes that something else is here.
    private mutating func other(level: Int) throws(JSONParseError) {
        if parser.scanner.skip("true") { return try boolean(1, level: level) }
        if parser.scanner.skip("false") { return try boolean(0, level: level) }
        if let value = Self.nonFinite(&parser.scanner) {
            if leafLevel != level || leaf != .number { startLeaf(.number, level: level) }
            return try append(value, level: level)
        }
        let kind: String
        switch parser.scanner.current {
        case UInt8(ascii: "\""): kind = "a string"
        case UInt8(ascii: "{"): kind = "an object"
        default: kind = "null"
        }
        try parser.skipValue(depth: baseDepth + level)
        note(Array(index[...level]), "a number expected, \(kind) found")
    }

    private mutating func boolean(_ value: Double, level: Int) throws(JSONParseError) {
        if leafLevel != level || leaf != .boolean { startLeaf(.boolean, level: level) }
        try append(value, level: level)
    }

    private mutating func append(_ value: Double, level: Int) throws(JSONParseError) {
        guard problem == nil else { return }
        try countElement(level: level)
        switch parser.elementType {
        case .float64: doubles.append(value)
        case .float32, .float16, .bfloat16: floats.append(Float(value))
        }
    }

    @inline(__always)
    private mutating func countElement(level: Int) throws(JSONParseError) {
        count += 1
        parser.elementsLeft -= 1
        guard parser.elementsLeft >= 0 else {
            throw .limit(
                pointer: parser.pointer + index[...level].map { "/\($0)" }.joined(),
                detail: "more than \(parser.limits.maximumElements) numbers in one request")
        }
    }

    private mutating func note(_ path: [Int], _ detail: String) {
        if problem == nil { problem = ArrayProblem(path: path, detail: detail) }
    }

    private mutating func noteOverflow(level: Int) {
        isOverflow = true
        note(Array(index[...level]), "the number is too large for \(parser.elementType.rawValue)")
    }

    /// Passes over `"NaN"`, `"Infinity"` or `"-Infinity"` and returns its value; nil if none of these is at the place.
    private static func nonFinite(_ scanner: inout JSONScanner) -> Double? {
        if scanner.skip(NonFiniteNumber.nan.quoted) { return .nan }
        if scanner.skip(NonFiniteNumber.infinity.quoted) { return .infinity }
        if scanner.skip(NonFiniteNumber.negativeInfinity.quoted) { return -.infinity }
        return nil
    }

    /// The numbers of a list with their texts.
    private func literals(_ source: Range<Int>) throws(JSONParseError) -> [JSONNumber] {
        var scanner = JSONScanner(
            parser.scanner.text, position: source.lowerBound + 1, stop: parser.scanner.stop)
        var literals: [JSONNumber] = []
        while literals.count < count {
            scanner.skipWhitespace()
            let start = scanner.position
            if Self.nonFinite(&scanner) == nil { _ = try scanner.decimal() }
            literals.append(JSONNumber(scanner, start..<scanner.position))
            scanner.skipWhitespace()
            scanner.position += 1
        }
        return literals
    }
}
