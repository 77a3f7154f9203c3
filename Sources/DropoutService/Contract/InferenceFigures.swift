/// What became of the inferences of one model since the process began. Durations are sums, in nanoseconds.
package struct InferenceFigures: Sendable, Equatable {
    package var answered: UInt64 = 0
    package var answeredNanoseconds: UInt64 = 0
    package var refused: UInt64 = 0
    package var refusedNanoseconds: UInt64 = 0
    /// The parts of `answeredNanoseconds` that were waiting for a thread and computing.
    package var queueNanoseconds: UInt64 = 0
    package var computeNanoseconds: UInt64 = 0
    /// Milliseconds since 1970, 0 before the first inference.
    package var lastMilliseconds: UInt64 = 0

    package init() {}
}
