import AccessControl
import DropoutService
import HTTPServer
import Logging
import NIOCore
import Observability
import Stopping

/// The one place where HTTP, dropout, keys and what operators see meet.
struct Application: Sendable {
    let service: DropoutService
    let callers: Callers
    let metrics: Metrics
    let log: LogSink
    let logLevel: Logger.Level
    let logsPeers: Bool

    var handler: HTTPHandler { HTTPHandler { begin($0) } }

    /// A monotonic time, from any moment.
    private static let epoch = ContinuousClock.now
    static var now: Duration { ContinuousClock.now - epoch }

    private func begin(_ request: HTTPRequest?) -> HTTPCall {
        metrics.requestBegan()
        var random = RequestNumbers()
        let call = RequestCall(
            requestID: RequestID.accept(request?.header("X-Request-Id"), using: &random),
            trace: request?.header("traceparent").flatMap { TraceContext(traceparent: $0) }?.child(using: &random),
            request: request, crossOrigin: request.map(crossOrigin))
        guard let request else { return httpCall(call, verdict: .now(nil)) }
        if call.isPreflight { return httpCall(call, verdict: .now(call.decorated(.noContent([])))) }
        // OPTIONS of the server as a whole.
        if request.path == "*" {
            return httpCall(
                call, verdict: .now(call.decorated(.noContent([("Allow", "GET, HEAD, POST, OPTIONS")]))))
        }
        switch callers.standing(request, now: Self.now) {
        case .decided(let decision): return httpCall(call, verdict: .now(verdict(decision, request, call)))
        case .unverified(let token, let address):
            return httpCall(
                call,
                verdict: .later {
                    verdict(callers.verify(token, address: address, now: Self.now), request, call)
                })
        }
    }

    /// Notes what was decided on the caller: nil if the request goes on.
    private func verdict(
        _ decision: Callers.Decision, _ request: HTTPRequest, _ call: RequestCall
    ) -> HTTPResponse? {
        switch decision {
        case .admitted(let name, let fields):
            call.admit(name: name, fields: fields)
            // Nobody sends a body for a refusal.
            return request.withServiceRequest { service.answer(beforeBodyOf: $0) }.map(call.decorated)
        case .refused(let refused): return refusal(refused, call)
        }
    }

    private func httpCall(_ call: RequestCall, verdict: HTTPVerdict) -> HTTPCall {
        HTTPCall(
            verdict: verdict, isVital: Callers.isOpen(call.path),
            caller: { call.caller },
            readingPrice: { HTTPPrice(service.readingPrice(bodyBytes: $0)) },
            plan: { request, stop in request.withServiceRequest { plan($0, call, stop) } },
            refusal: { refusal in
                call.decorated(problem(refusal))
            },
            ended: { outcome in end(call, outcome) })
    }

    private func problem(_ refusal: HTTPRefusal) -> ServiceReply {
        switch refusal.reason {
        case .tooExpensive(let heldBytes, let limitBytes):
            service.tooExpensive(
                heldBytes: heldBytes, limitBytes: limitBytes, detail: refusal.detail, instance: refusal.path)
        case .deadline: service.deadline(detail: refusal.detail, instance: refusal.path)
        default: service.problem(status: refusal.status, detail: refusal.detail, instance: refusal.path)
        }
    }

    private func plan(_ request: ServiceRequest, _ call: RequestCall, _ stop: StopFlag) -> HTTPPlan {
        switch service.plan(request, stop: stop) {
        case .reply(let reply): .answer(call.decorated(reply))
        case .work(let work):
            .work(
                HTTPWork(price: HTTPPrice(work.price), questionBytes: work.questionBytes) { stop in
                    call.decorated(work.run(stop))
                })
        }
    }

    private func crossOrigin(_ request: HTTPRequest) -> CrossOrigin.Answer {
        callers.crossOrigin.answer(
            method: request.method, origin: request.header("Origin"),
            requestedMethod: request.header("Access-Control-Request-Method"))
    }

    private func refusal(_ refused: Callers.Refused, _ call: RequestCall) -> HTTPResponse {
        call.refuse(
            refused.status == 401 ? .unauthenticated : refused.status == 429 ? .rateLimited : .verificationBusy,
            name: refused.name, fields: refused.fields)
        return call.decorated(
            service.problem(status: refused.status, detail: refused.detail, instance: call.path))
    }

    private func end(_ call: RequestCall, _ outcome: HTTPOutcome) {
        let record = call.record(outcome, logsPeers: logsPeers)
        metrics.requestEnded(record)
        if logLevel <= record.level { log.add(record.line(log.format, at: .now)) }
    }
}

extension HTTPPrice {
    fileprivate init(_ price: Price) {
        self.init(
            nanoseconds: price.nanoseconds, heldBytes: price.heldBytes, printedBytes: price.printedBytes)
    }
}

extension ServiceReply {
    fileprivate static func noContent(_ fields: [(name: String, value: String)]) -> ServiceReply {
        ServiceReply(status: 204, headers: fields, body: .bytes([]))
    }
}
