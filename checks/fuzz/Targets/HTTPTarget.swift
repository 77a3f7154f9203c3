import Foundation
import HTTPServer
import NIOCore
import Stopping
import Synchronization

/// Any bytes on a connection to a server with small limits: the first byte says where they are cut in two, the rest is sent.
///
/// - What comes back are whole answers with the statuses of the server and of its handler, nothing after the last.
/// - The answers do not depend on how the bytes were cut on their way, except for the reason of a refusal.
/// - The handler sees a body within the limits and a path without a query, and the server answers everything that it saw.
enum HTTPTarget {
    /// Statuses of the server itself, besides 200 of the application.
    private static let statuses: Set = [200, 400, 408, 413, 414, 415, 417, 431, 501, 505]
    private static let server = start()
    private static let count = Mutex(0)
    private static let seen = Mutex<[String]>([])

    static func run(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        guard let cut = input.first else { return 0 }
        let bytes = Array(input.dropFirst())
        let whole = exchange([bytes], input)
        let place = bytes.isEmpty ? 0 : Int(cut) % bytes.count
        let parts = exchange([Array(bytes[..<place]), Array(bytes[place...])], input)
        require(
            parts.answers.map(\.told) == whole.answers.map(\.told),
            "cut in two, other answers: \(whole.answers) and \(parts.answers)",
            input: input)
        require(parts.seen == whole.seen, "cut in two, other requests: \(whole.seen), \(parts.seen)", input: input)
        return 0
    }

    /// Sends the parts on a new connection, reads to the end, and checks what came.
    private static func exchange(
        _ parts: [[UInt8]], _ input: UnsafeBufferPointer<UInt8>
    ) -> (answers: [HTTPAnswer], seen: [String]) {
        seen.withLock { $0 = [] }
        let received: [UInt8]
        do throws(LoopbackClient.Failure) {
            received = try LoopbackClient.exchange(
                port: server.port,
                number: count.withLock {
                    $0 += 1; return $0
                }, parts)
        } catch {
            stop("no exchange: \(error.call): \(error.reason)", input: Array(input))
        }
        guard let answers = HTTPAnswer.all(in: received) else {
            stop("not a row of answers: \(String(decoding: received.prefix(2000), as: UTF8.self))", input: Array(input))
        }
        require(answers.allSatisfy { statuses.contains($0.status) }, "a status: \(answers)", input: input)
        let seen = seen.withLock { $0 }
        require(answers.count { $0.status == 200 } == seen.count, "\(seen) and \(answers)", input: input)
        return (answers, seen)
    }

    private static func start() -> HTTPListener {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.maximumBodyBytes = 512
        configuration.maximumHeaderBytes = 512
        configuration.maximumHeaderCount = 12
        configuration.maximumTargetBytes = 64
        let limits = configuration
        let answer: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            if request.body.readableBytes > limits.maximumBodyBytes
                || request.path.utf8.count > limits.maximumTargetBytes
            {
                stop("a request over the limits: \(request)", input: [])
            }
            let line = "\(request.method) \(request.path) \(request.query ?? "-") \(request.body.readableBytes)"
            seen.withLock { $0.append(line) }
            let fields = [(name: "X-Method", value: request.method)]
            guard request.path == "/chunks" else {
                return HTTPResponse(status: 200, headers: fields, body: .bytes(Array(line.utf8)))
            }
            let left = Mutex(3)
            return HTTPResponse(
                status: 200, headers: fields,
                body: .chunks {
                    left.withLock { left in
                        left -= 1
                        return left < 0 ? nil : HTTPChunk(Array("chunk".utf8))
                    }
                })
        }
        let application = FuzzedApplication(answer: answer)
        let started = Mutex<HTTPListener?>(nil)
        let isUp = DispatchSemaphore(value: 0)
        let configured = configuration
        Task.detached {
            let server = try? await HTTPListener.start(configured, application, WorkerPool(configured))
            started.withLock { $0 = server }
            isUp.signal()
        }
        isUp.wait()
        guard let server = started.withLock({ $0 }) else { stop("the server does not start", input: []) }
        return server
    }
}

/// Answers `/worker` on a worker, everything else on the event loop.
private struct FuzzedApplication: HTTPApplication, HTTPExchange {
    let answer: @Sendable (HTTPRequest) -> HTTPResponse

    func begin(_ request: HTTPRequest?) -> any HTTPExchange { self }

    var verdict: HTTPVerdict { .now(nil) }
    var isVital: Bool { false }
    var caller: String { "" }
    func check() -> HTTPResponse? { nil }
    func readingPrice(bodyBytes: Int) -> HTTPPrice { HTTPPrice() }

    func plan(_ request: HTTPRequest, stop: StopFlag) -> HTTPPlan {
        guard request.path == "/worker" else { return .answer(answer(request)) }
        return .work(HTTPWork(price: HTTPPrice(nanoseconds: 1_000_000)) { _ in answer(request) })
    }

    func response(to refusal: HTTPRefusal) -> HTTPResponse {
        HTTPResponse(status: refusal.status, headers: [], body: .bytes(Array("refused: \(refusal.detail)".utf8)))
    }

    func ended(_ outcome: HTTPOutcome) {}
}
