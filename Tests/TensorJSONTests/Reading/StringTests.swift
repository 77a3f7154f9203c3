import TensorJSON
import Testing

/// Strings of RFC 8259, section 7, in UTF-8 of RFC 3629.
@Suite struct StringTests {
    /// The string between quotation marks.
    private func read(_ content: [UInt8]) throws -> String? {
        guard case .string(let string) = try parse([0x22] + content + [0x22]) else { return nil }
        return string
    }

    @Test(
        "An escape stands for its character",
        arguments: [
            (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b"#, "\u{8}"), (#"\f"#, "\u{C}"), (#"\n"#, "\n"),
            (#"\r"#, "\r"), (#"\t"#, "\t"), (#"\u0000"#, "\0"), (#"\u001f"#, "\u{1F}"), (#"\u0041"#, "A"),
            (#"\u00e9"#, "é"), (#"\u00E9"#, "é"), (#"\u20AC"#, "€"), (#"\uabcd"#, "\u{ABCD}"), (#"\uABCD"#, "\u{ABCD}"),
            (#"\uaBcD"#, "\u{ABCD}"), (#"\uFFFF"#, "\u{FFFF}"), (#"\uFFFE"#, "\u{FFFE}"), (#"\uD7FF"#, "\u{D7FF}"),
            (#"\uE000"#, "\u{E000}"), (#"\u0022\u005C"#, "\"\\"), (#"\\u0041"#, "\\u0041"), (#"\\\\"#, "\\\\"),
            (#"a\tb\u0063d"#, "a\tbcd"), (#"\u00411"#, "A1"),
        ])
    func escapes(content: String, expected: String) throws {
        #expect(try read(Array(content.utf8)).map { Array($0.utf8) } == Array(expected.utf8))
    }

    @Test("Each \\u escape outside the surrogates stands for the character with that number, in either case")
    func everyCodeUnit() throws {
        for uppercase in [false, true] {
            let codes = (UInt32(0)...0xFFFF).filter { UnicodeScalar($0) != nil }
            let escaped = codes.map { code in
                let digits = String(code, radix: 16, uppercase: uppercase)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            let scalars = try #require(try read(Array(escaped.joined().utf8))).unicodeScalars.map(\.value)
            #expect(scalars == codes)
        }
    }

    @Test(
        "Two escaped surrogates stand for one character",
        arguments: [
            (#"\uD800\uDC00"#, 0x10000), (#"\ud83d\ude00"#, 0x1F600), (#"\uD834\udd1e"#, 0x1D11E),
            (#"\uDBFF\uDFFF"#, 0x10FFFF), (#"\uDBFF\uDFFE"#, 0x10FFFE), (#"\ud83f\udffe"#, 0x1FFFE),
            (#"\uD801\udc37"#, 0x10437), (#"\uDADA\uDADA"#, nil),
            (#"\uD800\uDBFF"#, nil), (#"\uD800\uE000"#, nil), (#"\uDBFF\uE000"#, nil), (#"\uDC00\uDC00"#, nil),
            (#"\uD834\uD834\uDD1E"#, nil),
        ] as [(String, UInt32?)])
    func surrogatePairs(content: String, expected: UInt32?) {
        #expect((try? read(Array(content.utf8)))?.unicodeScalars.map(\.value) == expected.map { [$0] })
    }

    @Test(
        "A surrogate without its partner is refused at its digits",
        arguments: [
            #"\uD800"#, #"\uDBFF"#, #"\uDC00"#, #"\uDFFF"#, #"\uD800a"#, #"\uD800\n"#, #"\uD800\u0041"#,
            #"\uD800\uD800"#, #"\uDC00\uD800"#, #"\uDC00\uDC00"#, #"\ud800 \udc00"#, #"\uDEAD"#, #"\uD800\\uDC00"#,
        ])
    func loneSurrogates(content: String) throws {
        let error = try #require(syntaxError(Array("\"\(content)\"".utf8)))
        #expect(error.detail.hasSuffix("surrogate without its partner"))
        #expect(error.byteOffset == 3)
    }

    @Test(
        "What is no escape is refused at the letter",
        arguments: [
            (#"\a"#, 2), (#"\v"#, 2), (#"\0"#, 2), (#"\'"#, 2), (#"\x41"#, 2), (#"\U0041"#, 2), (#"\ "#, 2),
            ("\\\n", 2),
            (#"\u"#, 3), (#"\u0"#, 4), (#"\u00"#, 5), (#"\u004"#, 6), (#"\u004g"#, 6), (#"\u{41}"#, 3), (#"\u+041"#, 3),
            (#"\u 041"#, 3), (#"\u00 1"#, 5), (#"\u-041"#, 3), (#"abc\q"#, 5), (#"\n\q"#, 4), (#"\uD800\u"#, 9),
            (#"\é"#, 2),
        ])
    func wrongEscapes(content: String, offset: Int) {
        #expect(syntaxError(Array("\"\(content)\"".utf8))?.byteOffset == offset)
    }

    @Test(
        "Control characters must be escaped, DEL and the line separators need not", arguments: 0..<0x20 as Range<UInt8>)
    func controlCharacters(byte: UInt8) throws {
        for prefix in ["", #"\n"#] {
            let error = try #require(syntaxError([0x22] + Array(prefix.utf8) + [byte, 0x22]))
            #expect(error.detail == "an unescaped control character in a string")
            #expect(error.byteOffset == 1 + prefix.utf8.count)
        }
        #expect(try read(Array("\u{7F}\u{80}\u{2028}\u{2029}".utf8)) == "\u{7F}\u{80}\u{2028}\u{2029}")
    }

    @Test(
        "UTF-8 of each length passes through",
        arguments: ["a", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"])
    func unicode(text: String) throws {
        #expect(try read(Array(text.utf8)).map { Array($0.utf8) } == Array(text.utf8))
        #expect(try read(Array((text + #"\t"# + text).utf8)).map { Array($0.utf8) } == Array("\(text)\t\(text)".utf8))
    }

    /// After RFC 3629 and the table 3-7 of the Unicode standard.
    static let malformed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xC2, 0xC2],
        [0xE0, 0x80, 0x80],
        [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x82, 0x41], [0xED, 0xA0, 0x80],
        [0xED, 0xAD, 0xBF],
        [0xED, 0xB0, 0x80], [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xEF, 0xBF],
        [0xF0, 0x80, 0x80, 0xAF],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x41], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xF7, 0xBF, 0xBF, 0xBF], [0xF8, 0x88, 0x80, 0x80, 0x80],
        [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80],
        [0xFE], [0xFF], [0xE9], [0x61, 0xFF, 0x62],
    ]

    @Test("Malformed UTF-8 is refused, in strings with and without escapes and in names", arguments: malformed)
    func malformedUTF8(bytes: [UInt8]) {
        let plain = syntaxError([0x20, 0x22] + bytes + [0x22])
        #expect(plain?.shown == "byte 1, 1:2: the string is not UTF-8")
        for text in [
            Array(#"["\n"#.utf8) + bytes + Array(#""]"#.utf8), Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8),
        ] {
            let error = syntaxError(text)
            #expect(error?.detail == "the string is not UTF-8")
            #expect(error?.byteOffset == 1)
        }
    }

    @Test(
        "A string that does not end is refused where it starts",
        arguments: [#"""#, #""abc"#, #""\n"#, #""\"]"#, #""\\\""#])
    func unfinished(text: String) {
        let error = syntaxError(Array("\n [\(text)".utf8))
        #expect(error?.shown == "byte 3, 2:3: the string that starts here does not end")
    }

    @Test(
        "An escape that the text's end cuts is refused at the end",
        arguments: [#""\"#, #""\u"#, #""\u00"#, #""\uD834\u"#])
    func cutEscape(text: String) {
        #expect(syntaxError(Array(text.utf8))?.byteOffset == text.utf8.count)
    }
}
