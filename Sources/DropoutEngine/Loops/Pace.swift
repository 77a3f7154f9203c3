import Stopping

/// Asks a stop flag once for each block's worth of work, for loops whose steps are small or of different length.
struct Pace {
    private let stop: StopFlag
    private var left = 0

    @inline(__always)
    init(_ stop: StopFlag) { self.stop = stop }

    /// Asks if the work since the last question, with `elements` that come next, exceeds a block.
    ///
    /// - Parameter elements: at most a block, so that the next question is not late. A negative number would be a fault of
    ///   the caller.
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    mutating func spend(_ elements: Int) throws(DropoutError) {
        left &-= elements
        if left < 0 {
            left = Blocks.size
            try stop.ask()
        }
    }
}
