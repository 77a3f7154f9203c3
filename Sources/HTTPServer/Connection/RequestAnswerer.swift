import NIOCore
import Stopping

/// Has the requests of one connection answered: by the application on the event loop, or by workers.
///
/// The step between ``ConnectionState``, whose orders it carries out, and the application. It decides where a request is
/// computed, by its price. Belongs to the event loop of its connection.
final class RequestAnswerer {
    /// A longer body, a compressed one, and one of which the application says so is read on a worker.
    private static let maximumBytesOnLoop = 8 << 10

    let configuration: HTTPServerConfiguration
    private let application: any HTTPApplication
    let workers: WorkerPool
    let loop: any EventLoop
    /// The address of the peer, and the same as one caller.
    private let (peer, callerAddress): (String?, String?)
    /// Takes what has become of the orders; nil after the connection has ended.
    private(set) var report: ((ConnectionEvent) -> Void)?
    private var start = NIODeadline.now()
    private var request: HTTPRequest?
    private var path: String?
    /// From the header to the end.
    private(set) var exchange: (any HTTPExchange)?
    /// Set if nobody waits for the answer any more.
    private(set) var stop: StopFlag
    /// The verdict that is awaited.
    var check: VerdictCheck?
    /// The request's way through the workers, while it is on it.
    var job: AnswerJob?
    private var parts: PartMaker?
    /// What is taken from the memory budget; nil for a short request, which is answered at once.
    private var knownHolding: MemoryHolding?
    private var knownCaller: String?

    init(
        _ configuration: HTTPServerConfiguration, _ application: any HTTPApplication, _ workers: WorkerPool,
        _ channel: any Channel, report: @escaping (ConnectionEvent) -> Void
    ) {
        self.configuration = configuration
        self.application = application
        self.workers = workers
        loop = channel.eventLoop
        (peer, callerAddress) = (channel.remoteAddress?.ipAddress, channel.remoteAddress?.callerAddress)
        stop = workers.stopFlag()
        self.report = report
    }

    /// Nothing is reported any more.
    func detach() { report = nil }

    func perform(_ order: RequestOrder) {
        switch order {
        case .start: begin()
        case .begin(let head): begin(head)
        case .check: findVerdict()
        case .answer(let question): answer(question)
        case .refuse(let refusal): report?(.answered(RequestAnswer(response(to: refusal))))
        case .takeMemory(let count): report?(.memory(isGranted: holding().take(count)))
        case .holdMemory(let count): report?(.memory(isGranted: holding().hold(count)))
        case .holdAllocated(let count): holding().holdAllocated(count)
        case .checkTime: checkTime()
        case .inputClosed: if job?.inputClosed() == true { report?(.nobodyWaits) }
        case .stop: stop.set()
        case .startParts(let source, let isChunked):
            parts = PartMaker(source, isChunked: isChunked, stop: stop, caller: caller(), workers, loop) {
                [weak self] in
                self?.report?($0)
            }
        case .makePart(let number): parts?.make(number)
        case .abandon: abandon()
        case .end(let outcome): end(outcome)
        }
    }

    // MARK: From one request to the next

    private func begin() {
        start = .now()
        stop = workers.stopFlag()
        (request, path, exchange, knownHolding, knownCaller) = (nil, nil, nil, nil, nil)
    }

    private func begin(_ head: RequestHead) {
        let request = HTTPRequest(head, peer: peer, callerAddress: callerAddress)
        let exchange = application.begin(request)
        (self.request, path, self.exchange) = (request, request.path, exchange)
        report?(.begun(isVital: exchange.isVital, exchange.verdict))
    }

    private func abandon() {
        stop.set()
        check?.stop.set()
        job?.abandon()
        (check, job) = (nil, nil)
    }

    private func end(_ outcome: HTTPOutcome) {
        parts?.end()
        parts = nil
        knownHolding?.release()
        guard let exchange else { return }
        self.exchange = nil
        var outcome = outcome
        outcome.duration = Duration(since: start)
        exchange.ended(outcome)
    }

    /// Goes on without the job, which keeps what it holds until it has ended.
    func forgetJob() { (job, knownHolding) = (nil, nil) }

    /// What the request holds of the memory budget.
    func holding() -> MemoryHolding {
        if let knownHolding { return knownHolding }
        let holding = MemoryHolding(workers.budget, caller: caller())
        knownHolding = holding
        return holding
    }

    /// Who asks, for fair shares.
    func caller() -> String {
        if let knownCaller { return knownCaller }
        let caller = exchange?.caller ?? callerAddress ?? ""
        knownCaller = caller
        return caller
    }

    // MARK: Answer

    private func answer(_ question: ReceivedRequest) {
        guard let exchange, var request else { return }
        self.request = nil
        request.body = question.body
        guard question.bodyCoding == nil, request.body.readableBytes <= Self.maximumBytesOnLoop,
            !exchange.isReadByWorker
        else {
            return submit(exchange, question) { job throws(HTTPRefusal) in
                try job.start(request, coding: question.bodyCoding)
                return true
            }
        }
        let start = NIODeadline.now()
        switch exchange.plan(request, stop: stop) {
        case .answer(let response): report(response, question, since: start)
        case .work(let work) where work.price.isForLoop(workers.budget.shares):
            report(work.run(stop), question, since: start)
        case .work(let work):
            submit(exchange, question) { job throws(HTTPRefusal) in try job.start(work) }
        }
    }

    /// An answer that was made on the event loop is compressed on a worker.
    private func report(_ response: HTTPResponse, _ question: ReceivedRequest, since start: NIODeadline) {
        let answer = RequestAnswer(response, compute: Duration(since: start))
        guard let codings = question.answerCodings, codings.coding(for: response) != nil else {
            report?(.answered(answer))
            return
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        workers.enqueue(
            WorkItem(caller: caller(), kind: .short) { [stop, loop] _ in
                var answer = answer
                answer.response = response.encoded(codings)
                let encoded = answer
                loop.execute {
                    guard bound.value.stop === stop else { return }
                    bound.value.report?(.answered(encoded))
                }
            })
    }

    // MARK: Refusals

    func refuse(_ refusal: HTTPRefusal) {
        report?(.answered(RequestAnswer(response(to: refusal), refusal: refusal.reason)))
    }

    /// A refusal as a response, in the application's form.
    func response(to refusal: HTTPRefusal) -> HTTPResponse {
        let exchange = exchange ?? application.begin(nil)
        self.exchange = exchange
        var refusal = refusal
        if refusal.path == nil { refusal.path = path }
        return refusal.response(of: exchange)
    }
}
