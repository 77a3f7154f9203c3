import Foundation
import Testing

/// Lines of questions through the whole program.
@Suite(.timeLimit(.minutes(10))) struct ServedLinesTests {
    private static let type = ["Content-Type: application/x-ndjson"]

    /// The bytes of a body in chunks, and whether it has its end.
    private static func body(_ chunked: String) -> (text: String, isWhole: Bool) {
        var (bytes, text) = (Array(chunked.utf8)[...], [UInt8]())
        while let end = bytes.firstIndex(of: 0x0D) {
            guard let count = Int(String(decoding: bytes[..<end], as: UTF8.self), radix: 16) else { break }
            if count == 0 { return (String(decoding: text, as: UTF8.self), true) }
            text += bytes.dropFirst(end + 2 - bytes.startIndex).prefix(count)
            bytes = bytes.dropFirst(end + 2 - bytes.startIndex + count + 2)
        }
        return (String(decoding: text, as: UTF8.self), false)
    }

    @Test("Lines are one request of the log, and have the answers of their own requests")
    func lines() throws {
        let program = try ServedProgram()
        let questions = [#"{"shape":[3],"rate":0.5,"seed":7}"#, #"{"shape":[3],"rate":5}"#]
        let alone = try questions.map { try program.ask("POST", "/mask", [], $0).text }
        let reply = try program.ask("POST", "/mask", Self.type, questions.joined(separator: "\n"))
        let (text, isWhole) = Self.body(reply.text)
        #expect(reply.status == 200)
        #expect(reply["Content-Type"] == "application/x-ndjson")
        #expect(isWhole)
        #expect(text == alone.joined())
        #expect(try program.end() == 0)
        let requests = try program.requests()
        #expect(requests.count == 3)
        #expect(requests.last?["elements"] as? Int == 3)
    }

    @Test("All lines together have the deadline of one request, after which a line says so and the answer is cut")
    func deadline() throws {
        let program = try ServedProgram(["--compute-deadline-seconds", "1"])
        let question = #"{"shape":[16000000],"rate":0.5,"seed":7,"include":["statistics"]}"# + "\n"
        let reply = try program.ask("POST", "/mask", Self.type, String(repeating: question, count: 60))
        let (text, isWhole) = Self.body(reply.text)
        #expect(reply.status == 200)
        #expect(!isWhole)
        let lines = text.split(separator: "\n")
        #expect(lines.count < 60 && lines.count > 1)
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix(#"{"shape":[16000000],"#) })
        #expect(lines.last?.hasPrefix(#"{"problem":{"type":"urn:dropout-service:problem:deadline""#) == true)
    }
}
