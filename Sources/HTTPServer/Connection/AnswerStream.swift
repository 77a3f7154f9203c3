import NIOCore

/// A long answer on its way: its parts are made several at a time, and leave in order as the reader takes them.
///
/// The first part leaves as soon as it is made. At most ``limit`` parts wait or are in the making, so that a slow reader takes no
/// more memory than a fast one.
struct AnswerStream {
    /// Bytes of text that are printed and not sent at most: nine parts in the making, and one that the channel holds. A part has
    /// about a quarter of a mebibyte.
    static let textBytes = 10 << 18

    struct Step {
        /// Parts that leave now, in order.
        var parts: [ByteBuffer] = []
        /// The numbers of the parts that are to be made.
        var asked = 0..<0
        /// Whether all parts have left. True once.
        var isOver = false
    }

    let isChunked: Bool
    /// Whether the answer is computed while it is sent.
    let isComputed: Bool
    private let limit: Int
    /// Parts asked for, and parts sent.
    private var (asked, sent) = (0, 0)
    /// Parts that are made and not sent, by their number.
    private var made: [Int: ByteBuffer] = [:]
    /// Whether no more parts are asked for, and whether all have left.
    private var (hasEnded, isOver) = (false, false)
    /// Whether the answer could not be finished.
    private(set) var isCut = false
    /// Time that was spent on chunks, which are computed while they are sent.
    private(set) var compute = Duration.zero

    init(_ source: HTTPSource, isChunked: Bool, workerCount: Int) {
        self.isChunked = isChunked
        switch source {
        case .parts: (isComputed, limit) = (false, min(workerCount, 8) + 1)
        case .chunks: (isComputed, limit) = (true, 1)
        }
    }

    /// What leaves and what is made next.
    mutating func advance(isWritable: Bool) -> Step {
        var step = Step()
        guard !isOver else { return step }
        if isWritable {
            while let part = made.removeValue(forKey: sent) {
                sent += 1
                step.parts.append(part)
            }
            if !hasEnded, asked < sent + limit {
                step.asked = asked..<sent + limit
                asked = sent + limit
            }
        }
        isOver = hasEnded && asked == sent
        step.isOver = isOver
        return step
    }

    mutating func take(_ part: AnswerPart) {
        compute += part.compute
        made[part.number] = part.bytes
        if part.isCut {
            isCut = true
            end(count: part.number + 1)
        }
    }

    /// The answer has so many parts.
    mutating func end(count: Int) {
        hasEnded = true
        asked = count
    }
}
