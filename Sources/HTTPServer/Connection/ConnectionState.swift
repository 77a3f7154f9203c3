/// One connection as a state machine: ``receive(_:)`` takes an event and returns the actions that follow from it.
///
/// It has no socket, clock, thread or promise. Time comes as ``ConnectionEvent/timePassed(_:)``, and what NIO's decoder, the
/// application and the workers find comes as events too. One request is in work at a time.
///
/// | state | event | actions | next state |
/// | --- | --- | --- | --- |
/// | idle | first byte of a request | start, timer header, decode | header |
/// | idle | end of input, drain, timer idle | close | closing |
/// | header | head, accepted | begin | header |
/// | header | begun, the verdict is nil | timer body, 100 Continue if it is expected | body |
/// | header | begun, the verdict is a response, short body | timer body | body |
/// | header | begun, the verdict is a response, long body | write the response | answering, the last |
/// | header | begun, the verdict comes later | clear the timer, check | verdict |
/// | verdict | checked | as if begun with that verdict | body or answering |
/// | body | chunk | take memory if the body must grow | body |
/// | body | end | clear the timer, answer | answering |
/// | body | timer body, bytes have earned time | timer body | body |
/// | header, body | timer, head refused, fault, bound exceeded, no memory | refuse | answering, the last |
/// | answering | working | timer work | answering |
/// | answering | timer work | check the time | answering |
/// | answering | answered, one piece | write, finish | answering |
/// | answering | answered, in parts | write the header, make parts, measure, timer reader | answering |
/// | answering | part, writable | write what is next, make more, finish after the last | answering |
/// | answering | timer reader, the reader is too slow | close | closing |
/// | answering | flushed or taken, another request may follow | end, timer idle, decode what waits | idle |
/// | answering | flushed or taken, the last | end, close output, timer farewell | farewell |
/// | answering | end of input, the plan is dear | close | closing |
/// | farewell | timer farewell | close | closing |
/// | any | failure of the socket | close | closing |
/// | any | closed | abandon and end the request that is open | closed |
///
/// While a request is in work or awaits its verdict, bytes wait in ``RequestInput``, nothing is read, and the end of the
/// input waits after them. Answering "the last" and farewell discard all that comes. An event that a state does not name
/// changes nothing.
package struct ConnectionState {
    enum Phase: Equatable {
        case idle
        /// The header comes in.
        case header
        /// The header has come, and a worker finds whether the request goes on.
        case verdict
        /// The body comes in.
        case body
        /// The application answers, or the answer is being written.
        case answering
        /// The last answer was written. Closing at once could take it from a client that still sends.
        case farewell
        case closing, closed
    }

    let configuration: HTTPServerConfiguration
    /// Whether the connection is one too many, of which each request is refused.
    private let isSurplus: Bool
    var phase = Phase.idle
    var input: RequestInput
    var body = RequestBody()
    var request = RequestProgress()
    /// The long answer that is being written.
    var stream: AnswerStream?
    var reader = ReaderWatch()
    private(set) var isDraining = false
    private(set) var isWritable = true
    private var requestCount = 0
    private var timer: ConnectionTimer?
    private var isBusy = false
    private var actions: [ConnectionAction] = []
    /// The empty memory of actions that were done.
    private var spare: [ConnectionAction] = []

    package init(_ configuration: HTTPServerConfiguration, isSurplus: Bool) {
        self.configuration = configuration
        self.isSurplus = isSurplus
        input = RequestInput(configuration)
    }

    /// Takes one event.
    ///
    /// - Returns: what is to be done, in this order, before the next event.
    package mutating func receive(_ event: ConnectionEvent) -> [ConnectionAction] {
        switch phase {
        case .closed: return []
        case .closing: receiveInClosing(event)
        default: receiveInWork(event)
        }
        if isBusy != input.isHolding {
            isBusy = input.isHolding
            emit(.setBusy(isBusy))
        }
        defer { (actions, spare) = (spare, []) }
        return actions
    }

    /// Takes back a list of ``receive(_:)`` that was done, so that the next one needs no memory of its own.
    package mutating func reuse(_ done: consuming [ConnectionAction]) {
        done.removeAll(keepingCapacity: true)
        if actions.capacity == 0 { actions = done } else { spare = done }
    }

    private mutating func receiveInClosing(_ event: ConnectionEvent) {
        switch event {
        // The farewell of TLS is read.
        case .readRequested: emit(.read)
        case .closed: end()
        default: break
        }
    }

    private mutating func receiveInWork(_ event: ConnectionEvent) {
        switch event {
        case .opened:
            let isShort = isSurplus || configuration.tls != nil
            setTimer(.idle, isShort ? configuration.headerDeadline : configuration.idleTimeout)
        case .handshakeCompleted: if phase == .idle, !isSurplus { setTimer(.idle, configuration.idleTimeout) }
        case .readRequested: if input.mayRead() { emit(.read) }
        case .bytes(let bytes):
            input.add(bytes)
            pass()
        case .inputClosed: inputClosed()
        case .writabilityChanged(let isWritable):
            self.isWritable = isWritable
            advance()
        case .flushed(let waitingBytes): flushed(waitingBytes)
        case .taken: if phase == .answering { finishAnswer() }
        case .measured(let taken, let waiting): measured(taken, waiting)
        case .failed: close()
        case .closed: end()
        case .head(let head): begin(head)
        case .body(let chunk): add(chunk)
        case .end: requestEnded()
        case .broken(let fault): refuse(refusal(fault))
        case .decoded: decoded()
        case .inputDecoded, .draining:
            if case .draining = event { isDraining = true }
            if phase == .idle { close() }
        case .timePassed(let passed): timePassed(passed)
        case .begun(let isVital, let verdict): begun(isVital, verdict)
        case .checked(let verdict, let refusal, let queue, let compute): checked(verdict, refusal, queue, compute)
        case .answered(let answer): answered(answer)
        case .working(let nextCheck): if isUnanswered { setTimer(.work, nextCheck) }
        case .nobodyWaits: if isUnanswered { close() }
        case .memory(let isGranted): memory(isGranted)
        case .part(let part): take(part)
        case .noMoreParts(let count):
            stream?.end(count: count)
            advance()
        }
    }

    // MARK: Actions

    mutating func emit(_ action: ConnectionAction) { actions.append(action) }

    mutating func order(_ order: RequestOrder) { actions.append(.request(order)) }

    mutating func setTimer(_ timer: ConnectionTimer, _ delay: Duration) {
        self.timer = timer
        emit(.setTimer(timer, delay))
    }

    mutating func clearTimer() {
        timer = nil
        emit(.clearTimer)
    }

    // MARK: Time

    private mutating func timePassed(_ passed: ConnectionTimer) {
        guard passed == timer else { return }
        timer = nil
        switch passed {
        case .idle, .farewell: close()
        case .header: refuse(HTTPRefusal(408, .tooSlow, "the header took too long"))
        case .body: bodyTimePassed()
        case .work: order(.checkTime)
        case .reader: readerTimePassed()
        }
    }

    // MARK: From one request to the next

    /// The first byte of a request has come.
    mutating func start() {
        guard phase == .idle else { return }
        phase = .header
        forget()
        setTimer(.header, configuration.headerDeadline)
    }

    /// Nothing of the request before it counts for the next.
    mutating func forget() {
        request = RequestProgress()
        request.isOpen = true
        reader = ReaderWatch()
        order(.start)
    }

    /// Whether the header counts as a request that the connection may still have, and whether another may follow it.
    mutating func admit(_ head: RequestHead, isVital: Bool) -> Bool {
        guard !isSurplus || isVital else { return false }
        requestCount += 1
        request.isKeepAlive =
            head.isKeepAlive && !isSurplus && requestCount < configuration.maximumRequestsPerConnection
        return true
    }

    /// The answer is out: goes on with the next request, or ends the connection.
    mutating func finishAnswer() {
        stream = nil
        settle(isComplete: !request.isCut)
        guard request.isKeepAlive, !isDraining else { return linger() }
        phase = .idle
        setTimer(.idle, configuration.idleTimeout)
        input.reset()
        pass()
    }

    /// The request is over, once.
    private mutating func settle(isComplete: Bool) {
        guard request.isOpen else { return }
        request.isOpen = false
        request.outcome.isComplete = isComplete
        request.outcome.bytesOut = reader.written
        order(.end(request.outcome))
    }

    // MARK: Ending

    /// Throws away what else the client sends, for a moment.
    private mutating func linger() {
        phase = .farewell
        input.discard()
        emit(.closeOutput)
        setTimer(.farewell, .seconds(1))
        pass()
    }

    mutating func close() {
        phase = .closing
        clearTimer()
        emit(.close)
    }

    private mutating func end() {
        phase = .closed
        stream = nil
        guard request.isOpen else { return }
        order(.abandon)
        settle(isComplete: false)
    }
}
