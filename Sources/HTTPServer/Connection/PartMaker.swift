import NIOCore
import Stopping

/// Has the parts of one long answer made by workers, each as short work of its caller. Chunks may be long work too.
///
/// Belongs to the event loop of its connection.
final class PartMaker {
    private let source: HTTPSource
    private let isChunked: Bool
    private let stop: StopFlag
    private let caller: String
    private let workers: WorkerPool
    private let loop: any EventLoop
    /// Takes the parts and, last, their number; nil after the end of the answer.
    private var report: ((ConnectionEvent) -> Void)?
    /// Whether the source has ended, which is not asked again.
    private var hasFinished = false
    /// Whether the next chunk takes long, by the one before it.
    private var isNextLong = false

    init(
        _ source: HTTPSource, isChunked: Bool, stop: StopFlag, caller: String, _ workers: WorkerPool,
        _ loop: any EventLoop, report: @escaping (ConnectionEvent) -> Void
    ) {
        self.source = source
        self.isChunked = isChunked
        self.stop = stop
        self.caller = caller
        self.workers = workers
        self.loop = loop
        self.report = report
    }

    /// Nothing more is reported.
    func end() { report = nil }

    /// Has a part made. The numbers of the parts are asked for in their order.
    func make(_ number: Int) {
        guard !hasFinished else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let deliver: @Sendable (ConnectionEvent, Bool) -> Void = { [loop] event, isNextLong in
            loop.execute {
                bound.value.isNextLong = isNextLong
                bound.value.report?(event)
            }
        }
        switch source {
        case .chunks(let next):
            enqueue(isNextLong ? .long : .short, makesRoom: true) { [isChunked] in
                let start = NIODeadline.now()
                guard let chunk = next() else { return deliver(.noMoreParts(count: number), false) }
                let part = AnswerPart(number, chunk, isChunked: isChunked, compute: Duration(since: start))
                deliver(.part(part), chunk.isNextLong)
            }
        case .parts(let next):
            guard let part = next() else { return finish(count: number) }
            enqueue(.short, makesRoom: false) { [isChunked, stop] in
                // The client has left.
                if stop.isSet { return }
                deliver(.part(AnswerPart(number, part, isChunked: isChunked)), false)
            }
        }
    }

    private func finish(count: Int) {
        hasFinished = true
        report?(.noMoreParts(count: count))
    }

    private func enqueue(_ kind: WorkItem.Kind, makesRoom: Bool, _ run: @escaping @Sendable () -> Void) {
        workers.enqueue(WorkItem(caller: caller, kind: kind, flag: stop, makesRoom: makesRoom) { _ in run() })
    }
}

extension Duration {
    /// The time that has passed since `start`.
    init(since start: NIODeadline) { self = .nanoseconds((NIODeadline.now() - start).nanoseconds) }
}
