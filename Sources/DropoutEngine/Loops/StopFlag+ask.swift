package import Stopping

extension StopFlag {
    /// Goes on, lets other work run first, or throws. Loops of the engine ask at least every millisecond.
    ///
    /// - Throws: ``DropoutError/stopped`` if the flag is set.
    @inline(__always)
    package func ask() throws(DropoutError) {
        do {
            try check()
        } catch {
            throw .stopped
        }
    }
}

extension StopFlag {
    /// The number of units that are drawn between two questions to the flag. They take 0.2 ms at 6 ns each.
    static let drawnUnits = 1 << 15
}
