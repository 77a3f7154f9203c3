import Foundation
import Testing

/// Answers that a client has stored, and asks about with If-None-Match.
@Suite(.timeLimit(.minutes(10))) struct StoredAnswerTests {
    @Test("A stored answer is confirmed with 304, its tag and what caches may do with it")
    func aStoredAnswerIsConfirmed() throws {
        let program = try ServedProgram()
        for target in ["/mask?shape=3000&rate=0.5&seed=1", "/mask?shape=3&rate=0.5&seed=1", "/generators", "/"] {
            for codings in [[], ["Accept-Encoding: gzip"]] {
                let first = try program.ask("GET", target, codings)
                let tag = try #require(first["ETag"])
                let second = try program.ask("GET", target, codings + ["If-None-Match: \"x\", W/\(tag)"])
                #expect(second.status == 304)
                #expect(second["ETag"] == tag)
                #expect(second["Cache-Control"] == first["Cache-Control"])
                #expect(second.text.isEmpty)
                let head = try program.ask("HEAD", target, codings + ["If-None-Match: \(tag)"])
                #expect(head.status == 304)
            }
        }
    }

    @Test("A stored answer to QUERY is confirmed too, and one to POST is not")
    func aStoredAnswerToQUERYIsConfirmed() throws {
        let program = try ServedProgram()
        let (fields, body) = (["Content-Type: application/json"], #"{"shape":[4],"rate":0.5,"seed":1}"#)
        let first = try program.ask("QUERY", "/mask", fields, body)
        let tag = try #require(first["ETag"])
        let second = try program.ask("QUERY", "/mask", fields + ["If-None-Match: \(tag)"], body)
        #expect(second.status == 304)
        let post = try program.ask("POST", "/mask", fields + ["If-None-Match: \(tag)"], body)
        #expect(post.status == 200)
        #expect(post.text == first.text)
    }

    @Test("An answer that is not stored is sent whole", arguments: ["/mask?shape=3&rate=0.5", "/healthz"])
    func anAnswerThatIsNotStoredIsSent(_ target: String) throws {
        let reply = try ServedProgram().ask("GET", target, ["If-None-Match: *"])
        #expect(reply.status == 200)
        #expect(reply["ETag"] == nil)
    }
}
