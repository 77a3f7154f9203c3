import NIOCore

/// The body of a request while it comes in. It grows with the bytes that have come: a promise of 64 MiB takes nothing.
struct RequestBody {
    enum Step: Equatable {
        case added
        /// The chunk waits until so many bytes are granted.
        case needs(Int)
        case tooLarge
    }

    /// A body up to this length that came at once is not counted: it is answered or refused in this turn of the event loop.
    private static let maximumUncountedBytes = 8 << 10

    private var bytes = ByteBuffer()
    private var pending: (chunk: ByteBuffer, capacity: Int)?
    /// The time that the body was given so far.
    private var granted = Duration.zero

    var count: Int { bytes.readableBytes + (pending?.chunk.readableBytes ?? 0) }

    /// - Parameters:
    ///   - length: what the header says of the body.
    ///   - isCoded: whether the body has a content coding.
    mutating func add(_ chunk: ByteBuffer, _ length: RequestScan.Body, isCoded: Bool, maximum: Int) -> Step {
        let total = count + chunk.readableBytes
        guard total <= maximum else { return .tooLarge }
        guard total > bytes.capacity else {
            bytes.writeImmutableBuffer(chunk)
            return .added
        }
        let isWhole = bytes.readableBytes == 0 && length == .bytes(UInt64(total))
        if isWhole, !isCoded, total <= Self.maximumUncountedBytes {
            bytes = chunk
            return .added
        }
        var capacity = min(max(4 * total, 64 << 10), maximum)
        if case .bytes(let promised) = length { capacity = Int(min(promised, UInt64(capacity))) }
        capacity = max(capacity, total)
        pending = (chunk, isWhole ? 0 : capacity)
        return .needs(capacity - bytes.capacity)
    }

    /// The bytes that the last chunk needs are granted.
    mutating func grant() {
        guard let (chunk, capacity) = pending else { return }
        pending = nil
        if capacity == 0 {
            bytes = chunk
        } else {
            bytes.reserveCapacity(capacity)
            bytes.writeImmutableBuffer(chunk)
        }
    }

    /// The whole body, which is nobody else's from here on.
    mutating func take() -> ByteBuffer {
        defer { self = RequestBody() }
        return bytes
    }

    // MARK: Time

    /// The first span of time: the deadline.
    mutating func begin(_ deadline: Duration) -> Duration {
        granted = deadline
        return deadline
    }

    /// The span of time that the bytes of the body have earned at the slowest rate and that was not given yet; nil if the time
    /// is over.
    mutating func nextSpan(_ deadline: Duration, minimumBytesPerSecond: Int) -> Duration? {
        let earned = deadline + .seconds(bytes.readableBytes / max(1, minimumBytesPerSecond))
        guard earned > granted else { return nil }
        defer { granted = earned }
        return max(earned - granted, .milliseconds(10))
    }
}
