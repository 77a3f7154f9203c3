import NIOCore
import Stopping
import Synchronization

/// One request's way through the workers: its body is inflated, read and checked, its plan is computed, and the answer is
/// compressed.
///
/// Each stage has a price. A stage up to 50 ms follows the one before at once, on the same worker. A dearer one goes back into
/// the queue under its own price, and meanwhile the request holds no memory but that of its question.
final class AnswerJob: Sendable {
    private struct State {
        /// The item that waits, or the one that runs.
        var item: WorkItem?
        var isRunning = false
        /// The time at which the item began to wait, or to run.
        var since: NIODeadline
        var queue = Duration.zero
        var compute = Duration.zero
        /// The most time that a turn may take.
        var limit: Duration
        /// The price of the plan, if it is known.
        var price: HTTPPrice?
        var isInputClosed = false
        var hasEnded = false
    }

    let stop: StopFlag
    let holding: MemoryHolding
    private let exchange: any HTTPExchange
    private let caller: String
    private let answerCodings: AnswerCodings?
    private let configuration: HTTPServerConfiguration
    private let workers: WorkerPool
    private let remind: @Sendable (AnswerJob, Duration) -> Void
    private let deliver: @Sendable (AnswerJob, AnswerResult) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - remind: called on any thread if ``checkTime(now:)`` must be asked after this time, earlier than was known.
    ///   - deliver: called once, on any thread, unless the job is withdrawn.
    init(
        _ exchange: any HTTPExchange, stop: StopFlag, holding: MemoryHolding, caller: String,
        answerCodings: AnswerCodings?,
        isInputClosed: Bool, _ configuration: HTTPServerConfiguration, _ workers: WorkerPool,
        remind: @escaping @Sendable (AnswerJob, Duration) -> Void,
        deliver: @escaping @Sendable (AnswerJob, AnswerResult) -> Void
    ) {
        self.exchange = exchange
        self.stop = stop
        self.holding = holding
        self.caller = caller
        self.answerCodings = answerCodings
        self.configuration = configuration
        self.workers = workers
        (self.remind, self.deliver) = (remind, deliver)
        state = Mutex(
            State(since: .now(), limit: configuration.computeDeadline, isInputClosed: isInputClosed))
    }

    // MARK: For the event loop

    /// Has a request read and answered.
    ///
    /// - Throws: a refusal at once if too many wait.
    func start(_ request: HTTPRequest, coding: ContentCoding?) throws(HTTPRefusal) {
        try start(coding.map { .inflate(request, $0) } ?? .read(request))
    }

    /// Has a plan computed.
    ///
    /// - Returns: false if it is too dear to be computed for a client that may have left.
    /// - Throws: a refusal at once if too many wait, or if the plan's memory is not to be had.
    func start(_ work: HTTPWork) throws(HTTPRefusal) -> Bool {
        guard try isWanted(work.price) else { return false }
        guard holding.hold(work.questionBytes) else { throw .memory }
        try start(.compute(work))
        return true
    }

    private func start(_ stage: AnswerStage) throws(HTTPRefusal) {
        let item = item(stage) { [self] in finish(.refusal(.queueIsFull)) }
        state.withLock { $0.item = item }
        guard workers.admit(item) else { throw .queueIsFull }
    }

    /// Ends the job because nobody wants the answer any more: drops it if it waits, and has it stop if it runs.
    func abandon() {
        stop.set()
        _ = withdraw()
    }

    /// Drops the job if it waits.
    ///
    /// - Returns: whether it waited, so that nothing is delivered any more.
    func withdraw() -> Bool {
        guard let item = state.withLock({ $0.isRunning ? nil : $0.item }), workers.withdraw(item) else { return false }
        return end() != nil
    }

    /// Notes that the client has ended its side of the connection.
    ///
    /// - Returns: whether the plan is so dear that it is not computed for a client that may have left.
    func inputClosed() -> Bool {
        state.withLock { state in
            state.isInputClosed = true
            return state.price?.isAttended ?? false
        }
    }

    /// Whether the turn that waits or runs has taken too long.
    func checkTime(now: NIODeadline) -> AnswerTime {
        state.withLock { state in
            let pause = state.isRunning ? state.item?.pause ?? .zero : .zero
            let limit = state.isRunning ? state.limit + pause : configuration.queueDeadline
            let due = state.since + TimeAmount(limit)
            guard due <= now else {
                // A turn may begin as soon as this is asked.
                return .notBefore(min(due, now + TimeAmount(configuration.computeDeadline)))
            }
            return state.isRunning ? .hasComputedTooLong : .hasWaitedTooLong
        }
    }

    /// The time after which ``checkTime(now:)`` is asked first.
    var firstCheck: Duration { min(configuration.queueDeadline, configuration.computeDeadline) }

    // MARK: Turns

