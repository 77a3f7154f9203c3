/// Whether the reader of an answer keeps up: how many bytes it takes in each span of time.
///
/// The system hands a slow reader's bytes over in steps of up to some hundred kilobytes, so that a steady reader takes nothing
/// in one span and twice as much in the next. What it takes above the minimum therefore counts for later spans, up to
/// ``maximumSurplus`` bytes.
package struct ReaderPace {
    private static let maximumSurplus = 512 << 10

    package private(set) var written = 0
    private var takenBefore = 0
    private var surplus = 0

    package init() {}

    /// The first span begins.
    ///
    /// - Parameter taken: bytes that the client has taken of this connection.
    package mutating func begin(taken: Int) { takenBefore = taken }

    /// Bytes were handed to the socket.
    package mutating func add(_ count: Int) { written += count }

    /// At the end of a span: whether the reader keeps up with `minimum` bytes a span, or has all that there was.
    ///
    /// - Parameters:
    ///   - taken: bytes that the client has taken of this connection.
    ///   - waiting: bytes that the socket has not taken yet.
    package mutating func keepsUp(taken: Int, waiting: Int, minimum: Int) -> Bool {
        surplus = min(surplus + taken - takenBefore - minimum, Self.maximumSurplus, 2 * minimum)
        takenBefore = taken
        if waiting == 0 { surplus = max(0, surplus) }
        return surplus >= 0
    }
}
