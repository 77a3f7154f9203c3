package import Stopping

// Reading, step 4 of 5, for numbers: ``NumberArrayReader`` and ``ArraySegment`` ask it for the numbers that no run takes in. The
// result is a ``ScannedDecimal``. ``JSONParser`` asks it for all other tokens.

/// The bytes of a text and a place in them. Reads the tokens of RFC 8259.
///
/// Loops ask the stop flag at least every ``stepBytes``. If it is set, the scanner goes to the end of its text, where every loop
/// ends. ``JSONDocument`` asks the flag last and discards what a parser made of such a text.
package struct JSONScanner {
    let text: UnsafeBufferPointer<UInt8>
    var position: Int
    let stop: StopFlag
    private var ticks: UInt8 = 0

    /// The bytes that a loop passes between two questions to the flag. They take about 50 microseconds.
    static let stepBytes = 1 << 16

    package init(_ text: UnsafeBufferPointer<UInt8>, position: Int = 0, stop: StopFlag = .never) {
        self.text = text
        self.position = position
        self.stop = stop
    }

    /// Asks the flag; if it is set, goes to the end of the text.
    @inline(never)
    mutating func ask() {
        if !stop.goesOn { position = text.count }
    }

    /// Asks the flag at every 32nd call, for loops over values.
    @inline(__always)
    mutating func tick() {
        ticks &+= 1
        if ticks & 31 == 0 { ask() }
    }

    /// The byte at the place; 0 at the end. No token has a byte 0.
    @inline(__always)
    var current: UInt8 { position < text.count ? text[position] : 0 }

    @inline(__always)
    mutating func skipWhitespace() {
        let end = min(text.count, position + Self.stepBytes)
        while position < end {
            let byte = text[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
        if position < text.count { skipMoreWhitespace() }
    }

    @inline(never)
    private mutating func skipMoreWhitespace() {
        ask()
        skipStep(while: { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
    }

    /// Passes over all bytes that fulfil `condition`.
    @inline(__always)
    private mutating func skipStep(while condition: (UInt8) -> Bool) {
        while position < text.count {
            let end = min(text.count, position + Self.stepBytes)
            while position < end {
                guard condition(text[position]) else { return }
                position += 1
            }
            ask()
        }
    }

    /// The error `detail` at `offset` or at the place, with line and column.
    func syntaxError(_ detail: String, at offset: Int? = nil) -> JSONParseError {
        let offset = min(offset ?? position, text.count)
        var line = 1
        var lineStart = 0
        for step in stride(from: 0, to: offset, by: Self.stepBytes) {
            // After a stop the error is discarded.
            guard stop.goesOn else { break }
            for i in step..<min(step + Self.stepBytes, offset) where text[i] == 0x0A {
                line += 1
                lineStart = i + 1
            }
        }
        return .syntax(
            JSONSyntaxError(detail: detail, byteOffset: offset, line: line, column: offset - lineStart + 1))
    }

    /// The error "`expected` expected, x found", where x is the byte at the place.
    func unexpected(_ expected: String) -> JSONParseError {
        guard position < text.count else { return syntaxError("\(expected) expected, the text ends") }
        let byte = text[position]
        let found = (0x21...0x7E).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
        return syntaxError("\(expected) expected, \(found) found")
    }

    /// Passes over `literal` and returns true if it is at the place.
    mutating func skip(_ literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard text.count - position >= count else { return false }
        for i in 0..<count where text[position + i] != literal.utf8Start[i] { return false }
        position += count
        return true
    }

    /// Passes over a number by the grammar of RFC 8259 and returns its decimal.
    @inline(__always)
    package mutating func decimal() throws(JSONParseError) -> ScannedDecimal {
        var decimal = ScannedDecimal(significand: 0, exponent: 0, isNegative: false, isTruncated: false)
        if current == UInt8(ascii: "-") {
            decimal.isNegative = true
            position += 1
        }
        let firstDigit = position
        var significand: UInt64 = 0
        skipDigits(&significand)
        var digits = position - firstDigit
        guard digits > 0 else { throw unexpected(decimal.isNegative ? "a digit" : "a value") }
        if digits > 1, text[firstDigit] == 0x30 {
            throw syntaxError("a number starts with 0 and goes on", at: firstDigit)
        }
        if current == UInt8(ascii: ".") {
            position += 1
            let firstDecimal = position
            skipDigits(&significand)
            guard position > firstDecimal else { throw unexpected("a digit after the point") }
            decimal.exponent = firstDecimal - position
            digits += position - firstDecimal
        }
        if current | 0x20 == UInt8(ascii: "e") {
            decimal.exponent += try exponent()
        }
        decimal.significand = significand
        // 19 digits fit in 64 bits. Leading zeros are not significant.
        if digits > 19 { decimal.isTruncated = significantDigits(from: firstDigit, to: position) > 19 }
        return decimal
    }

    /// Passes over digits and appends them to `significand`, modulo 2^64.
    @inline(__always)
    private mutating func skipDigits(_ significand: inout UInt64) {
        var number = significand
        skipStep { byte in
            let digit = byte &- 0x30
            guard digit < 10 else { return false }
            number = number &* 10 &+ UInt64(digit)
            return true
        }
        significand = number
    }

    private mutating func exponent() throws(JSONParseError) -> Int {
        position += 1
        let isNegative = current == UInt8(ascii: "-")
        if isNegative || current == UInt8(ascii: "+") { position += 1 }
        let firstDigit = position
        var exponent = 0
        skipStep { byte in
            guard byte &- 0x30 < 10 else { return false }
            // No text has so many digits that they outweigh a larger exponent.
            if exponent < 1 << 48 { exponent = exponent * 10 + Int(byte &- 0x30) }
            return true
        }
        guard position > firstDigit else { throw unexpected("a digit of the exponent") }
        return isNegative ? -exponent : exponent
    }

    /// The number of digits before the exponent without the leading zeros; 20 for more.
    private func significantDigits(from start: Int, to end: Int) -> Int {
        var count = 0
        for step in stride(from: start, to: end, by: Self.stepBytes) {
            guard stop.goesOn else { break }
            for i in step..<min(step + Self.stepBytes, end) {
                let byte = text[i]
                if byte | 0x20 == UInt8(ascii: "e") { return count }
                if byte == UInt8(ascii: ".") || (byte == 0x30 && count == 0) { continue }
                count += 1
                // The caller only asks whether there are more than 19.
                if count > 19 { return count }
            }
        }
        return count
    }

    /// The text of a token.
    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
