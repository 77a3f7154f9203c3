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

    /// The members of the answer in order, each with its text as it was sent.
    var members: [(name: String, text: String)] { Self.members(of: text) }

    /// The text of a member, as it was sent.
    func json(_ name: String) throws -> String {
        struct Missing: Error { let name: String }
        guard let member = members.first(where: { $0.name == name }) else { throw Missing(name: name) }
        return member.text
    }

    /// The members of an object's text, whose strings have no escapes.
    static func members(of object: some StringProtocol) -> [(name: String, text: String)] {
        items(of: object).compactMap { item in
            guard item.first == "\"", let end = item.dropFirst().firstIndex(of: "\"") else { return nil }
            return (
                String(item[item.index(after: item.startIndex)..<end]),
                String(item[item.index(end, offsetBy: 2)...])
            )
        }
    }

    /// The texts between the commas of an object's or an array's text.
    static func items(of text: some StringProtocol) -> [String] {
        var (items, depth, isString) = ([""], 0, false)
        for byte in text.utf8.drop(while: { $0 == 0x20 }) {
            let character = Character(UnicodeScalar(byte))
            if character == "\"" { isString.toggle() }
            if !isString, "]}".contains(character) { depth -= 1 }
            if depth == 1, !isString, character == "," {
                items.append("")
            } else if depth > 0 {
                items[items.count - 1].append(character)
            }
            if !isString, "[{".contains(character) { depth += 1 }
        }
        return items == [""] ? [] : items
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
    let service = DropoutAPI(limits: limits, concurrency: concurrency)
    return Reply(
        withRequest(target, body, method: method, contentType: contentType, accept: accept) { service.respond(to: $0) })
}

/// What the service plans for one request, whose body is gone afterwards.
func plan(
    _ target: String, _ body: String = "", limits: ServiceLimits = ServiceLimits(), concurrency: Concurrency = .serial,
    stop: StopFlag = .never
) -> ServicePlan {
    withRequest(target, body) { DropoutAPI(limits: limits, concurrency: concurrency).plan($0, stop: stop) }
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
