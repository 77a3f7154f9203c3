import TextCodecs

extension JSONScanner {
    /// Passes over a string, from its quotation mark to the closing one, and returns its text.
    ///
    /// RFC 8259 is enforced. Control characters must be escaped. The text must be UTF-8: no overlong form, no surrogate, nothing above
    /// U+10FFFF. An escaped surrogate needs its partner.
    mutating func string() throws(JSONParseError) -> String {
        let opening = position
        position += 1
        let first = position
        while position < text.count {
            skipPlainCharacters()
            guard position < text.count else { break }
            let byte = text[position]
            if byte == UInt8(ascii: "\"") {
                guard let string = String(validating: text[first..<position], as: UTF8.self) else {
                    throw syntaxError("the string is not UTF-8", at: opening)
                }
                position += 1
                return string
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(opening: opening, first: first) }
            guard byte >= 0x20 else { throw syntaxError("an unescaped control character in a string") }
            position += 1
            tick()
        }
        throw syntaxError("the string that starts here does not end", at: opening)
    }

    /// Passes over words of eight bytes without quotation marks, escapes and control characters. The place stays before the end of
    /// the text unless the flag is set.
    @inline(__always)
    private mutating func skipPlainCharacters() {
        guard let base = text.baseAddress else { return }
        var nextQuestion = position + Self.stepBytes
        while position + 8 < text.count {
            let word = Word.load(base + position)
            guard Word.quotes(word) | Word.backslashes(word) | Word.controls(word) == 0 else { return }
            position += 8
            if position >= nextQuestion {
                ask()
                nextQuestion = position + Self.stepBytes
            }
        }
    }

    /// Passes over the rest of a string from its first escape on, and returns the text of the whole string.
    private mutating func escapedString(opening: Int, first: Int) throws(JSONParseError) -> String {
        var bytes = Array(text[first..<position])
        while position < text.count {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw syntaxError("the string is not UTF-8", at: opening)
                }
                position += 1
                return string
            case UInt8(ascii: "\\"):
                position += 1
                bytes.append(contentsOf: try escape())
            case 0..<0x20: throw syntaxError("an unescaped control character in a string")
            default:
                bytes.append(byte)
                position += 1
            }
            tick()
        }
        throw syntaxError("the string that starts here does not end", at: opening)
    }

    /// Passes over an escape whose letter is at the place, and returns its UTF-8.
    private mutating func escape() throws(JSONParseError) -> [UInt8] {
        let letter = current
        let simple: UInt8? =
            switch letter {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if let simple {
            position += 1
            return [simple]
        }
        guard letter == UInt8(ascii: "u") else { throw unexpected("an escape") }
        position += 1
        let start = position
        var code = try fourHexadecimalDigits()
        if (0xD800..<0xDC00).contains(code) {
            guard skip("\\u") else { throw syntaxError("a high surrogate without its partner", at: start) }
            let low = try fourHexadecimalDigits()
            guard (0xDC00..<0xE000).contains(low) else {
                throw syntaxError("a high surrogate without its partner", at: start)
            }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = UnicodeScalar(code) else {
            throw syntaxError("a low surrogate without its partner", at: start)
        }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func fourHexadecimalDigits() throws(JSONParseError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hexadecimal.value(current) else { throw unexpected("a hexadecimal digit") }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
