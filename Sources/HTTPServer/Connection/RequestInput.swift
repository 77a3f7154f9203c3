import NIOCore

/// The bytes of a connection that have come and are not decoded yet. Gives them to the decoder one request at a time.
///
/// What a client sends ahead waits here, and the rest unread in its socket, until the request before it is answered. So
/// answers keep their order, a refusal concerns the request that is at fault, and a client that sends without reading takes
/// no memory.
struct RequestInput {
    /// Bytes up to the next place at which something is decided.
    struct Piece {
        let bytes: ByteBuffer
        /// Whether the first byte of a request is among them.
        let isStart: Bool
        /// Why they are not decoded.
        let refusal: HTTPRefusal?
    }

    private let configuration: HTTPServerConfiguration
    private var scan: RequestScan
    private var waiting = ByteBuffer()
    /// Whether the decoder has a piece and has not reported all of its parts.
    private(set) var isDecoding = false
    /// Whether the last piece ended with the header.
    private var isBehindHeader = false
    /// Whether the rest of the request waits for a verdict.
    private var isHeld = false
    private var isDiscarding = false
    /// Whether the client has ended its side.
    private(set) var isClosed = false
    /// What the request in work holds back.
    private var (isReadWanted, isEndWanted) = (false, false)

    init(_ configuration: HTTPServerConfiguration) {
        self.configuration = configuration
        scan = RequestScan(configuration)
    }

    /// Whether a request is in work or awaits its verdict, and nothing else may pass.
    var isHolding: Bool { (scan.hasEnded || isHeld) && !isDiscarding }
    /// Whether the last byte of the request has passed.
    var hasRequestEnded: Bool { scan.hasEnded }
    var hasMethodOfLetters: Bool { scan.hasMethodOfLetters }
    /// Whether the scan has seen the end of a header in which the decoder has found none.
    var isHeaderUnclear: Bool { isBehindHeader && scan.awaitsBody && !isHeld && !isDiscarding }

    mutating func add(_ bytes: ByteBuffer) {
        guard !isDiscarding else { return }
        var bytes = bytes
        if waiting.readableBytes == 0 { waiting = bytes } else { waiting.writeBuffer(&bytes) }
    }

    /// The next bytes for the decoder; nil if there are none, or if none may pass.
    mutating func next() -> Piece? {
        guard !isDecoding, !isHolding, !isDiscarding, waiting.readableBytes > 0 else { return nil }
        let hadStarted = scan.hasStarted
        let step = waiting.withUnsafeReadableBytes { scan.advance($0) }
        if let index = scan.laterMinorVersion {
            waiting.setInteger(UInt8(ascii: "1"), at: waiting.readerIndex + index)
        }
        guard let bytes = waiting.readSlice(length: step.count) else { return nil }
        if waiting.readableBytes == 0 { waiting = ByteBuffer() }
        isBehindHeader = step.stop == .behindHeader
        var refusal: HTTPRefusal?
        if case .refused(let found) = step.stop { refusal = found }
        isDecoding = refusal == nil
        return Piece(bytes: bytes, isStart: !hadStarted && scan.hasStarted, refusal: refusal)
    }

    /// The decoder has reported all parts of the last piece.
    mutating func decoded() { isDecoding = false }

    /// The header was accepted, and this follows it.
    mutating func expect(_ body: RequestScan.Body) {
        isHeld = false
        scan.expect(body)
    }

    /// What follows the header waits until ``expect(_:)`` or ``discard()``.
    mutating func hold() { isHeld = true }

    /// The request is answered, and the next may pass.
    mutating func reset() { scan = RequestScan(configuration) }

    /// Nothing that comes is wanted any more.
    mutating func discard() {
        isDiscarding = true
        waiting = ByteBuffer()
    }

    // MARK: What the request in work holds back

    /// Notes that the channel could read more, and returns whether it may.
    mutating func mayRead() -> Bool {
        isReadWanted = isHolding
        return !isHolding
    }

    /// Notes that the client has ended its side, and returns whether the decoder may be told: not before it has all bytes
    /// that came first.
    mutating func mayEnd() -> Bool {
        isClosed = true
        isEndWanted = isHolding || isDecoding
        return !isEndWanted
    }

    /// What was held back and may happen now that nothing is in work.
    mutating func released() -> (read: Bool, end: Bool) {
        guard !isHolding, !isDecoding else { return (false, false) }
        defer { (isReadWanted, isEndWanted) = (false, false) }
        return (isReadWanted, isEndWanted)
    }
}
