import NIOCore
import NIOHTTP1
import Stopping

/// One request and its answer, as far as they have come.
struct RequestProgress {
    /// Whether no body may be sent.
    var isHead = false
    /// Whether the request is of HTTP/1.0, which has no chunks and closes unless asked.
    var isHTTP10 = false
    /// Whether another request may follow.
    var isKeepAlive = true
    /// Of the target, where it is known.
    var path: String?
    /// How the answer may be encoded.
    var coding: ContentCoding?
    /// From the header on.
    var exchange: (any HTTPExchange)?
    var outcome = HTTPOutcome()
    let start = NIODeadline.now()
    /// Set when nobody wants the answer any more.
    let stop: StopFlag
    /// The request's way through the workers, while it is on it.
    var job: AnswerJob?
    /// Of the plan, from its answer on.
    var price = HTTPPrice()
    /// What is taken from the memory budget; nil for a short request, which is answered at once.
    var holding: MemoryHolding?
    var caller: String?
    /// Bytes of the answer's body, as far as they are known before it is printed.
    var answerBytes = 0
    /// When the reader must have taken the answer, and when the next look at its pace is due.
    var answerDue = NIODeadline.distantFuture
    var spanEnd = NIODeadline.distantFuture
    /// Whether the answer ends before its end.
    var isCut = false

    /// Of a request of which nothing is known yet.
    init(stop: StopFlag) { self.stop = stop }

    mutating func know(_ head: HTTPRequestHead) {
        isHead = head.method == .HEAD
        isHTTP10 = head.version == .http1_0
    }
}

extension Duration {
    /// The time that has passed since `start`.
    init(since start: NIODeadline) { self = .nanoseconds((NIODeadline.now() - start).nanoseconds) }

    /// Milliseconds with three decimals, for instance 12.345.
    var milliseconds: String {
        let (seconds, attoseconds) = components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: max(0, 3 - fraction.utf8.count)) + fraction
    }
}
