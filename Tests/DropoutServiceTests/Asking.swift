import DropoutService
import Foundation
import Stopping
import TensorJSON

/// An answer as a test reads it.
struct Reply {
    let status: Int
    let text: String
    let headers: [String: String]

    /// The members of the answer.
    var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) as? [String: Any] ?? [:]
    }

    /// The pointers of a problem, in order.
    var pointers: [String] { (object["errors"] as? [[String: Any]] ?? []).compactMap { $0["pointer"] as? String } }

    func member(_ path: String...) -> Any? {
        path.reduce(object as Any?) { ($0 as? [String: Any])?[$1] }
    }

    /// The text of a member, as it was sent.
    func json(_ name: String) throws -> String {
        struct Missing: Error { let name: String }
        guard let start = text.range(of: "\"\(name)\":") else { throw Missing(name: name) }
        var (depth, isString) = (0, false)
        var end = start.upperBound
        while end < text.endIndex {
            let character = text[end]
            if character == "\"" { isString.toggle() }
            if !isString {
                if depth == 0, character == "," || character == "}" { break }
                if "[{".contains(character) { depth += 1 }
                if "]}".contains(character) { depth -= 1 }
            }
            end = text.index(after: end)
        }
        return String(text[start.upperBound..<end])
    }

    func matrix(_ name: String) -> [[Double]]? { object[name] as? [[Double]] }
}

extension Reply {
    /// The whole of an answer, its parts and chunks one after another.
    init(_ reply: ServiceReply) {
        var bytes: [UInt8] = []
        reply.body.forEachChunk { bytes += $0 }
        self.init(
            status: reply.status, text: String(decoding: bytes, as: UTF8.self),
            headers: Dictionary(reply.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    }
}

/// Sends one request to the service, without a socket.
func ask(
    _ target: String, _ body: String = "", method: String? = nil, contentType: String? = nil, accept: String? = nil,
    limits: ServiceLimits = ServiceLimits(), concurrency: Concurrency = .serial
) -> Reply {
    let service = DropoutService(limits: limits, concurrency: concurrency)
    return Reply(
        withRequest(target, body, method: method, contentType: contentType, accept: accept) { service.answer($0) })
}

/// What the service plans for one request, whose body is gone afterwards.
func plan(
    _ target: String, _ body: String = "", limits: ServiceLimits = ServiceLimits(), concurrency: Concurrency = .serial,
    stop: StopFlag = .never
) -> ServicePlan {
    withRequest(target, body) { DropoutService(limits: limits, concurrency: concurrency).plan($0, stop: stop) }
}

private func withRequest<Result>(
    _ target: String, _ body: String, method: String? = nil, contentType: String? = nil, accept: String? = nil,
    _ use: (ServiceRequest) -> Result
) -> Result {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    return Array(body.utf8).withUnsafeBufferPointer { bytes in
        use(
            ServiceRequest(
                method: method ?? (body.isEmpty ? "GET" : "POST"), path: parts[0],
                query: parts.count > 1 ? parts[1] : nil, contentType: contentType, accept: accept, body: bytes))
    }
}
