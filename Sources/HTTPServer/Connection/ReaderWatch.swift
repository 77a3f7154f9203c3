/// How long the reader of an answer may take: for each span of time, and for the answer as a whole.
///
/// It has no clock. It counts the spans that it has asked for.
struct ReaderWatch {
    enum Verdict: Equatable {
        case wait(Duration)
        /// A span is over, and it must be known what the reader has taken.
        case measure
        case tooSlow
    }

    private var pace = ReaderPace()
    private var answerLeft = Duration.zero
    private var spanLeft = Duration.zero
    private var asked = Duration.zero
    private var hasStart = false

    /// Bytes of the answer that were written.
    var written: Int { pace.written }

    mutating func add(_ count: Int) { pace.add(count) }

    /// The first span begins, and ``measured(_:waiting:span:minimum:)`` is due.
    ///
    /// - Returns: the time to wait.
    mutating func begin(answer: Duration, span: Duration) -> Duration {
        (answerLeft, spanLeft, hasStart) = (answer, span, false)
        return wait()
    }

    private mutating func wait() -> Duration {
        asked = min(answerLeft, spanLeft)
        return asked
    }

    /// The time that was asked for has passed.
    mutating func timePassed() -> Verdict {
        answerLeft -= asked
        spanLeft -= asked
        guard answerLeft > .zero else { return .tooSlow }
        return spanLeft > .zero ? .wait(wait()) : .measure
    }

    /// What the reader has taken at the start of the first span, or at the end of one.
    ///
    /// - Parameters:
    ///   - taken: bytes that the client has taken of this connection; nil if the system does not say.
    ///   - waiting: bytes that the server's system has not taken.
    ///   - minimum: bytes that the reader must take in `span`.
    /// - Returns: nil at the start, where nothing follows from it.
    mutating func measured(_ taken: Int?, waiting: Int, span: Duration, minimum: Int) -> Verdict? {
        let taken = taken ?? pace.written - waiting
        guard hasStart else {
            hasStart = true
            pace.begin(taken: taken)
            return nil
        }
        guard pace.keepsUp(taken: taken, waiting: waiting, minimum: minimum) else { return .tooSlow }
        spanLeft = span
        return .wait(wait())
    }
}
