import DropoutService
import Foundation

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

    func matrix(_ name: String) -> [[Double]]? { object[name] as? [[Double]] }
}

/// Sends one request to the service, without a socket.
func ask(
    _ target: String, _ body: String = "", method: String? = nil, contentType: String? = nil, accept: String? = nil,
    limits: ServiceLimits = ServiceLimits()
) -> Reply {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    let reply = Array(body.utf8).withUnsafeBufferPointer { bytes in
        DropoutService(limits: limits).answer(
            ServiceRequest(
                method: method ?? (body.isEmpty ? "GET" : "POST"), path: parts[0],
                query: parts.count > 1 ? parts[1] : nil, contentType: contentType, accept: accept, body: bytes))
    }
    var bytes: [UInt8] = []
    reply.body.forEachChunk { bytes += $0 }
    return Reply(
        status: reply.status, text: String(decoding: bytes, as: UTF8.self),
        headers: Dictionary(reply.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
}
