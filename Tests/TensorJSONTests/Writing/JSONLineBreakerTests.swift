import Foundation
import TensorJSON
import Testing

/// JSON broken over lines.
@Suite struct JSONLineBreakerTests {
    private static func broken(_ text: String, cut: Int = .max) -> String {
        var breaker = JSONLineBreaker()
        let bytes = Array(text.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: min(cut, max(bytes.count, 1)))
        let lines = pieces.flatMap { breaker.broken(Array(bytes[$0..<min($0 + min(cut, bytes.count), bytes.count)])) }
        return String(decoding: lines, as: UTF8.self)
    }

    private static func indent(_ line: String) -> Int {
        var count = 0
        for byte in line.utf8 {
            guard byte == 0x20 else { break }
            count += 1
        }
        return count
    }

    private static let cases = [
        ("{}", "{}"), ("[]", "[]"), ("1", "1"), ("\"a,b\"", "\"a,b\""), ("{}\n", "{}\n"), ("[1,2,3]", "[1, 2, 3]"),
        ("[-0.0,\"NaN\",null,true]", "[-0.0, \"NaN\", null, true]"), ("{\"a\":1}", "{\n  \"a\": 1\n}"),
        ("{\"a\":[],\"b\":{}}", "{\n  \"a\": [],\n  \"b\": {}\n}"),
        ("{\"a\":[1,2],\"b\":\"{[,:\\\"]}\"}", "{\n  \"a\": [1, 2],\n  \"b\": \"{[,:\\\"]}\"\n}"),
        ("{\"a\":\"\\\\\",\"b\":[\"x\",\"y\"]}", "{\n  \"a\": \"\\\\\",\n  \"b\": [\"x\", \"y\"]\n}"),
        ("[[1,2],[3,4]]", "[\n  [1, 2],\n  [3, 4]\n]"), ("[[],[]]", "[\n  [],\n  []\n]"),
        (
            "[{\"a\":[[1],[2]]},{\"a\":3}]",
            "[\n  {\n    \"a\": [\n      [1],\n      [2]\n    ]\n  },\n  {\n    \"a\": 3\n  }\n]"
        ),
        ("[1,[2,3],{\"a\":4,\"b\":[5]}]", "[1, [2, 3], {\"a\": 4, \"b\": [5]}]"),
    ]

    @Test("Members and rows have lines of their own", arguments: cases)
    func membersAndRowsHaveLines(_ text: String, _ lines: String) { #expect(Self.broken(text) == lines) }

    @Test("The lines do not depend on the pieces in which the text comes", arguments: cases)
    func piecesDoNotMatter(_ text: String, _ lines: String) {
        for cut in 1...7 { #expect(Self.broken(text, cut: cut) == lines) }
    }

    @Test("Deep levels stay on one line, so that the text grows within its bound", arguments: [7, 8, 9, 60])
    func deepLevelsStayOnOneLine(_ depth: Int) throws {
        let item = String(repeating: "[", count: depth) + "0" + String(repeating: "]", count: depth)
        let text = "[" + Array(repeating: item, count: 50).joined(separator: ",") + "]"
        let lines = Self.broken(text)
        #expect(lines.utf8.count <= text.utf8.count * JSONLineBreaker.maximumGrowth)
        let indents = lines.components(separatedBy: "\n").map { Self.indent($0) }
        #expect(indents.max() == 2 * min(depth, 8))
        #expect(lines.replacingOccurrences(of: " ", with: "").replacingOccurrences(of: "\n", with: "") == text)
    }

    @Test("Another reader of JSON reads the same values from the lines")
    func anotherReaderReadsTheSame() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a\"\\\u{1}")
        writer.nested([0.1, -0.0, 1e300, Double.leastNonzeroMagnitude, 7, 8], shape: [3, 1, 2])
        writer.key("b")
        writer.string("é \\\" , [")
        writer.endObject()
        var text = writer.finish()
        let bytes = text.allBytes()
        var breaker = JSONLineBreaker()
        let lines = breaker.broken(bytes)
        let read = try JSONSerialization.jsonObject(with: Data(lines)) as? NSDictionary
        #expect(read == (try JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary))
        #expect(lines != bytes)
    }
}
