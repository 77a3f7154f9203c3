import NIOCore
import Stopping

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// Answering: by the event loop, by a worker, or with a refusal.
extension ConnectionHandler {
    func answer(_ incoming: IncomingRequest) {
        deadline?.clear()
        state = .answering
        if let verdict = incoming.verdict { return write(verdict) }
        // OPTIONS of the server as a whole.
        if incoming.request.path == "*" {
            return write(HTTPResponse(status: 204, headers: [], body: .bytes([])))
        }
        let request = incoming.request
        guard incoming.coding == nil, request.body.readableBytes <= Self.maximumBytesOnLoop else {
            return submit(incoming.exchange) { job throws(HTTPRefusal) in
                try job.start(request, coding: incoming.coding)
                return true
            }
        }
        let start = NIODeadline.now()
        switch incoming.exchange.plan(request, stop: progress.stop) {
        case .answer(let response): writeQuick(response, since: start)
        case .work(let work) where work.price.isForLoop(workers.budget.shares):
            writeQuick(work.run(progress.stop), since: start)
        case .work(let work):
            submit(incoming.exchange) { job throws(HTTPRefusal) in try job.start(work) }
        }
    }

    /// A longer body, and a compressed one, is read on a worker.
    private static let maximumBytesOnLoop = 8 << 10

    /// Hands a request to the workers.
    private func submit(_ exchange: any HTTPExchange, _ start: (AnswerJob) throws(HTTPRefusal) -> Bool) {
        guard let context else { return }
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        let job = AnswerJob(
            exchange, stop: progress.stop, holding: holding(), caller: caller(),
            answerCoding: progress.isHead ? nil : progress.coding, isInputClosed: gate.isInputClosed, configuration,
            workers
        ) { job, result in
            loop.execute { bound.value.take(result, of: job) }
        }
        progress.job = job
        deadline?.set(after: job.firstCheck)
        do throws(HTTPRefusal) {
            if try !start(job) { close() }
        } catch {
            progress.job = nil
            write(response(error))
        }
    }

    private func take(_ result: AnswerJob.Result, of job: AnswerJob) {
        // If the client has left or the time was over, the request has ended.
        guard context != nil, progress.job === job else { return }
        progress.job = nil
        progress.outcome.addTimes(queue: result.queue, compute: result.compute)
        progress.price = result.price
        switch result.answer {
        case .response(let response): write(response)
        case .refusal(let refusal): write(response(refusal))
        case .nobodyWaits: close()
        }
    }

    /// The client sends no more. What is dear is not computed for a client that may have left.
    func inputClosed() {
        if progress.job?.inputClosed() == true { return close() }
        if stream?.isComputed == true, progress.price.isAttended { close() }
    }

    /// The time is up for what is computed while it is sent.
    func stopComputing() {
        progress.outcome.refusal = .deadline
        progress.stop.set()
    }

    /// A request has waited or computed for a while.
    func watchJob(_ job: AnswerJob) {
        switch job.checkTime(now: .now()) {
        case .notBefore(let time):
            deadline?.set(after: .nanoseconds(max(0, (time - .now()).nanoseconds)))
        case .hasWaitedTooLong:
            // It may have begun in this moment.
            guard job.withdraw() else { return deadline?.set(after: .milliseconds(1)) ?? () }
            forget(job)
            write(response(HTTPRefusal(503, .queue, "the request has waited too long for a processor")))
        case .hasComputedTooLong:
            job.abandon()
            forget(job)
            write(response(HTTPRefusal(503, .deadline, "the computation took too long and was stopped")))
        }
    }

    /// Answers without the job, which keeps what it holds until it has ended.
    private func forget(_ job: AnswerJob) {
        progress.job = nil
        progress.holding = nil
    }

    /// An answer that was made on the event loop is compressed on a worker.
    private func writeQuick(_ response: HTTPResponse, since start: NIODeadline) {
        progress.outcome.addTimes(queue: nil, compute: Duration(since: start))
        guard let coding = progress.coding, response.isWorthCompressing, !progress.isHead, let context else {
            return write(response)
        }
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        workers.enqueue(
            WorkItem(caller: caller(), kind: .short) { _ in
                let response = response.encoded(coding)
                loop.execute { bound.value.write(response) }
            })
    }

    /// A refusal as an answer, in the handler's form.
    func response(_ refusal: HTTPRefusal) -> HTTPResponse {
        let exchange = progress.exchange ?? application.begin(nil)
        progress.exchange = exchange
        progress.outcome.refusal = refusal.reason
        var refusal = refusal
        refusal.path = progress.path
        var response = exchange.response(to: refusal)
        switch refusal.status {
        // What took too long takes as long again.
        case 503 where refusal.reason != .deadline: response.headers.append(("Retry-After", "1"))
        case 415: response.headers.append(("Accept-Encoding", "gzip, deflate"))
        default: break
        }
        return response
    }

