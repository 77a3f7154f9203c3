import AccessControl
import DropoutService
import HTTPServer
import Observability
import Stopping
import Synchronization

/// One request while it is answered: what the steps find out about it, and its answer in the terms of HTTP.
final class RequestExchange: HTTPExchange {
    private typealias Fields = [(name: String, value: String)]

    private struct State {
        var id = ""
        var trace: TraceContext?
        var identity: Identity?
        var admission: Admission?
        /// The name of the key.
        var keyName: String?
        // The fields to add to the answer, in this order.
        var crossOriginFields: Fields = []
        var nameFields: Fields = []
        var fields: Fields = []
        var refusal: Observability.Refusal?
        var elements: Int?
        var fault: String?
        /// The number of the step that must run on a worker.
        var heldStep = 0
        var verdict = HTTPVerdict.now(nil)
    }

    private let application: Application
    private let steps: [any RequestStep]
    /// The header of the request. Nil if it cannot be read.
    private let request: HTTPRequest?
    /// The route of the path. Nil if there is none.
    let match: Route.Match?
    private let state = Mutex(State())

    /// Takes the steps until one answers or must run on a worker.
    init(_ request: HTTPRequest?, _ application: Application, _ steps: [any RequestStep]) {
        self.request = request
        match = request.flatMap { Route.find($0.path) }
        self.application = application
        self.steps = steps
        let verdict = take(stepsFrom: 0, isOnWorker: false)
        state.withLock { $0.verdict = verdict }
    }

    var route: Route? { match?.route }

    // MARK: Steps

    /// The verdict on the caller and the header.
    var verdict: HTTPVerdict { state.withLock { $0.verdict } }

    func check() -> HTTPResponse? {
        switch take(stepsFrom: state.withLock { $0.heldStep }, isOnWorker: true) {
        case .now(let response): response
        // Nil would let the request go on without the steps that are left.
        case .later:
            response(application.service.fail("a step waits for a worker on a worker", instance: request?.path))
        }
    }

    private func take(stepsFrom first: Int, isOnWorker: Bool) -> HTTPVerdict {
        for index in first..<steps.count {
            switch steps[index].take(request, self, isOnWorker: isOnWorker) {
            case .goOn: break
            case .answer(let reply): return .now(response(reply))
            case .onWorker:
                state.withLock { $0.heldStep = index }
                return .later
            }
        }
        return .now(nil)
    }

    /// The caller. Nil if the route is open to everybody.
    var identity: Identity? { state.withLock { $0.identity } }

    func name(_ id: String, _ trace: TraceContext?) {
        state.withLock { state in
            state.id = id
            state.trace = trace
            state.nameFields.append(("X-Request-Id", id))
            if let trace { state.nameFields.append(("traceparent", trace.traceparent)) }
        }
    }

    /// Adds the fields that say which web pages may read the answer.
    func allow(_ fields: [(name: String, value: String)]) { state.withLock { $0.crossOriginFields = fields } }

    /// - Parameter name: The name of the key. Nil if there are no keys.
    func admit(_ identity: Identity, name: String?) {
        state.withLock { state in
            state.identity = identity
            state.keyName = name
        }
    }

    /// Notes what the header has settled, for ``plan(_:stop:)``.
    func admit(_ admission: Admission) { state.withLock { $0.admission = admission } }

    func add(_ fields: [(name: String, value: String)]) { state.withLock { $0.fields += fields } }

    /// Records why the request is refused, and makes the problem document.
    func refuse(
        _ refusal: Observability.Refusal, _ status: Int, _ detail: String, _ fields: [(name: String, value: String)]
    ) -> ServiceReply {
        state.withLock { state in
            state.refusal = refusal
            state.fields += fields
        }
        return application.service.refuse(status: status, detail: detail, instance: request?.path)
    }

    // MARK: The answer

    var isVital: Bool { route?.audience == .probes }

    var caller: String {
        state.withLock { $0.keyName }.map { "key \($0)" } ?? request?.callerAddress ?? ""
    }

