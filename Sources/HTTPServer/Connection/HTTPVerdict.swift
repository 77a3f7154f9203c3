import NIOCore
import Stopping

/// What the header of a request alone decides.
package enum HTTPVerdict: Sendable {
    /// The answer that is sent instead of any other, without the body; nil if the request goes on.
    case now(HTTPResponse?)
    /// The same, if finding it takes too long for an event loop. `check` runs once, on a worker. Until it returns, nothing
    /// more of the request is read and 100 Continue is not sent. It does not run if the client has left.
    case later(check: @Sendable () -> HTTPResponse?)
}

/// A request whose header was accepted and whose verdict a worker finds.
struct AwaitedVerdict {
    let call: HTTPCall
    let request: HTTPRequest
    let head: RequestHead
    /// Set if nobody waits for the verdict any more.
    let stop = StopFlag()
    /// Whether the decoder has reported the end of the request. It does so together with the header if there is no body.
    var hasEnded = false
}

extension ConnectionHandler {
    /// Has a worker run `check`, and stops reading until it has.
    func awaitVerdict(_ awaited: AwaitedVerdict, _ check: @escaping @Sendable () -> HTTPResponse?) {
        guard let context else { return }
        state = .awaitingVerdict(awaited)
        // The wait in the queue and the check are not the client's fault.
        deadline?.clear()
        gate.hold()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let (loop, stop, admitted) = (context.eventLoop, awaited.stop, NIODeadline.now())
        let item = WorkItem(caller: awaited.call.caller(), kind: .short, isRequest: true) { [workers] _ in
            defer { workers.requestEnded() }
            guard !stop.isSet else { return }
            let start = NIODeadline.now()
            let verdict = check()
            let (queue, compute) = (Duration.nanoseconds((start - admitted).nanoseconds), Duration(since: start))
            loop.execute { bound.value.takeVerdict(.success(verdict), queue, compute) }
        }
        if workers.admit(item) { return }
        // Not at once: the decoder may still report the end of the request.
        loop.execute { bound.value.takeVerdict(.failure(.queueIsFull), nil, nil) }
    }

    /// Notes that nobody waits for a verdict any more.
    func dropVerdict() {
        if case .awaitingVerdict(let awaited) = state { awaited.stop.set() }
    }

    private func takeVerdict(_ verdict: Result<HTTPResponse?, HTTPRefusal>, _ queue: Duration?, _ compute: Duration?) {
        // If the client has left, or the request was refused meanwhile, the verdict decides nothing.
        guard context != nil, case .awaitingVerdict(let awaited) = state else { return }
        exchange.outcome.addTimes(queue: queue, compute: compute)
        do throws(HTTPRefusal) {
            let answer: HTTPResponse?
            switch verdict {
            case .success(let found): answer = found
            case .failure(let refusal): answer = response(refusal)
            }
            try proceed(awaited.call, awaited.request, awaited.head, answer)
        } catch {
            return refuse(error)
        }
        if awaited.hasEnded { endRequest() }
        gate.pass()
    }
}