    private func item(_ stage: AnswerStage, evict: (@Sendable () -> Void)? = nil) -> WorkItem {
        let price = price(stage)
        return WorkItem(
            caller: caller, kind: price.isShort ? .short : .long, rank: stage.rank, heldBytes: price.heldBytes,
            flag: stop, makesRoom: !price.isShort, isRequest: true, evict: evict
        ) { [self] grant in turn(stage, grant) }
    }

    /// The most that one computation may hold.
    private var limitBytes: Int { workers.budget.shares.computingBytes }

    private func price(_ stage: AnswerStage) -> HTTPPrice { stage.price(exchange, limitBytes: limitBytes) }

    private func turn(_ stage: AnswerStage, _ grant: ComputingGrant?) {
        let start = NIODeadline.now()
        state.withLock { state in
            state.isRunning = true
            state.queue += .nanoseconds((start - state.since).nanoseconds)
            state.since = start
        }
        do throws(HTTPRefusal) {
            if let answer = try run(stage, grant) { finish(answer) }
        } catch {
            finish(.refusal(error))
        }
    }

    /// Runs a stage, and those after it that are short; nil if the next went back into the queue.
    private func run(_ first: AnswerStage, _ grant: ComputingGrant?) throws(HTTPRefusal) -> AnswerResult.Answer? {
        var stage = first
        var bodyBytes = 0
        var grant = grant
        while true {
            if stop.isSet { return .nobodyWaits }
            switch stage {
            case .inflate(var request, let coding):
                request.body = try inflate(request.body, coding)
                stage = .read(request)
            case .read(let request):
                bodyBytes = request.body.capacity
                switch exchange.plan(request, stop: stop) {
                case .answer(let response): return .response(kept(response, HTTPPrice()))
                case .work(let work):
                    guard try isWanted(work.price) else { return .nobodyWaits }
                    stage = .compute(work)
                }
            case .compute(let work):
                guard holding.hold(bodyBytes + work.price.answerBytes) else { throw .memory }
                if let deadline = work.deadline, deadline < configuration.computeDeadline {
                    state.withLock { $0.limit = deadline }
                    remind(self, deadline)
                }
                return .response(kept(work.run(stop), work.price))
            }
            let price = price(stage)
            guard price.isShort, allows(&grant, price.heldBytes) else {
                try requeue(stage)
                return nil
            }
        }
    }

    private func allows(_ grant: inout ComputingGrant?, _ bytes: Int) -> Bool {
        if let grant { return grant.resize(to: bytes) }
        guard bytes > 0 else { return true }
        grant = ComputingGrant(workers.budget, bytes: bytes)
        return grant != nil
    }

    private func inflate(_ body: ByteBuffer, _ coding: ContentCoding) throws(HTTPRefusal) -> ByteBuffer {
        let inflated = try Inflater.inflate(body, coding, maximumBytes: configuration.maximumBodyBytes) { bytes in
            !stop.isSet && holding.take(bytes)
        }
        _ = holding.hold(inflated.capacity)
        return inflated
    }

    /// Notes the price of the plan.
    ///
    /// - Returns: false if the client has ended its side and the plan is too dear to be computed for nobody.
    /// - Throws: a refusal if the plan holds more than all computations may.
    private func isWanted(_ price: HTTPPrice) throws(HTTPRefusal) -> Bool {
        guard price.heldBytes <= limitBytes else {
            throw .tooExpensive(heldBytes: price.heldBytes, limitBytes: limitBytes)
        }
        return state.withLock { state in
            state.price = price
            return !(state.isInputClosed && price.isAttended)
        }
    }

    /// Puts the stage back into the queue. While it waits, the request holds no memory but that of its question.
    private func requeue(_ stage: AnswerStage) throws(HTTPRefusal) {
        if case .compute(let work) = stage, !holding.hold(work.questionBytes) { throw .memory }
        let item = item(stage)
        let now = NIODeadline.now()
        state.withLock { state in
            state.item = item
            state.isRunning = false
            state.compute += .nanoseconds((now - state.since).nanoseconds)
            state.since = now
        }
        workers.enqueue(item)
    }

    /// The response as it is sent, with what it holds until then taken from the budget.
    private func kept(_ response: HTTPResponse, _ price: HTTPPrice) -> HTTPResponse {
        var response = response
        if let answerCodings { response = response.encoded(answerCodings) }
        holding.holdAllocated(response.unsentBytes(price))
        return response
    }

    private func finish(_ answer: AnswerResult.Answer) { if let result = end(answer) { deliver(self, result) } }

    /// The job is over, once.
    private func end(_ answer: AnswerResult.Answer = .nobodyWaits) -> AnswerResult? {
        let now = NIODeadline.now()
        let result = state.withLock { state -> AnswerResult? in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            state.item = nil
            let last = Duration.nanoseconds((now - state.since).nanoseconds)
            return AnswerResult(
                answer: answer, price: state.price ?? HTTPPrice(),
                queue: state.isRunning ? state.queue : state.queue + last,
                compute: state.isRunning ? state.compute + last : state.compute)
        }
        if result != nil { workers.requestEnded() }
        return result
    }
}