    /// A short body may have hundreds of questions.
    var isReadByWorker: Bool { state.withLock { $0.admission?.hasLines ?? false } }

    func readingPrice(bodyBytes: Int) -> HTTPPrice {
        HTTPPrice(
            application.service.readingPrice(
                bodyBytes: bodyBytes, method: request?.method ?? "", state.withLock { $0.admission }))
    }

    func plan(_ request: HTTPRequest, stop: StopFlag) -> HTTPPlan {
        guard let admission = state.withLock({ $0.admission }) else {
            return .answer(
                response(application.service.fail("a request is planned before its header", instance: request.path)))
        }
        let plan = request.withServiceRequest { application.service.plan($0, admission, stop: stop) }
        if let unchanged = plan.unchanged, let tag = unchanged.caching.tag.flatMap(request.storedTag) {
            var response = response(unchanged, tag)
            response.headers.append(("Vary", "Accept-Encoding"))
            return .answer(response)
        }
        return switch plan {
        case .reply(let reply): .answer(response(reply))
        case .work(let work):
            .work(
                HTTPWork(
                    price: HTTPPrice(work.price), questionBytes: work.questionBytes, deadline: work.urgency.deadline,
                    rank: work.urgency.rank ?? .max
                ) { [self] stop in response(work.run(stop)) })
        }
    }

    func response(to refusal: HTTPRefusal) -> HTTPResponse {
        let service = application.service
        return switch refusal.reason {
        case .tooExpensive(let heldBytes, let limitBytes):
            response(
                service.refuseExpensive(
                    heldBytes: heldBytes, limitBytes: limitBytes, detail: refusal.detail, instance: refusal.path))
        case .deadline: response(service.refuseLate(detail: refusal.detail, instance: refusal.path))
        default:
            response(service.refuse(status: refusal.status, detail: refusal.detail, instance: refusal.path))
        }
    }

    /// The answer of the service in the terms of HTTP, with the fields of this request.
    ///
    /// - Parameter tag: the tag of the stored answer that this one confirms.
    private func response(_ reply: ServiceReply, _ tag: String? = nil) -> HTTPResponse {
        let fields = state.withLock { state in
            state.elements = reply.elements
            state.fault = reply.fault
            return state.crossOriginFields + state.nameFields + state.fields
        }
        // nosniff: a browser must not guess another type than that of the answer.
        let always = [("Cache-Control", reply.caching.control), ("X-Content-Type-Options", "nosniff")]
        let tags = (tag ?? reply.caching.tag).map { [("ETag", "\"\($0)\"")] } ?? []
        return HTTPResponse(
            status: reply.status, headers: reply.headers + tags + always + fields, body: HTTPBody(reply.body),
            heldBytes: reply.heldBytes, isDense: reply.isDense)
    }

    // MARK: The end

    func ended(_ outcome: HTTPOutcome) { application.end(self, outcome) }

    /// The facts for the log and the metrics.
    func record(_ outcome: HTTPOutcome, logsPeers: Bool) -> RequestRecord {
        let state = state.withLock { $0 }
        let path = request?.path
        // 499: the client left before there was an answer.
        var record = RequestRecord(
            requestID: state.id, method: request?.method ?? "",
            route: route?.path ?? "other", path: path ?? "",
            status: outcome.status ?? 499, duration: outcome.duration)
        record.trace = state.trace
        record.remote = logsPeers ? request?.peer : nil
        record.bytesIn = outcome.bytesIn
        record.bytesOut = outcome.bytesOut
        record.elements = state.elements
        record.queue = outcome.queue
        record.compute = outcome.compute
        record.key = state.keyName
        record.fault = state.fault
        record.refusal = state.refusal ?? outcome.refusal.flatMap(Observability.Refusal.init)
        // A server that stops is not ready. This is a refusal and not a fault.
        if route?.audience == .probes, record.status == 503 { record.refusal = record.refusal ?? .stopping }
        return record
    }
}
