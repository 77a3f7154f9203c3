import Synchronization

/// The bytes of all requests in work, taken before they are allocated.
///
/// Bodies, waiting questions and unsent answers share one half, computations the other (``MemoryShares``). The requests of
/// one caller together hold at most half of the first, a single one all of it.
package final class MemoryBudget: Sendable {
    private struct State {
        var requests = RequestBytes()
        var byCaller: [String: RequestBytes] = [:]
        var computing = 0
        var places = 0
        var peak = 0
    }

    /// Bytes of the first half, by the part that they are taken from.
    struct RequestBytes: Sendable, Equatable {
        var shared = 0
        /// Of the reserve.
        var reserved = 0

        var total: Int { shared + reserved }

        static func - (one: RequestBytes, other: RequestBytes) -> RequestBytes {
            RequestBytes(shared: one.shared - other.shared, reserved: one.reserved - other.reserved)
        }

        static func + (one: RequestBytes, other: RequestBytes) -> RequestBytes {
            RequestBytes(shared: one.shared + other.shared, reserved: one.reserved + other.reserved)
        }
    }

    /// What a computation has of the other half.
    enum ComputingBytes: Sendable, Equatable {
        case shared(Int)
        /// One of the reserved places.
        case place
    }

    package let shares: MemoryShares
    private let placeCount: Int
    private let state = Mutex(State())

    package init(_ shares: MemoryShares, workerCount: Int) {
        self.shares = shares
        placeCount = workerCount
    }

    /// Bytes that are in use, reserved places included.
    package var usedBytes: Int { state.withLock { used($0) } }

    /// Bytes that computations hold, reserved places included.
    package var computingBytes: Int { state.withLock { $0.computing + $0.places * shares.placeBytes } }

    private func used(_ state: State) -> Int {
        state.requests.total + state.computing + state.places * shares.placeBytes
    }

    /// The most that was in use since this was last asked for.
    package func takePeak() -> Int {
        state.withLock { state in
            defer { state.peak = used(state) }
            return state.peak
        }
    }

    // MARK: Bodies, waiting questions, unsent answers

    /// Has a request hold `bytes` instead of what it holds. To hold less always succeeds.
    ///
    /// - Parameter isAllocated: whether the bytes are in use already, so that they count whatever the limits.
    /// - Returns: what the request holds from here on; nil if there is no room, and nothing has changed.
    func replace(
        _ old: RequestBytes, by bytes: Int, caller: String, isAllocated: Bool = false
    ) -> RequestBytes? {
        state.withLock { state in
            let others = state.requests - old
            let own = (state.byCaller[caller] ?? RequestBytes()) - old
            let new: RequestBytes
            if let found = room(bytes, old, others, own) {
                new = found
            } else if isAllocated {
                new = RequestBytes(shared: bytes)
            } else {
                return nil
            }
            state.requests = others + new
            let sum = own + new
            state.byCaller[caller] = sum.total == 0 ? nil : sum
            state.peak = max(state.peak, used(state))
            return new
        }
    }

    /// - Parameters:
    ///   - others: what all other requests hold.
    ///   - own: what the other requests of this caller hold.
    private func room(
        _ bytes: Int, _ old: RequestBytes, _ others: RequestBytes, _ own: RequestBytes
    ) -> RequestBytes? {
        func fits(_ bytes: Int, _ others: Int, _ own: Int, _ limit: Int) -> Bool {
            bytes <= limit - others && (own == 0 || bytes <= limit / 2 - own)
        }
        if bytes <= old.total {
            let reserved = min(old.reserved, bytes)
            return RequestBytes(shared: bytes - reserved, reserved: reserved)
        }
        if fits(bytes, others.shared, own.shared, shares.requestBytes) { return RequestBytes(shared: bytes) }
        if bytes <= shares.smallRequestBytes, fits(bytes, others.reserved, own.reserved, shares.reserveBytes) {
            return RequestBytes(reserved: bytes)
        }
        return nil
    }

    // MARK: Computations

    /// Has a computation hold `bytes` instead of `old`; nil if there is no room, and nothing has changed.
    func replace(_ old: ComputingBytes?, by bytes: Int) -> ComputingBytes? {
        state.withLock { state in
            var (computing, places) = (state.computing, state.places)
            switch old {
            case .shared(let bytes): computing -= bytes
            case .place: places -= 1
            case nil: break
            }
            let new: ComputingBytes
            if bytes <= shares.computingBytes - computing {
                new = .shared(bytes)
                computing += bytes
            } else if bytes <= shares.placeBytes, places < placeCount {
                new = .place
                places += 1
            } else {
                return nil
            }
            (state.computing, state.places) = (computing, places)
            state.peak = max(state.peak, used(state))
            return new
        }
    }

    func end(_ bytes: ComputingBytes) {
        state.withLock { state in
            switch bytes {
            case .shared(let bytes): state.computing -= bytes
            case .place: state.places -= 1
            }
        }
    }
}

/// What one request holds of the first half of the budget, given back at the latest with the last reference to this.
package final class MemoryHolding: Sendable {
    private let budget: MemoryBudget
    private let caller: String
    private let held = Mutex(MemoryBudget.RequestBytes())

    package init(_ budget: MemoryBudget, caller: String) {
        self.budget = budget
        self.caller = caller
    }

    deinit { release() }

    /// Takes `bytes` more, or answers false if there is no room.
    package func take(_ bytes: Int) -> Bool { held.withLock { replace(&$0, by: $0.total + bytes, isAllocated: false) } }

    /// Holds `bytes` from here on, or answers false if there is no room.
    package func hold(_ bytes: Int) -> Bool { held.withLock { replace(&$0, by: bytes, isAllocated: false) } }

    /// Holds `bytes` that are in use already, whatever the limits.
    package func holdAllocated(_ bytes: Int) { _ = held.withLock { replace(&$0, by: bytes, isAllocated: true) } }

    package func release() { _ = held.withLock { replace(&$0, by: 0, isAllocated: false) } }

    private func replace(_ held: inout MemoryBudget.RequestBytes, by bytes: Int, isAllocated: Bool) -> Bool {
        guard held.total != bytes else { return true }
        guard let new = budget.replace(held, by: bytes, caller: caller, isAllocated: isAllocated) else { return false }
        held = new
        return true
    }
}

/// What one computation holds of the other half, given back at the latest with the last reference to this.
package final class ComputingGrant: Sendable {
    private let budget: MemoryBudget
    private let held: Mutex<MemoryBudget.ComputingBytes?>

    /// - Returns: nil if there is no room.
    package init?(_ budget: MemoryBudget, bytes: Int) {
        guard let held = budget.replace(nil, by: bytes) else { return nil }
        self.budget = budget
        self.held = Mutex(held)
    }

    deinit { end() }

    /// Holds `bytes` from here on, or answers false if there is no room.
    package func resize(to bytes: Int) -> Bool {
        held.withLock { held in
            guard let new = budget.replace(held, by: bytes) else { return false }
            held = new
            return true
        }
    }

    package func end() {
        held.withLock { held in
            if let held { budget.end(held) }
            held = nil
        }
    }
}
