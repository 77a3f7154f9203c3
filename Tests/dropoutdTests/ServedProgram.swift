import Foundation
import Synchronization

/// The program as a server, with what it logs; ended with the last reference to it.
final class ServedProgram: Sendable {
    enum Failure: Error {
        case didNotStart(String)
        case didNotLog(String, in: String)
        case didNotEnd
    }

    let port: Int
    private let process: Process
    private let log: Log

    /// Holds back the reading of the log.
    private let pause: DispatchSemaphore?

    /// `serve` on a free port, with more arguments.
    ///
    /// - Parameters:
    ///   - limits: as the shell's `ulimit` takes them.
    ///   - isLogRead: if false, nobody reads the log after the port until ``readLog()``.
    init(_ arguments: [String] = [], environment: [String: String] = [:], limits: String? = nil, isLogRead: Bool = true)
        throws
    {
        pause = isLogRead ? nil : DispatchSemaphore(value: 0)
        process = Process()
        Program.set(process, ["serve", "--port", "0"] + arguments, limits)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (pipe, log) = (Pipe(), Log())
        process.standardError = pipe
        try process.run()
        self.log = log
        Thread { [pause] in
            while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                log.add(data)
                if log.text.contains("listening on") { pause?.wait() }
            }
            log.end()
        }.start()
        let line = try log.wait { $0.contains("listening on") }
        guard let found = line.firstMatch(of: #/listening on https?:\/\/[^ "]+:(\d+)/#), let port = Int(found.1) else {
            process.terminate()
            throw Failure.didNotStart(log.text)
        }
        self.port = port
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        readLog()
    }

    /// Reads the log from here on, where that was held back.
    func readLog() { for _ in 0..<1000 { pause?.signal() } }

    /// Returns when the program has ended, whoever reads its log.
    func exited() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// All that was logged; after ``end(_:)`` all that ever will be.
    var text: String { log.text }

    /// The first line with `words` in it, waited for.
    @discardableResult func logged(_ words: String) throws -> String { try log.wait { $0.contains(words) } }

    /// The access log's lines.
    func requests() throws -> [[String: Any]] {
        try log.text.split(separator: "\n").compactMap { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["message"] as? String == "request" ? object : nil
        }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The exit status after `signal`, as soon as all of the log has come.
    func end(_ number: Int32 = SIGTERM) throws -> Int32 {
        signal(number)
        return try ended()
    }

    func ended() throws -> Int32 {
        guard log.hasEnded() else { throw Failure.didNotEnd }
        process.waitUntilExit()
        // 128 and the signal that it died of.
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    func ask(
        _ method: String, _ target: String, _ fields: [String] = [], _ body: String = ""
    ) throws -> Reply {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close"] + fields
        if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        return try Reply(port, lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    private final class Log: Sendable {
        private let state = Mutex((text: Data(), isEnded: false))
        private let changes = DispatchSemaphore(value: 0)

        var text: String { state.withLock { String(decoding: $0.text, as: UTF8.self) } }

        func add(_ data: Data) {
            state.withLock { $0.text += data }
            changes.signal()
        }

        func end() {
            state.withLock { $0.isEnded = true }
            changes.signal()
        }

        func wait(_ isWanted: (Substring) -> Bool) throws -> String {
            while true {
                let isEnded = state.withLock { $0.isEnded }
                // The last line may have come in part.
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                if let line = lines.first(where: isWanted) { return String(line) }
                guard !isEnded, changes.wait(timeout: .now() + 120) == .success else {
                    throw Failure.didNotLog("", in: text)
                }
            }
        }

        func hasEnded() -> Bool {
            while !state.withLock({ $0.isEnded }) {
                guard changes.wait(timeout: .now() + 120) == .success else { return false }
            }
            return true
        }
    }
}
