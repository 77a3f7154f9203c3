import NIOCore
import Stopping

/// A request whose header was accepted and whose verdict a worker finds.
struct AwaitedVerdict {
    let exchange: any HTTPExchange
    let request: HTTPRequest
    let head: RequestHead
    /// Set if nobody waits for the verdict any more.
    let stop = StopFlag()
    /// Whether the decoder has reported the end of the request. It does so together with the header if there is no body.
    var hasEnded = false
}

extension ConnectionHandler {
    /// Has a worker check the caller, and stops reading until it has.
    func awaitVerdict(_ awaited: AwaitedVerdict) {
        guard let context else { return }
        state = .awaitingVerdict(awaited)
        // The wait in the queue and the check are not the client's fault.
        deadline?.clear()
        gate.hold()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let (loop, stop, exchange, admitted) = (context.eventLoop, awaited.stop, awaited.exchange, NIODeadline.now())
        let item = WorkItem(caller: exchange.caller, kind: .short, isRequest: true) { [workers] _ in
            defer { workers.requestEnded() }
            guard !stop.isSet else { return }
            let start = NIODeadline.now()
            let verdict = exchange.check()
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
        progress.outcome.addTimes(queue: queue, compute: compute)
        do throws(HTTPRefusal) {
            let answer: HTTPResponse?
            switch verdict {
            case .success(let found): answer = found
            case .failure(let refusal): answer = response(refusal)
            }
            try proceed(awaited.exchange, awaited.request, awaited.head, answer)
        } catch {
            return refuse(error)
        }
        if awaited.hasEnded { endRequest() }
        gate.pass()
    }
}
