import TensorJSON
import Testing

/// The grammar of RFC 8259: which texts are JSON, and where the others stop being it.
@Suite struct GrammarTests {
    @Test(
        "A number of the grammar is read as it stands",
        arguments: [
            "0", "-0", "1", "-1", "10", "1234567890", "0.0", "-0.0", "0.5", "-0.5", "1.25", "10.01", "0e0", "0E0",
            "0e+0",
            "0e-0", "1e5", "1E5", "1e+5", "1e-5", "1e05", "1e-05", "1.5e10", "-1.5E-10", "0.000", "100e-2", "1e400",
            "123456789012345678901234567890", "-9007199254740993", "0.1e1", "1e00000",
        ])
    func numbers(text: String) throws {
        #expect(try parse(text).shown == text)
        #expect(try parse(" \(text)\n").shown == text)
        #expect(try parse("{\"a\":\(text)}").shown == "{a=\(text)}")
        #expect(try parse("[{},\(text)]").shown == "({},\(text))")
    }

    @Test(
        "What is no number is refused at the byte that is wrong, alone, in an array and behind a name",
        arguments: [
            ("01", 0, "a number starts with 0 and goes on"), ("-01", 1, "a number starts with 0 and goes on"),
            ("00", 0, "a number starts with 0 and goes on"), ("-00.1", 1, "a number starts with 0 and goes on"),
            ("0123.4", 0, "a number starts with 0 and goes on"), ("+1", 0, "a value expected, '+' found"),
            ("++1", 0, "a value expected, '+' found"), (".5", 0, "a value expected, '.' found"),
            ("-.5", 1, "a digit expected, '.' found"), ("-", 1, "a digit expected"),
            ("--1", 1, "a digit expected, '-' found"),
            ("- 1", 1, "a digit expected, byte 32 found"), ("-a", 1, "a digit expected, 'a' found"),
            ("1.", 2, "a digit after the point expected"), ("1.e5", 2, "a digit after the point expected, 'e' found"),
            ("1.-5", 2, "a digit after the point expected, '-' found"),
            ("0..1", 2, "a digit after the point expected, '.' found"),
            ("1e", 2, "a digit of the exponent expected"), ("1E+", 3, "a digit of the exponent expected"),
            ("1e-", 3, "a digit of the exponent expected"), ("1e+-5", 3, "a digit of the exponent expected, '-' found"),
            ("1e.5", 2, "a digit of the exponent expected, '.' found"),
            ("1ee5", 2, "a digit of the exponent expected, 'e' found"),
            ("0e", 2, "a digit of the exponent expected"), ("0x1", 1, "'x' found"), ("1x", 1, "'x' found"),
            ("0b1", 1, "'b' found"), ("1_000", 1, "'_' found"), ("1f", 1, "'f' found"), ("1.5.2", 3, "'.' found"),
            ("1e5.5", 3, "'.' found"), ("1e5e5", 3, "'e' found"), ("1 2", 2, "'2' found"), ("1-2", 1, "'-' found"),
            ("NaN", 0, "a value expected, 'N' found"), ("nan", 0, "a value expected, 'n' found"),
            ("Infinity", 0, "a value expected, 'I' found"), ("-Infinity", 1, "a digit expected, 'I' found"),
            ("inf", 0, "a value expected, 'i' found"), ("-NaN", 1, "a digit expected, 'N' found"),
            ("\u{FF11}", 0, "a value expected, byte 239 found"), ("1\u{0}", 1, "byte 0 found"),
            ("\u{2212}1", 0, "a value expected, byte 226 found"),
        ])
    func noNumbers(text: String, offset: Int, detail: String) throws {
        for (before, after) in [
            ("", ""), ("[", "]"), ("[2,", "]"), ("[[],", "]"), ("{\"a\":", "}"), ("[null,", "]"), ("[2,null,", "]"),
        ] {
            let error = try #require(syntaxError(Array((before + text + after).utf8)), "\(before)\(text)\(after)")
            #expect(error.byteOffset == before.utf8.count + offset, "\(before)\(text)\(after)")
            #expect(error.detail.contains(detail), "\(before)\(text)\(after)")
        }
    }

