import TextCodecs

/// What a computation costs, known before it begins.
///
/// Every amount saturates at `Int.max`, from the first multiplication on, so that no question overflows its price.
///
/// The server has `HTTPPrice`, with the same three amounts. The two are not one type because this target knows nothing of
/// HTTP and the server knows nothing of dropout. Only `dropoutd` knows both.
package struct Price: Sendable, Equatable {
    /// Time of one core.
    package var nanoseconds: Int
    /// The most bytes that the computation holds at once, its question included.
    package var heldBytes: Int
    /// Bytes of the answer's text.
    package var printedBytes: Int

    package init(nanoseconds: Int = 0, heldBytes: Int = 0, printedBytes: Int = 0) {
        self.nanoseconds = nanoseconds
        self.heldBytes = heldBytes
        self.printedBytes = printedBytes
    }

    package static let zero = Price()

    /// The price of both at the same time: the bytes that they hold add up.
    package static func + (one: Price, other: Price) -> Price {
        Price(
            nanoseconds: one.nanoseconds.adding(other.nanoseconds), heldBytes: one.heldBytes.adding(other.heldBytes),
            printedBytes: one.printedBytes.adding(other.printedBytes))
    }

    /// The price of doing it `count` times, one after another: the bytes are held once.
    func times(_ count: Int) -> Price {
        Price(
            nanoseconds: nanoseconds.times(count), heldBytes: count == 0 ? 0 : heldBytes,
            printedBytes: printedBytes.times(count))
    }

    /// The price of a part of each of `count` lines. The texts of the passes in flight are held until they are sent.
    func lines(_ count: Int, inFlight: Int) -> Price {
        times(count) + Price(heldBytes: printedBytes.times(inFlight))
    }
}
