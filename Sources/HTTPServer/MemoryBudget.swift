import Synchronization

/// The bytes of all requests in work: bodies, what their computations take, and what answers hold until they are sent.
package final class MemoryBudget: Sendable {
    package let limit: Int
    private let used = Atomic(0)
    private let peak = Atomic(0)
    private let computations = Atomic(0)

    package init(limit: Int) { self.limit = limit }

    package var usedBytes: Int { used.load(ordering: .relaxed) }

    /// The most that was in use since this was last asked for.
    func takePeak() -> Int { peak.exchange(usedBytes, ordering: .relaxed) }

    /// Takes `bytes` more, or answers false where they are not to be had.
    func reserve(_ bytes: Int) -> Bool {
        let sum = used.add(bytes, ordering: .relaxed).newValue
        guard sum <= limit else {
            used.subtract(bytes, ordering: .relaxed)
            return false
        }
        peak.max(sum, ordering: .relaxed)
        return true
    }

    /// Takes `bytes` for a computation, or answers nil where they are not to be had.
    ///
    /// A computation that has no other beside it is begun all the same, since there is no better time for it. It takes half of
    /// the limit at most, so that bodies still come in meanwhile.
    ///
    /// - Returns: what was taken, for ``endComputation(_:)``.
    func beginComputation(_ bytes: Int) -> Int? {
        let isAlone = computations.add(1, ordering: .relaxed).oldValue == 0
        if reserve(bytes) { return bytes }
        if isAlone {
            let taken = min(bytes, limit / 2)
            add(taken)
            return taken
        }
        computations.subtract(1, ordering: .relaxed)
        return nil
    }

    func endComputation(_ taken: Int) {
        add(-taken)
        computations.subtract(1, ordering: .relaxed)
    }

    /// Takes `bytes` that are already in use, whatever the limit; negative ones are given back.
    func add(_ bytes: Int) {
        let sum = used.add(bytes, ordering: .relaxed).newValue
        if bytes > 0 { peak.max(sum, ordering: .relaxed) }
    }
}