    @Test(
        "A text that is JSON is read",
        arguments: [
            ("null", "null"), ("true", "true"), ("false", "false"), ("\"\"", "''"), ("{}", "{}"), (" { } ", "{}"),
            ("[]", "[0: ]"), ("\t\n\r null \t\n\r", "null"), (#"{"a":null}"#, "{a=null}"), (#"{"":""}"#, "{=''}"),
            (#"{"a":1,"b":[],"c":{}}"#, "{a=1,b=[0: ],c={}}"), (#" { "a" : 1 , "b" : 2 } "#, "{a=1,b=2}"),
            (#"[null,true,false,"a",1,{},[]]"#, "(null,true,false,'a',1,{},[0: ])"), ("[[null]]", "((null))"),
            ("[[],null]", "<[1] a number expected, null found>"), ("[{\"a\":[1,2]}]", "({a=[2: 1.0 2.0]})"),
            (#"{"b":1,"a":2}"#, "{b=1,a=2}"), (#"{"a":{"b":{"c":[[1],[2]]}}}"#, "{a={b={c=[2x1: 1.0 2.0]}}}"),
            ("[\"a\"\n,\r\"b\"\t]", "('a','b')"), ("\"\u{FEFF}\"", "'\u{FEFF}'"),
        ])
    func accepted(text: String, shown: String) throws {
        #expect(try parse(text).shown == shown)
    }

    @Test(
        "A text that is no JSON is refused at its first wrong byte",
        arguments: [
            ("", "byte 0, 1:1: a value expected, the text ends"), (" ", "byte 1, 1:2: a value expected, the text ends"),
            ("\n\n ", "byte 3, 3:2: a value expected, the text ends"),
            ("\u{FEFF}{}", "byte 0, 1:1: a value expected, byte 239 found"),
            ("{}\u{FEFF}", "byte 2, 1:3: the end of the text expected, byte 239 found"),
            ("\u{A0}1", "byte 0, 1:1: a value expected, byte 194 found"),
            ("\u{B}1", "byte 0, 1:1: a value expected, byte 11 found"),
            ("\u{C}1", "byte 0, 1:1: a value expected, byte 12 found"),
            ("\u{0}", "byte 0, 1:1: a value expected, byte 0 found"),
            ("{}\u{0}", "byte 2, 1:3: the end of the text expected, byte 0 found"),
            ("[1,]", "byte 3, 1:4: a value expected, ']' found"),
            ("[1,,2]", "byte 3, 1:4: a value expected, ',' found"),
            ("[,1]", "byte 1, 1:2: a value expected, ',' found"), ("[,]", "byte 1, 1:2: a value expected, ',' found"),
            ("[1 2]", "byte 3, 1:4: ',' or ']' expected, '2' found"),
            ("[1;2]", "byte 2, 1:3: ',' or ']' expected, ';' found"),
            ("[1", "byte 2, 1:3: ',' or ']' expected, the text ends"),
            ("[", "byte 1, 1:2: a value expected, the text ends"),
            ("[1,", "byte 3, 1:4: a value expected, the text ends"),
            ("[1}", "byte 2, 1:3: ',' or ']' expected, '}' found"),
            ("]", "byte 0, 1:1: a value expected, ']' found"),
            ("[]]", "byte 2, 1:3: the end of the text expected, ']' found"),
            ("[[1]", "byte 4, 1:5: ',' or ']' expected, the text ends"),
            ("[\"a\",]", "byte 5, 1:6: a value expected, ']' found"),
            ("[\"a\"", "byte 4, 1:5: ',' or ']' expected, the text ends"),
            ("[null,,]", "byte 6, 1:7: a value expected, ',' found"),
            ("[\"a\" \"b\"]", "byte 5, 1:6: ',' or ']' expected, '\"' found"),
            ("{", "byte 1, 1:2: a name in quotation marks expected, the text ends"),
            ("}", "byte 0, 1:1: a value expected, '}' found"),
            ("{}}", "byte 2, 1:3: the end of the text expected, '}' found"),
            ("{\"a\"", "byte 4, 1:5: ':' expected, the text ends"),
            ("{\"a\":", "byte 5, 1:6: a value expected, the text ends"),
            ("{\"a\":1", "byte 6, 1:7: ',' or '}' expected, the text ends"),
            ("{\"a\" 1}", "byte 5, 1:6: ':' expected, '1' found"),
            ("{\"a\"=1}", "byte 4, 1:5: ':' expected, '=' found"),
            ("{\"a\"::1}", "byte 5, 1:6: a value expected, ':' found"),
            ("{\"a\":1,}", "byte 7, 1:8: a name in quotation marks expected, '}' found"),
            ("{,\"a\":1}", "byte 1, 1:2: a name in quotation marks expected, ',' found"),
            ("{\"a\":1 \"b\":2}", "byte 7, 1:8: ',' or '}' expected, '\"' found"),
            ("{a:1}", "byte 1, 1:2: a name in quotation marks expected, 'a' found"),
            ("{'a':1}", "byte 1, 1:2: a name in quotation marks expected, ''' found"),
            ("{1:1}", "byte 1, 1:2: a name in quotation marks expected, '1' found"),
            ("{null:1}", "byte 1, 1:2: a name in quotation marks expected, 'n' found"),
            ("{[]:1}", "byte 1, 1:2: a name in quotation marks expected, '[' found"),
            ("{\"a\":1]", "byte 6, 1:7: ',' or '}' expected, ']' found"),
            ("{\"a\"}", "byte 4, 1:5: ':' expected, '}' found"),
            ("'a'", "byte 0, 1:1: a value expected, ''' found"), ("a", "byte 0, 1:1: a value expected, 'a' found"),
            ("nul", "byte 0, 1:1: a value expected, 'n' found"), ("nulL", "byte 0, 1:1: a value expected, 'n' found"),
            ("True", "byte 0, 1:1: a value expected, 'T' found"), ("tru", "byte 0, 1:1: a value expected, 't' found"),
            ("fals", "byte 0, 1:1: a value expected, 'f' found"),
            ("nullx", "byte 4, 1:5: the end of the text expected, 'x' found"),
            ("truetrue", "byte 4, 1:5: the end of the text expected, 't' found"),
            ("[truefalse]", "byte 5, 1:6: ',' or ']' expected, 'f' found"),
            ("[nulL]", "byte 1, 1:2: a value expected, 'n' found"),
            ("[tru]", "byte 1, 1:2: a value expected, 't' found"),
            ("[1,tru]", "byte 3, 1:4: a value expected, 't' found"),
            ("{} {}", "byte 3, 1:4: the end of the text expected, '{' found"),
            ("1,2", "byte 1, 1:2: the end of the text expected, ',' found"),
            ("// a\n1", "byte 0, 1:1: a value expected, '/' found"),
            ("1 // a", "byte 2, 1:3: the end of the text expected, '/' found"),
            ("/**/1", "byte 0, 1:1: a value expected, '/' found"),
            ("[1,/**/2]", "byte 3, 1:4: a value expected, '/' found"),
            ("#\n1", "byte 0, 1:1: a value expected, '#' found"),
            ("undefined", "byte 0, 1:1: a value expected, 'u' found"),
            ("{\n  \"a\": 1,\n  b: 2\n}", "byte 14, 3:3: a name in quotation marks expected, 'b' found"),
            ("[\r\n1,\r\n\"é\", x]", "byte 13, 3:7: a value expected, 'x' found"),
            ("\"a\" \"b\"", "byte 4, 1:5: the end of the text expected, '\"' found"),
            ("\"a\\u\u{E9}\"", "byte 4, 1:5: a hexadecimal digit expected, byte 195 found"),
        ])
    func refused(text: String, shown: String) {
        #expect(syntaxError(Array(text.utf8))?.shown == shown)
    }

    @Test("Each prefix of a text is refused, at or before its end")
    func prefixes() {
        let text = Array(#" {"a":[[1.5e3,-2],[0,"NaN"]],"b\n":{"c":[true,null,"\ud83d\ude00"],"d":[]},"é":false}"#.utf8)
        #expect(refusal(text) == nil)
        for count in text.indices {
            let error = syntaxError(Array(text[..<count]))
            #expect(error != nil, "\(count) bytes")
            #expect(error.map { $0.byteOffset <= count } == true, "\(count) bytes")
        }
    }

    @Test(
        "A whole number is one in any notation",
        arguments: [
            ("0", 0, 0), ("-0", 0, 0), ("7", 7, 7), ("-7", -7, nil), ("3.0", 3, 3), ("3e0", 3, 3), ("30e-1", 3, 3),
            ("1.5e1", 15, 15),
            ("-2.50e2", -250, nil), ("0.0", 0, 0), ("0e5", 0, 0), ("-0.0e-400", 0, 0),
            ("9223372036854775807", .max, 1 << 63 - 1),
            ("9223372036854775808", nil, 1 << 63), ("-9223372036854775808", .min, nil),
            ("18446744073709551615", nil, .max),
            ("18446744073709551616", nil, nil), ("9007199254740992.0", nil, nil),
            ("900719925474099.0", 900_719_925_474_099, 900_719_925_474_099),
            ("1e15", 1_000_000_000_000_000, 1_000_000_000_000_000), ("1.5", nil, nil), ("1e-1", nil, nil),
            ("1e-400", nil, nil),
            ("-1e-400", nil, nil), ("0.1e-999", nil, nil), ("0.99999999999999999999", nil, nil), ("1e400", nil, nil),
            ("2.00000000000000000001", nil, nil), ("1e99999999999", nil, nil),
        ] as [(String, Int64?, UInt64?)])
    func wholeNumbers(text: String, signed: Int64?, unsigned: UInt64?) throws {
        guard case .number(let number) = try parse(text) else {
            Issue.record("no number")
            return
        }
        #expect(number.signed == signed)
        #expect(number.unsigned == unsigned)
    }
}
