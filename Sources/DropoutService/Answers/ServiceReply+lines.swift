import Synchronization
import TensorJSON
import TextCodecs

/// Answers in JSON that are broken over lines (`pretty=1`).
extension ServiceReply {
    /// The answer broken over lines, with the same values. An answer that is not one JSON text stays as it is.
    func brokenOverLines() -> ServiceReply {
        let type = headers.first { $0.name == "Content-Type" }?.value
        guard type == MediaType.json.field || type == Problem.mediaType else { return self }
        let source: LineSource
        switch body {
        case .bytes(let bytes):
            var breaker = JSONLineBreaker()
            return with(.bytes(breaker.broken(bytes)))
        case .parts(let next): source = LineSource { next().map { ServiceChunk($0.bytes()) } }
        case .chunks(let next): source = LineSource(next)
        }
        return with(.chunks { source.next() })
    }

    private func with(_ body: ServiceBody) -> ServiceReply {
        var reply = self
        reply.body = body
        reply.caching = caching.brokenOverLines
        return reply
    }
}

extension Caching {
    /// The caching of the answer broken over lines, which has a tag of its own.
    fileprivate var brokenOverLines: Caching { marked("lines") }
}

/// The pieces of one answer, pulled in order and broken over lines.
private final class LineSource: Sendable {
    private let source: @Sendable () -> ServiceChunk?
    private let breaker = Mutex(JSONLineBreaker())

    init(_ source: @escaping @Sendable () -> ServiceChunk?) { self.source = source }

    func next() -> ServiceChunk? {
        breaker.withLock { breaker in
            source().map { ServiceChunk(breaker.broken($0.bytes), isCut: $0.isCut) }
        }
    }
}

extension ServicePlan {
    /// The same plan, whose answer is broken over lines.
    func brokenOverLines() -> ServicePlan {
        switch self {
        case .reply(let reply): return .reply(reply.brokenOverLines())
        case .work(let work):
            // Rows of a few numbers grow most. What is broken at once is at most a part.
            let lines = Price(
                nanoseconds: KernelPrice.breakLines(work.price.printedBytes),
                heldBytes: min(work.price.printedBytes, Self.partBytes).times(JSONLineBreaker.maximumGrowth),
                printedBytes: work.price.printedBytes)
            var unchanged = work.unchanged
            unchanged?.caching = work.unchanged?.caching.brokenOverLines ?? .noStore
            return .work(
                ServiceWork(
                    price: work.price + lines, questionBytes: work.questionBytes, urgency: work.urgency,
                    unchanged: unchanged
                ) { stop in
                    work.run(stop).brokenOverLines()
                })
        }
    }

    /// The most bytes of a text that are broken at once.
    private static let partBytes = 1 << 18
}