    /// Writes an answer; a long one part by part, as the reader takes them.
    func write(_ response: HTTPResponse) {
        guard let context, context.channel.isActive else { return }
        guard response.isLegal else {
            return write(
                self.response(HTTPRefusal(500, .answer, "the answer has a header that cannot be sent")).legal)
        }
        if isDraining { progress.isKeepAlive = false }
        progress.outcome.status = response.status
        let head = ResponseHead(response, &progress, date: dates.value)
        let mayHaveBody = response.mayHaveBody && !progress.isHead
        var length = head.text.utf8.count
        if mayHaveBody, case .bytes(let bytes) = response.body { length += bytes.count }
        var buffer = context.channel.allocator.buffer(capacity: length)
        buffer.writeString(head.text)
        reader = ReaderPace()
        switch response.body {
        case _ where !mayHaveBody: send(buffer)
        case .bytes(let bytes):
            buffer.writeBytes(bytes)
            send(buffer)
            progress.answerBytes = bytes.count
        case .chunks, .parts:
            put(buffer)
            // Most often a worker has taken this already.
            holding().holdAllocated(response.unsentBytes(progress.price))
            progress.answerBytes = progress.price.printedBytes
            let stream = AnswerStream(
                response.body, isChunked: head.isChunked, stop: progress.stop, caller: caller(), self)
            self.stream = stream
            beginWatchingReader()
            stream.advance()
            return
        }
        finish()
    }

    private func beginWatchingReader() {
        reader.begin(taken: takenBytes)
        let allowed = progress.answerBytes / max(1, configuration.minimumAnswerBytesPerSecond)
        // What is computed while it is sent may also take the time of its computation.
        let compute = stream?.isComputed == true ? configuration.computeDeadline : .zero
        progress.answerDue = .now() + TimeAmount(configuration.answerDeadline + .seconds(allowed) + compute)
        progress.spanEnd = .now() + TimeAmount(configuration.writeStallDeadline)
        setReaderDeadline()
    }

    private func setReaderDeadline() {
        let next = min(progress.answerDue, progress.spanEnd) - .now()
        deadline?.set(after: .nanoseconds(max(0, next.nanoseconds)))
    }

    /// Hands bytes to the channel, which sends them with the next ``send(_:)``.
    func put(_ buffer: ByteBuffer) {
        reader.add(buffer.readableBytes)
        context?.write(wrapOutboundOut(buffer), promise: nil)
    }

    func send(_ buffer: ByteBuffer) {
        reader.add(buffer.readableBytes)
        context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Bytes that were sent and that the socket has not taken.
    private var waitingBytes: Int {
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Bytes of the connection that the client's system has taken; what ours has taken, if it does not say.
    private var takenBytes: Int {
        let sent = reader.written - waitingBytes
        guard let provider = context?.channel as? any SocketOptionProvider else { return sent }
        // On the channel's event loop the answer comes at once.
        let acknowledged = NIOLoopBoundBox(Int?.none, eventLoop: provider.eventLoop)
        provider.unsafeGetSocketOption(level: .tcp, name: .init(rawValue: TCP_INFO)).whenSuccess { (info: TCPInfo) in
            acknowledged.value = Int(info.acknowledgedBytes)
        }
        return acknowledged.value ?? sent
    }

    /// The answer is written: goes on when the socket has taken it.
    func finish() {
        let waiting = waitingBytes
        if waiting == 0 { return finishAnswer() }
        if stream == nil {
            // The answer is in the channel's memory until the reader takes it.
            guard holding().hold(min(waiting, progress.answerBytes)) else { return close() }
            beginWatchingReader()
        }
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { result in
            switch result {
            case .success: bound.value.finishAnswer()
            case .failure: bound.value.close()
            }
        }
    }

    /// The answer was cut. The client must not take it for whole: it misses the last chunk, or the connection is reset.
    func finishCut(isChunked: Bool) {
        progress.isKeepAlive = false
        progress.isCut = true
        if !isChunked, let provider = context?.channel as? any SocketOptionProvider {
            provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
            return close()
        }
        finish()
    }

    /// A reader that takes too little in a span of time is left, and one that takes too long for all.
    func watchReader() {
        let now = NIODeadline.now()
        guard now < progress.answerDue else { return close() }
        if now >= progress.spanEnd {
            let span = configuration.writeStallDeadline.components
            let seconds = Double(span.seconds) + Double(span.attoseconds) * 1e-18
            let minimum = max(1, Int(seconds * Double(configuration.minimumBytesPerSecond)))
            guard reader.keepsUp(taken: takenBytes, waiting: waitingBytes, minimum: minimum) else { return close() }
            progress.spanEnd = now + TimeAmount(configuration.writeStallDeadline)
        }
        setReaderDeadline()
    }
}

/// Linux's `struct tcp_info` up to the bytes that the other side has acknowledged.
private struct TCPInfo {
    private var before: InlineArray<15, UInt64> = .init(repeating: 0)
    private(set) var acknowledgedBytes: UInt64 = 0
}
