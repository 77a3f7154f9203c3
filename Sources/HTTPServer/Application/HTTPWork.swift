package import Stopping
import TextCodecs

/// What a piece of work costs, known before it begins.
package struct HTTPPrice: Sendable, Equatable {
    /// Time of one core.
    package var nanoseconds: Int
    /// The most bytes that the work holds at once, its question included.
    package var heldBytes: Int
    /// Bytes of the response's body.
    package var printedBytes: Int

    package init(nanoseconds: Int = 0, heldBytes: Int = 0, printedBytes: Int = 0) {
        self.nanoseconds = nanoseconds
        self.heldBytes = heldBytes
        self.printedBytes = printedBytes
    }

    /// Work up to this price runs on the event loop that parsed its request.
    static let maximumOnLoop = HTTPPrice(nanoseconds: 99_999, heldBytes: 1 << 20)
    /// Work up to this price is short: it goes before longer work, and longer work makes room for it.
    static let shortNanoseconds = 50_000_000
    /// Work from this price on stops if the client ends its side of the connection.
    static let attendedNanoseconds = 1_000_000_000

    /// Such work is not counted in the budget: there is one at a time for each event loop.
    func isForLoop(_ shares: MemoryShares) -> Bool {
        nanoseconds <= Self.maximumOnLoop.nanoseconds
            && heldBytes <= min(Self.maximumOnLoop.heldBytes, shares.placeBytes)
    }

    package var isShort: Bool { nanoseconds <= Self.shortNanoseconds }

    /// Whether the work goes on only while the client keeps its side of the connection open.
    var isAttended: Bool { nanoseconds >= Self.attendedNanoseconds }

    /// The most bytes that the answer holds until it is sent: its numbers, of which each prints at least two bytes and holds
    /// eight, and the text that is printed and not sent yet.
    var answerBytes: Int {
        min(heldBytes, printedBytes.times(4)) + min(printedBytes, AnswerStream.textBytes)
    }
}

/// What becomes of a request once it is parsed and checked.
package enum HTTPPlan: Sendable {
    /// The response needs no computation.
    case answer(HTTPResponse)
    case work(HTTPWork)
}

/// A checked request with its price. It does not need the request's body any more.
package struct HTTPWork: Sendable {
    package let price: HTTPPrice
    /// Bytes that the work holds while it waits.
    package let questionBytes: Int
    /// The most time that it may compute. Nil for the server's deadline, which is never exceeded.
    package let deadline: Duration?
    /// The rank among the waiting requests of its caller. A lower one goes first.
    package let rank: UInt64
    /// Computes the response.
    ///
    /// The flag may be set at any time, also while the chunks and parts of the response are made. What ``run`` returns then is
    /// not sent.
    package let run: @Sendable (StopFlag) -> HTTPResponse

    package init(
        price: HTTPPrice, questionBytes: Int = 0, deadline: Duration? = nil, rank: UInt64 = .max,
        run: @escaping @Sendable (StopFlag) -> HTTPResponse
    ) {
        self.price = price
        self.questionBytes = questionBytes
        (self.deadline, self.rank) = (deadline, rank)
        self.run = run
    }
}
