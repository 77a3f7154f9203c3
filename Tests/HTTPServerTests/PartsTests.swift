import HTTPServer
import NIOCore
import Synchronization
import Testing

/// Long answers in parts, which workers make side by side.
@Suite(.timeLimit(.minutes(10))) struct PartsTests {
    /// An answer of `count` parts of different lengths, some of them empty, whose text tells their order.
    ///
    /// - Parameter begun: counts the parts that are made.
    private static func application(_ count: Int, _ size: Int, _ begun: Counter = Counter()) -> TestApplication {
        .always(
            .answering(
                onLoop: { request in
                    request.path == "/quick" ? HTTPResponse(status: 204, headers: [], body: .bytes([])) : nil
                },
                onWorker: { _ in
                    let asked = Counter()
                    return HTTPResponse(
                        status: 200, headers: [],
                        body: .parts {
                            let number = asked.next()
                            guard number < count else { return nil }
                            return HTTPPart(maximumBytes: size) { memory in
                                _ = begun.next()
                                let bytes = part(number, size)
                                memory.copyBytes(from: bytes)
                                return bytes.count
                            }
                        })
                }))
    }

    private static func part(_ number: Int, _ size: Int) -> [UInt8] {
        let length = number % 7 == 3 ? 0 : size - number % 5 * (size / 6)
        return (0..<length).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0 &* 7) }
    }

    private static func expected(_ count: Int, _ size: Int) -> [UInt8] {
        (0..<count).flatMap { part($0, size) }
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("Parts arrive in order however many workers make them", arguments: [1, 2, 4], [0, 1, 2, 40])
    func partsArriveInOrderHoweverManyWorkersMakeThem(_ workers: Int, _ count: Int) async throws {
        let responses = try await servedAnswers(
            to: Self.get + Self.get, count: 2, application: Self.application(count, 30_000)
        ) {
            $0.workerCount = workers
        }
        let expected = Self.expected(count, 30_000)
        #expect(responses.map { $0.body == expected } == [true, true])
        #expect(responses.map(\.framing) == [.chunked, .chunked])
    }

    @Test("Compressed parts are one stream", arguments: ["gzip", "deflate"]) func compressedPartsAreOneStream(
        _ coding: String
    ) throws {
        let response = try answers(
            to: "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: \(coding)\r\n\r\n",
            application: Self.application(40, 30_000)
        )[0]
        #expect(response["Content-Encoding"] == coding)
        let body = try Zlib.inflated(response.body, coding == "gzip" ? .gzip : .zlib)
        #expect(body == Self.expected(40, 30_000))
    }

    @Test("Many at once do not mix their parts")
    func manyAtOnceDoNotMixTheirParts() async throws {
        let results = try await withServer(application: Self.application(30, 20_000), { $0.workerCount = 4 }) { port in
            let clients = try (0..<8).map { _ in try RawClient(port) }
            for client in clients { try client.send(Self.get) }
            return try clients.map { try $0.response().body == Self.expected(30, 20_000) }
        }
        #expect(results == Array(repeating: true, count: 8))
    }

    @Test("A reader that takes nothing has few parts made")
    func aReaderThatTakesNothingHasFewPartsMade() async throws {
        let begun = Counter()
        let application = Self.application(1000, 1_000_000, begun)
        let made = try await withServer(
            application: application,
            {
                $0.workerCount = 2
                // The time from tick to tick.
                $0.headerDeadline = .milliseconds(50)
            }
        ) { port in
            let client = try RawClient(port)
            try client.send(Self.get)
            try client.waitForAnswer()
            // Until no part has been made for a while.
            var made = -1
            while made != begun.count {
                made = begun.count
                for _ in 0..<6 { try RawClient.awaitHeaderDeadline(port) }
            }
            return withExtendedLifetime(client) { made }
        }
        // The sockets hold a few megabytes of the thousand.
        #expect((1...40).contains(made))
    }

    @Test("A reader that leaves has no more parts made")
    func aReaderThatLeavesHasNoMorePartsMade() async throws {
        let begun = Counter()
        try await withServer(application: Self.application(100_000, 100_000, begun), { $0.workerCount = 2 }) { port in
            let client = try RawClient(port)
            try client.send(Self.get)
            _ = try client.bytes(1_000_000)
            client.abort()
        }
        // The server has stopped.
        #expect(begun.count < 1000)
    }

}
