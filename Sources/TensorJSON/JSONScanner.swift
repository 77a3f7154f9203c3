/// The bytes of a text and a place in them; reads tokens of RFC 8259 and nothing else.
struct JSONScanner {
    let text: UnsafeBufferPointer<UInt8>
    var position: Int

    init(_ text: UnsafeBufferPointer<UInt8>, position: Int = 0) {
        self.text = text
        self.position = position
    }

    /// The byte at the place, 0 at the end (a 0 in the text is no token either).
    @inline(__always)
    var current: UInt8 { position < text.count ? text[position] : 0 }

    @inline(__always)
    mutating func skipWhitespace() {
        while position < text.count {
            let byte = text[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// What is wrong at the place (or at `offset`), with line and column.
    func syntaxError(_ detail: String, at offset: Int? = nil) -> JSONParseError {
        let offset = min(offset ?? position, text.count)
        var line = 1
        var lineStart = 0
        for i in 0..<offset where text[i] == 0x0A {
            line += 1
            lineStart = i + 1
        }
        return .syntax(
            JSONSyntaxError(detail: detail, byteOffset: offset, line: line, column: offset - lineStart + 1))
    }

    /// "a value expected, x found" for the byte at the place.
    func unexpected(_ expected: String) -> JSONParseError {
        guard position < text.count else { return syntaxError("\(expected) expected, the text ends") }
        let byte = text[position]
        let found = (0x21...0x7E).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
        return syntaxError("\(expected) expected, \(found) found")
    }

    /// Passes over `literal` if it stands here.
    mutating func skip(_ literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard text.count - position >= count else { return false }
        for i in 0..<count where text[position + i] != literal.utf8Start[i] { return false }
        position += count
        return true
    }

    /// Passes over a number and gives its decimal; the grammar is RFC 8259's.
    @inline(__always)
    mutating func decimal() throws(JSONParseError) -> Decimal {
        let start = position
        var decimal = Decimal(significand: 0, exponent: 0, isNegative: false, isTruncated: false)
        if current == UInt8(ascii: "-") {
            decimal.isNegative = true
            position += 1
        }
        let firstDigit = position
        var significand: UInt64 = 0
        while position < text.count {
            let digit = text[position] &- 0x30
            guard digit < 10 else { break }
            significand = significand &* 10 &+ UInt64(digit)
            position += 1
        }
        var digits = position - firstDigit
        guard digits > 0 else { throw unexpected(decimal.isNegative ? "a digit" : "a value") }
        if digits > 1, text[firstDigit] == 0x30 {
            throw syntaxError("a number starts with 0 and goes on", at: firstDigit)
        }
        if current == UInt8(ascii: ".") {
            position += 1
            let firstDecimal = position
            while position < text.count {
                let digit = text[position] &- 0x30
                guard digit < 10 else { break }
                significand = significand &* 10 &+ UInt64(digit)
                position += 1
            }
            guard position > firstDecimal else { throw unexpected("a digit after the point") }
            decimal.exponent = firstDecimal - position
            digits += position - firstDecimal
        }
        if current | 0x20 == UInt8(ascii: "e") {
            decimal.exponent += try exponent()
        }
        decimal.significand = significand
        // 19 digits fit 64 bits; leading zeros don't count.
        if digits > 19 { decimal.isTruncated = significantDigits(from: firstDigit, to: position) > 19 }
        _ = start
        return decimal
    }

    private mutating func exponent() throws(JSONParseError) -> Int {
        position += 1
        let isNegative = current == UInt8(ascii: "-")
        if isNegative || current == UInt8(ascii: "+") { position += 1 }
        let firstDigit = position
        var exponent = 0
        while position < text.count, text[position] &- 0x30 < 10 {
            // No text is long enough for its digits to outweigh a larger exponent.
            if exponent < 1 << 48 { exponent = exponent * 10 + Int(text[position] &- 0x30) }
            position += 1
        }
        guard position > firstDigit else { throw unexpected("a digit of the exponent") }
        return isNegative ? -exponent : exponent
    }

    /// The digits before the exponent that follow the leading zeros.
    private func significantDigits(from start: Int, to end: Int) -> Int {
        var count = 0
        for i in start..<end {
            let byte = text[i]
            if byte | 0x20 == UInt8(ascii: "e") { break }
            if byte == UInt8(ascii: ".") || (byte == 0x30 && count == 0) { continue }
            count += 1
        }
        return count
    }

    /// The text of a token.
    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
