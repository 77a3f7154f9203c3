import AccessControl
import DropoutService
import HTTPServer
import NIOCore
import Observability
import Synchronization
import TensorJSON

/// What is known of one request while it is answered.
final class RequestCall: Sendable {
    private struct State {
        var name: String?
        /// To add to the answer.
        var fields: [(name: String, value: String)] = []
        var refusal: Observability.Refusal?
        var elements: Int?
        var fault: String?
    }

    private let requestID: String
    private let trace: TraceContext?
    private let method: String
    let path: String?
    private let peer: String?
    private let address: String?
    let isPreflight: Bool
    private let state: Mutex<State>

    init(requestID: String, trace: TraceContext?, request: HTTPRequest?, crossOrigin: CrossOrigin.Answer?) {
        self.requestID = requestID
        self.trace = trace
        method = request?.method ?? ""
        path = request?.path
        peer = request?.peer
        address = request?.callerAddress
        isPreflight = crossOrigin?.isPreflight ?? false
        var state = State(fields: crossOrigin?.fields ?? [])
        state.fields.append(("X-Request-Id", requestID))
        if let trace { state.fields.append(("traceparent", trace.traceparent)) }
        self.state = Mutex(state)
    }

    /// Who asks, for fair shares: the key's name, else the client's address, of IPv6 the first 64 bits.
    var caller: String { state.withLock { $0.name }.map { "key \($0)" } ?? address ?? "" }

    func admit(name: String?, fields: [(name: String, value: String)]) {
        state.withLock { state in
            state.name = name
            state.fields += fields
        }
    }

    func refuse(_ refusal: Observability.Refusal, name: String?, fields: [(name: String, value: String)]) {
        state.withLock { state in
            state.name = name
            state.refusal = refusal
            state.fields += fields
        }
    }

    /// The service's answer as the server sends it, with the fields of this request.
    func decorated(_ reply: ServiceReply) -> HTTPResponse {
        let fields = state.withLock { state in
            state.elements = reply.elements
            state.fault = reply.fault
            return state.fields
        }
        let body: HTTPBody =
            switch reply.body {
            case .bytes(let bytes): .bytes(bytes)
            case .chunks(let next): .chunks { next().map { HTTPChunk($0.bytes, isCut: $0.isCut) } }
            case .parts(let next):
                .parts {
                    next().map { part in
                        HTTPPart(maximumBytes: part.maximumBytes) { part.write(to: $0.bindMemory(to: UInt8.self)) }
                    }
                }
            }
        // The type that is said is the type that it is, whatever a browser finds in the bytes.
        let always = [("Cache-Control", reply.caching.rawValue), ("X-Content-Type-Options", "nosniff")]
        return HTTPResponse(
            status: reply.status, headers: reply.headers + always + fields, body: body, heldBytes: reply.heldBytes)
    }

    /// What the log and the metrics say of it.
    func record(_ outcome: HTTPOutcome, logsPeers: Bool) -> RequestRecord {
        let state = state.withLock { $0 }
        // 499: the client left before there was an answer.
        var record = RequestRecord(
            requestID: requestID, method: method, route: path.flatMap { DropoutService.route($0) } ?? "other",
            path: path ?? "", status: outcome.status ?? 499, duration: outcome.duration)
        record.trace = trace
        record.remote = logsPeers ? peer : nil
        record.bytesIn = outcome.bytesIn
        record.bytesOut = outcome.bytesOut
        record.elements = state.elements
        record.queue = outcome.queue
        record.compute = outcome.compute
        record.key = state.name
        record.fault = state.fault
        record.refusal = state.refusal ?? outcome.refusal.flatMap(Observability.Refusal.init)
        // That a server which stops is not ready is no fault.
        if record.route == "/readyz", record.status == 503 { record.refusal = record.refusal ?? .stopping }
        return record
    }
}

extension Observability.Refusal {
    fileprivate init?(_ reason: HTTPRefusal.Reason) {
        switch reason {
        case .malformed: self = .malformed
        case .tooLarge: self = .tooLarge
        case .tooSlow: self = .tooSlow
        case .coding: self = .coding
        case .connections: self = .connectionLimit
        case .queue: self = .queueFull
        case .memory: self = .memory
        case .tooExpensive: self = .tooExpensive
        case .deadline: self = .deadline
        case .answer: return nil
        }
    }
}

extension HTTPRequest {
    /// Asks the service with this request's bytes.
    func withServiceRequest<Answer>(_ answer: (ServiceRequest) -> Answer) -> Answer {
        body.withUnsafeReadableBytes { bytes in
            answer(
                ServiceRequest(
                    method: method, path: path, query: query, contentType: header("Content-Type"),
                    accept: header("Accept"), body: bytes.bindMemory(to: UInt8.self)))
        }
    }
}
