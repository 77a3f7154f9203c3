/// Whether the reader of an answer keeps up: how many bytes it takes in each span of time.
struct ReaderPace {
    private(set) var written = 0
    private var takenBefore = 0

    /// Bytes were handed to the socket.
    mutating func add(_ count: Int) { written += count }

    /// At the end of a span: whether the reader took at least `minimum` bytes in it, or all that there was.
    ///
    /// - Parameter waiting: bytes that the socket has not taken yet.
    mutating func keepsUp(waiting: Int, minimum: Int) -> Bool {
        let taken = written - waiting
        defer { takenBefore = taken }
        return waiting == 0 || taken - takenBefore >= minimum
    }
}
