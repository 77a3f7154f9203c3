import Foundation
import TensorJSON
import Testing

/// One JSON text from front to back: commas, names, strings and scalars.
@Suite struct WriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        var text = writer.finish()
        return String(decoding: text.allBytes(), as: UTF8.self)
    }

    @Test("Commas stand between members and items and nowhere else")
    func commas() {
        let text = written {
            $0.beginObject()
            $0.key("a")
            $0.integer(Int64(-1))
            $0.key("b")
            $0.beginArray()
            $0.endArray()
            $0.key("c")
            $0.beginObject()
            $0.endObject()
            $0.key("d")
            $0.beginArray()
            $0.null()
            $0.bool(true)
            $0.bool(false)
            $0.string("x")
            $0.number(1.5)
            $0.number(Float(0.1))
            $0.integer(UInt64.max)
            $0.integer(Int64.min)
            $0.flatArray([1.0, 2.0])
            $0.nested([Float(1)], shape: [1, 1])
            $0.beginObject()
            $0.key("e")
            $0.base64([1, 2, 3])
            $0.endObject()
            $0.beginArray()
            $0.beginArray()
            $0.endArray()
            $0.beginArray()
            $0.endArray()
            $0.endArray()
            $0.endArray()
            $0.key("f")
            $0.nestedBits([1, 0], shape: [2], asBooleans: true)
            $0.endObject()
        }
        let expected = """
            {"a":-1,"b":[],"c":{},"d":[null,true,false,"x",1.5,0.1,18446744073709551615,-9223372036854775808,[1,2],[[1]],\
            {"e":"AQID"},[[],[]]],"f":[true,false]}
            """
        #expect(text == expected)
    }

    @Test("Whole numbers of each length are written in full")
    func integers() {
        let powers = (0..<20).map { (0..<$0).reduce(1 as UInt64) { power, _ in power * 10 } }
        for value in powers.flatMap({ [$0 - 1, $0, $0 + 1, $0 / 3] }) + [.max] {
            #expect(written { $0.integer(value) } == "\(value)")
        }
        for value in [Int64.min, -100_000_000, -99_999_999, -1, 0, 7, .max] {
            #expect(written { $0.integer(value) } == "\(value)")
        }
    }

    @Test(
        "A string is escaped where it must be and reads back",
        arguments: [
            ("", #""""#), ("a", #""a""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#), ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{1}\u{8}\u{C}\u{B}\u{1F}", #""\u0000\u0001\u0008\u000c\u000b\u001f""#),
            ("\u{7F}\u{80}", "\"\u{7F}\u{80}\""),
            ("é€😀", #""é€😀""#), ("\u{2028}\u{FFFF}\u{10FFFF}", "\"\u{2028}\u{FFFF}\u{10FFFF}\""), ("\r\n", #""\r\n""#),
            ("\"\u{301}", "\"\\\"\u{301}\""),
        ])
    func strings(plain: String, expected: String) throws {
        let text = written { $0.string(plain) }
        #expect(Array(text.utf8) == Array(expected.utf8))
        guard case .string(let again) = try parse(text) else {
            Issue.record("no string")
            return
        }
        #expect(Array(again.utf8) == Array(plain.utf8))
        let name = written {
            $0.beginObject()
            $0.key(plain)
            $0.null()
            $0.endObject()
        }
        #expect(Array(name.utf8) == Array("{\(expected):null}".utf8))
    }

    @Test("A string of every character up to U+FFFF and some above is read alike by Foundation")
    func everyCharacter() throws {
        let plain = String(String.UnicodeScalarView((0...0x1_1000).compactMap(UnicodeScalar.init)))
        let text = written { $0.string(plain) }
        let again = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? String
        #expect(again.map { Array($0.utf8) } == Array(plain.utf8))
    }

    @Test("What is written is read back with its names in their order")
    func order() throws {
        let names = (0..<200).map { "\($0 * 7919 % 200)" }
        let text = written {
            $0.beginObject()
            for name in names {
                $0.key(name)
                $0.string(name)
            }
            $0.endObject()
        }
        guard case .object(let object) = try parse(text) else {
            Issue.record("no object")
            return
        }
        #expect(object.members.map(\.name) == names)
        #expect(object["7"].map(\.shown) == "'7'")
    }
}
