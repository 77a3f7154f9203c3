import Stopping

/// Asks a stop flag once for each block of work, for loops whose steps are small or of different lengths.
struct Pace {
    private let stop: StopFlag
    private var left = 0

    @inline(__always)
    init(_ stop: StopFlag) { self.stop = stop }

    /// Asks the flag if the work since the last question, with the next `elements`, exceeds a block.
    ///
    /// - Parameter elements: The work that comes next: at least 0, and at most a block so that the next question is not late.
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
