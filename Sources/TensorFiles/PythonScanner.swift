import TextCodecs

/// Reads the Python literals that a `.npy` header has: strings, True and False, tuples of whole numbers.
struct PythonScanner {
    /// NumPy 2 has no arrays of more axes.
    private static let maximumRank = 64
    /// Longer names are no types.
    private static let maximumStringBytes = 64

    private let text: UnsafeRawBufferPointer
    private var position = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    private var current: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    /// Passes over white space and then over `token`, if it is there.
    mutating func skip(_ token: StaticString) -> Bool {
        skipSpace()
        let count = token.utf8CodeUnitCount
        guard text.count - position >= count else { return false }
        for index in 0..<count where text[position + index] != token.utf8Start[index] { return false }
        position += count
        return true
    }

    mutating func expect(_ token: StaticString) throws(TensorFileError) {
        guard skip(token) else { throw unexpected("'\(token)'") }
    }

    mutating func expectEnd() throws(TensorFileError) {
        skipSpace()
        guard position == text.count else { throw unexpected("the end of the header") }
    }

    /// A string in single or double quotation marks, without escapes.
    mutating func string() throws(TensorFileError) -> String {
        skipSpace()
        guard let mark = current, mark == UInt8(ascii: "'") || mark == UInt8(ascii: "\"") else {
            throw unexpected("a string")
        }
        let start = position + 1
        var end = start
        while end < text.count, text[end] != mark {
            guard (0x20...0x7E).contains(text[end]), text[end] != UInt8(ascii: "\\"),
                end - start < Self.maximumStringBytes
            else {
                position = end
                throw unexpected("a short string without escapes")
            }
            end += 1
        }
        guard end < text.count else {
            position = end
            throw unexpected("the end of a string")
        }
        position = end + 1
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    /// The name of a type. The list of a structured type is refused.
    mutating func descriptor() throws(TensorFileError) -> String {
        if skip("[") { throw .unsupportedType("with fields (a structured array)") }
        return try string()
    }

    mutating func bool() throws(TensorFileError) -> Bool {
        if skip("True") { return true }
        if skip("False") { return false }
        throw unexpected("True or False")
    }

    /// `()`, `(3,)`, `(3, 4)` or `(3, 4,)`. Python 2 wrote an L after large numbers.
    mutating func tuple() throws(TensorFileError) -> [Int] {
        try expect("(")
        var numbers: [Int] = []
        var endsInComma = true
        while !skip(")") {
            guard endsInComma else { throw unexpected("',' or ')'") }
            guard numbers.count < Self.maximumRank else {
                throw .header("the shape has more than \(Self.maximumRank) axes")
            }
            numbers.append(try natural())
            endsInComma = skip(",")
        }
        guard endsInComma || numbers.count > 1 else {
            throw .header("a shape of one axis is written (\(numbers[0]),)")
        }
        return numbers
    }

    private mutating func natural() throws(TensorFileError) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while let byte = current, (0x30...0x39).contains(byte) {
            guard let next = value.checkedProduct(10)?.checkedSum(Int(byte - 0x30)) else {
                throw .shapeOverflow(tensor: nil)
            }
            value = next
            position += 1
        }
        // Python has no numbers with leading zeros.
        guard position > start, position == start + 1 || text[start] != 0x30 else { throw unexpected("a whole number") }
        if current == UInt8(ascii: "L") { position += 1 }
        return value
    }

    private func unexpected(_ expected: String) -> TensorFileError {
        .header("\(expected) expected at byte \(position) of the header")
    }
}
