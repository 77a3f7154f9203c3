import Synchronization

/// The bytes of all requests in work: bodies, and what answers hold until they are sent.
package final class MemoryBudget: Sendable {
    package let limit: Int
    private let used = Atomic(0)

    package init(limit: Int) { self.limit = limit }

    package var usedBytes: Int { used.load(ordering: .relaxed) }

    /// Takes `bytes` more, or answers false where they are not to be had.
    func reserve(_ bytes: Int) -> Bool {
        guard used.add(bytes, ordering: .relaxed).newValue <= limit else {
            used.subtract(bytes, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Takes `bytes` that are already in use, whatever the limit; negative ones are given back.
    func add(_ bytes: Int) { used.add(bytes, ordering: .relaxed) }
}
