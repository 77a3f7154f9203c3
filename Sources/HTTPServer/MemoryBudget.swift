import Synchronization

/// The bytes of all requests in work: bodies, and what answers hold until they are sent.
package final class MemoryBudget: Sendable {
    package let limit: Int
    private let used = Atomic(0)
    private let peak = Atomic(0)

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

    /// Takes `bytes` that are already in use, whatever the limit; negative ones are given back.
    func add(_ bytes: Int) {
        let sum = used.add(bytes, ordering: .relaxed).newValue
        if bytes > 0 { peak.max(sum, ordering: .relaxed) }
    }
}
