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
