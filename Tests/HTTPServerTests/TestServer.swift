import Foundation
import HTTPServer
import NIOCore

/// Starts a server on a free port, runs `talk` on a thread of its own, and stops the server.
///
/// Expectations belong behind the call, since the thread is none of the test's: `talk` returns what it saw.
func withServer<Seen: Sendable>(
    application: TestApplication = .fake(), _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ talk: @escaping @Sendable (Int) throws -> Seen
) async throws -> Seen {
    try await withServerItself(application: application, adjust) { try talk($0.port) }
}

/// The same, for a talk that asks the server for its figures.
func withServerItself<Seen: Sendable>(
    application: TestApplication = .fake(), _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ talk: @escaping @Sendable (HTTPListener) throws -> Seen
) async throws -> Seen {
    var configuration = HTTPServerConfiguration.patient
    adjust(&configuration)
    let server = try await HTTPListener.start(configuration, application, WorkerPool(configuration))
    let seen = await onThread { try talk(server) }
    await server.stop()
    return try seen.get()
}

extension HTTPServerConfiguration {
    /// On a free port, with deadlines that no machine is slow enough to reach. A test shortens the one that it asks.
    static var patient: HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        let deadlines: [WritableKeyPath<HTTPServerConfiguration, Duration>] = [
            \.silence, \.headerDeadline, \.bodyDeadline, \.idleTimeout, \.writeStallDeadline, \.answerDeadline,
            \.queueDeadline, \.computeDeadline,
        ]
        for deadline in deadlines { configuration[keyPath: deadline] = .seconds(3600) }
        return configuration
    }
}

/// Sends `text` on a new connection to a server and reads so many answers.
func servedAnswers(
    to text: String, count: Int = 1, application: TestApplication = .fake(),
    _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
) async throws -> [RawResponse] {
    try await withServer(application: application, adjust) { port in
        let client = try RawClient(port)
        try client.send(text)
        return try (0..<count).map { _ in try client.response() }
    }
}

/// Runs `work`, which may block, on a thread of its own.
func onThread<Seen: Sendable>(_ work: @escaping @Sendable () throws -> Seen) async -> Result<Seen, any Error> {
    await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: Result { try work() }) }.start()
    }
}

/// Holds jobs on the workers until the test lets them go.
final class Gate: Sendable {
    struct NobodyCame: Error {}

    private let arrivals = DispatchSemaphore(value: 0)
    private let permits = DispatchSemaphore(value: 0)

    /// Called by the job.
    func pass() {
        arrivals.signal()
        _ = permits.wait(timeout: .now() + 120)
    }

    /// The same for one that does not wait.
    func arrive() { arrivals.signal() }

    /// Returns when a job stands at the gate.
    func awaitArrival() throws(NobodyCame) {
        guard arrivals.wait(timeout: .now() + 120) == .success else { throw NobodyCame() }
    }

    func open() { permits.signal() }
}

extension TestApplication {
    /// Answers by path; whatever lies under `/worker` on a worker, the rest on the event loop.
    ///
    /// - `/echo`, `/worker/echo`: the method, path and query in a line, then the body.
    /// - `/worker/gated`: the same, when the gate opens.
    /// - `/worker/chunks/COUNT/SIZE`: so many chunks of that many bytes.
    /// - `/empty`: 204.
    /// - `/reflect/VALUE`: a field of that value.
    /// - `/field/NAME`: the value of that field of the request.
    static func fake(_ gate: Gate? = nil) -> TestApplication {
        let answer: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            let parts = request.path.split(separator: "/", maxSplits: 3).map(String.init)
            if request.path == "/worker/gated" { gate?.pass() }
            if parts.count == 4, parts.starts(with: ["worker", "chunks"]) { return chunks(parts) }
            if request.path == "/empty" { return HTTPResponse(status: 204, headers: [], body: .bytes([])) }
            if parts.first == "reflect" {
                let value = request.path.dropFirst("/reflect/".count)
                return HTTPResponse(status: 200, headers: [("X-Reflected", String(value))], body: .bytes([]))
            }
            if parts.first == "field", parts.count == 2 {
                let value = request.header(parts[1]) ?? "none"
                return HTTPResponse(status: 200, headers: [], body: .bytes(Array(value.utf8)))
            }
            let line = "\(request.method) \(request.path) \(request.query ?? "-")\n"
            return HTTPResponse(
                status: 200, headers: [("Content-Type", "text/plain")],
                body: .bytes(Array(line.utf8) + Array(request.body.readableBytesView)))
        }
        return .always(
            .answering(onLoop: { $0.path.hasPrefix("/worker") ? nil : answer($0) }, onWorker: answer))
    }

    /// The same call for every request.
    static func always(_ call: TestExchange) -> TestApplication { TestApplication { _ in call } }

    static let problem: @Sendable (HTTPRefusal) -> HTTPResponse = { refusal in
        var problem: [String: Any] = ["status": refusal.status, "detail": refusal.detail]
        problem["instance"] = refusal.path
        let text = (try? JSONSerialization.data(withJSONObject: problem, options: .sortedKeys)) ?? Data()
        return HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/problem+json")], body: .bytes(Array(text)))
    }

    private static func chunks(_ parts: [String]) -> HTTPResponse {
        let (count, size) = (Int(parts[2]) ?? 0, Int(parts[3]) ?? 0)
        let sent = Counter()
        return HTTPResponse(
            status: 200, headers: [],
            body: .chunks {
                let index = sent.next()
                return index < count
                    ? HTTPChunk([UInt8](repeating: UInt8(ascii: "a") + UInt8(index % 26), count: size)) : nil
            })
    }
}

extension TestExchange {
    /// Answers at once what `onLoop` answers, and the rest as work of this price.
    static func answering(
        onLoop: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
        onWorker: @escaping @Sendable (HTTPRequest) -> HTTPResponse,
        price: HTTPPrice = HTTPPrice(nanoseconds: 1_000_000),
        refusal: @escaping @Sendable (HTTPRefusal) -> HTTPResponse = TestApplication.problem
    ) -> TestExchange {
        TestExchange(
            plan: { request, _ in
                if let response = onLoop(request) { return .answer(response) }
                return .work(HTTPWork(price: price) { _ in onWorker(request) })
            }, refusal: refusal)
    }
}
