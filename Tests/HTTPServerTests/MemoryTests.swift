import HTTPServer
import Testing

/// The memory budget: bodies over it are refused, and every end of a request gives back what it held.
@Suite(.timeLimit(.minutes(10))) struct MemoryTests {
    private static let get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func post(_ count: Int, _ path: String = "/worker/echo", _ fields: String = "") -> [UInt8] {
        Array("POST \(path) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(count)\r\n\r\n".utf8)
    }

    /// What is still held after requests enough for every end to have been seen.
    private static func heldInTheEnd(_ server: HTTPListener) throws -> Int {
        let witness = try RawClient(server.port)
        for _ in 0..<20_000 where server.figures.heldBytes != 0 {
            try witness.send(get)
            _ = try witness.response()
        }
        return server.figures.heldBytes
    }

    @Test(
        "A body over the budget is answered with 503 and the next is taken",
        arguments: ["", "Content-Encoding: gzip\r\n"])
    func aBodyOverTheBudgetIsAnsweredWith503AndTheNextIsTaken(_ fields: String) async throws {
        let body =
            fields.isEmpty
            ? [UInt8](repeating: 0x61, count: 300_000)
            : try Zlib.deflated([UInt8](repeating: 0x61, count: 300_000), .gzip)
        let (refused, next, held) = try await withServerItself({ $0.memoryBudgetBytes = 100_000 }) { server in
            let client = try RawClient(server.port)
            try client.send(Self.post(body.count, "/worker/echo", fields) + body)
            let refused = try client.response()
            let other = try RawClient(server.port)
            try other.send(Self.post(5) + Array("hello".utf8))
            return (refused, try other.response(), try Self.heldInTheEnd(server))
        }
        #expect(refused.status == 503 && refused.problem["status"] as? Int == 503)
        #expect(refused["Retry-After"] == "1")
        #expect(refused.problem["instance"] as? String == "/worker/echo")
        #expect(next.text == "POST /worker/echo -\nhello")
        #expect(held == 0)
    }

    @Test("Bodies of several requests are held together")
    func bodiesOfSeveralRequestsAreHeldTogether() async throws {
        let gate = Gate()
        let (held, status) = try await withServerItself(
            application: .fake(gate), { $0.memoryBudgetBytes = 1_600_000 }
        ) { server in
            let (first, second) = (try RawClient(server.port), try RawClient(server.port))
            let body = [UInt8](repeating: 0x61, count: 300_000)
            try first.send(Self.post(body.count, "/worker/gated") + body)
            try gate.awaitArrival()
            let held = server.figures.heldBytes
            try second.send(Self.post(body.count) + body)
            let status = try second.response().status
            gate.open()
            _ = try first.response()
            return (held, status)
        }
        #expect((300_000...600_000).contains(held))
        #expect(status == 503)
    }

    enum End: CaseIterable {
        case answer, refusalByBound, refusalByTime, refusalByBudget, brokenCoding, resetUpload, closedUpload
        case resetBeforeAnswer, resetDownload, closedDownload, headRequest, malformedChunk

        /// Leads one request to this end.
        func reach(_ port: Int, _ gate: Gate) throws {
            let client = try RawClient(port)
            let body = [UInt8](repeating: 0x61, count: 200_000)
            switch self {
            case .answer:
                try client.send(MemoryTests.post(body.count) + body)
                _ = try client.response()
            case .refusalByBound:
                try client.send("POST /worker/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in 0..<6 { try client.send(Array("30d40\r\n".utf8) + body + Array("\r\n".utf8)) }
                _ = try client.response()
            case .refusalByTime:
                try client.send(MemoryTests.post(body.count + 1) + body)
                _ = try client.response()
            case .refusalByBudget:
                try client.send(MemoryTests.post(900_000) + body + body + body + body)
                _ = try client.response()
            case .brokenCoding:
                let coded = try Zlib.deflated(body, .gzip).dropLast()
                try client.send(MemoryTests.post(coded.count, "/worker/echo", "Content-Encoding: gzip\r\n") + coded)
                _ = try client.response()
            case .resetUpload:
                try client.send(MemoryTests.post(body.count + 1) + body)
                client.reset()
            case .closedUpload: try client.send(MemoryTests.post(body.count + 1) + body)
            case .resetBeforeAnswer:
                try client.send(MemoryTests.post(body.count, "/worker/gated") + body)
                try gate.awaitArrival()
                client.reset()
                gate.open()
            case .resetDownload, .closedDownload:
                try client.send("GET /worker/chunks/\(Int.max)/100000 HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try client.bytes(300_000)
                if self == .resetDownload { client.reset() }
            case .headRequest:
                try client.send("HEAD /worker/chunks/3/100000 HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try client.response(toHead: true)
            case .malformedChunk:
                try client.send("POST /worker/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                try client.send(Array("30d40\r\n".utf8) + body + Array("x\r\n".utf8))
                _ = try client.response()
            }
        }
    }

    @Test("Every end gives back what was held", arguments: End.allCases) func everyEndGivesBackWhatWasHeld(_ end: End)
        async throws
    {
        let gate = Gate()
        let application = TestApplication { request in
            let call = TestApplication.fake(gate).begin(request)
            // Its answers hold something too until they are sent, and its questions while they wait.
            return TestExchange(
                readingPrice: { HTTPPrice(heldBytes: 2 * $0) },
                plan: { request, stop in
                    guard case .work(let work) = call.plan(request, stop: stop) else {
                        return call.plan(request, stop: stop)
                    }
                    let price = HTTPPrice(nanoseconds: 60_000_000, heldBytes: 100_000, printedBytes: 1 << 16)
                    return .work(
                        HTTPWork(price: price, questionBytes: 70_000) { stop in
                            var response = work.run(stop)
                            response.heldBytes = 50_000
                            return response
                        })
                }, refusal: { call.response(to: $0) })
        }
        let held = try await withServerItself(application: application) {
            $0.memoryBudgetBytes = end == .refusalByBudget ? 1_600_000 : 8_000_000
            $0.maximumBodyBytes = 1_000_000
            $0.bodyDeadline = .milliseconds(300)
            $0.minimumBytesPerSecond = 1 << 30
        } _: { server in
            for _ in 0..<3 { try end.reach(server.port, gate) }
            return try Self.heldInTheEnd(server)
        }
        #expect(held == 0)
    }

    @Test("What an answer holds counts until it is sent")
    func whatAnAnswerHoldsCountsUntilItIsSent() async throws {
        let application = TestApplication.always(
            .answering(
                onLoop: { $0.path == "/quick" ? HTTPResponse(status: 204, headers: [], body: .bytes([])) : nil },
                onWorker: { _ in
                    HTTPResponse(
                        status: 200, headers: [], body: .chunks { HTTPChunk([UInt8](repeating: 0, count: 100_000)) },
                        heldBytes: 123_456)
                }))
        let (during, after) = try await withServerItself(application: application) { server in
            let client = try RawClient(server.port)
            try client.send(Self.get)
            try client.waitForAnswer()
            let during = server.figures.heldBytes
            client.reset()
            let witness = try RawClient(server.port)
            for _ in 0..<20_000 where server.figures.heldBytes != 0 {
                try witness.send("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try witness.response()
            }
            return (during, server.figures.heldBytes)
        }
        #expect(during == 123_456)
        #expect(after == 0)
    }
}
