import Synchronization

/// Checks tokens against the keys of a keys file.
///
/// A token of a `$sha256$` line is checked each time. A token of a `$scrypt$` line costs one scrypt the first time and one HMAC
/// after that. The ring remembers HMACs of tokens under a random key of this process: that of the right token of each name,
/// and those of the last 1024 wrong tokens until the keys are replaced. Scrypt checks have a budget, ``CheckBudget``.
/// ``Verification/busy`` means that a token was not checked.
///
/// # Unknown names
///
/// A token with an unknown name is checked against the line of another key, its *decoy*, and always refused. A keyed hash of
/// the name picks the decoy, so the same name always causes the same kind of work. The key of that hash is made of the hashes
/// in the file. So all replicas with the same file pick the same decoy, and a restart does not change it.
///
/// # What the time of an answer shows
///
/// If the file has one kind of line, the time shows nothing about names. If it has both kinds, the time shows the kind of
/// work, fast or slow. Unknown names cause both kinds, in the proportion of the lines of the file. So the kind alone says
/// nothing about a name.
///
/// A change of the file may change the kind of an unknown name, but not that of a known name. A caller who measures many names
/// before and after the change can learn from that. A file with one kind of line avoids it.
package final class KeyRing: Sendable {
    private struct State {
        var keys: [String: KeyFile.Key]
        /// The same keys in the order of the file. Decoys are picked from them.
        var order: [KeyFile.Key]
        /// The key of the hash that picks the decoy of an unknown name.
        var decoyKey: [UInt8]
        var accepted: [String: TokenMark] = [:]
        var refused: RecentMarks
        var budget: CheckBudget
        var pending: [TokenMark: Check] = [:]
        var waiting = 0
        /// The number of times that the keys were replaced.
        var generation = 0

        /// The hash that a token of this name is checked against: that of its key or of its decoy.
        func hash(of name: String) -> KeyHash? {
            if let key = keys[name] { return key.hash }
            guard !order.isEmpty, let mark = TokenMark(name, key: decoyKey) else { return order.first?.hash }
            return order[mark.index(below: order.count)].hash
        }
    }

    /// One token under check, and the number of threads that want the answer.
    private struct Check {
        let turn = Turn()
        var threads = 1
    }

    private final class Turn: Sendable {
        let lock = Mutex(())
    }

    private let state: Mutex<State>
    private let limits: VerificationLimits
    private let markKey: [UInt8]
    /// The places for checks that run. Each check holds one of them, so that at most ``VerificationLimits/maximumConcurrent``
    /// checks run at the same time.
    private let slots: [Turn]

    /// Nil only if libcrypto refuses.
    package init?(_ file: KeyFile, limits: VerificationLimits = VerificationLimits()) {
        guard let markKey = Scrypt.randomBytes(32), let decoyKey = Self.decoyKey(file.keys) else { return nil }
        self.markKey = markKey
        self.limits = limits
        slots = (0..<max(1, limits.maximumConcurrent)).map { _ in Turn() }
        state = Mutex(
            State(
                keys: Self.named(file.keys), order: file.keys, decoyKey: decoyKey,
                refused: RecentMarks(limits.maximumRemembered), budget: CheckBudget(limits)))
    }

    /// Replaces the keys with those of `file`. Tokens of unchanged lines stay remembered.
    package func replace(_ file: KeyFile) {
        let keys = Self.named(file.keys)
        let decoyKey = Self.decoyKey(file.keys)
        state.withLock { state in
            let old = state.keys
            state.accepted = state.accepted.filter { keys[$0.key]?.hash == old[$0.key]?.hash }
            state.keys = keys
            state.order = file.keys
            // If libcrypto refuses, the old key still picks a decoy.
            state.decoyKey = decoyKey ?? state.decoyKey
            state.refused = RecentMarks(limits.maximumRemembered)
            state.generation += 1
        }
    }

    /// The answer if it is known without scrypt. It is never ``Verification/busy``. Nil if the token needs
    /// ``verify(_:address:now:)``.
    ///
    /// The cost is one or two SHA-256 or HMAC and a short lock, so an event loop may call it.
    package func cached(_ text: String) -> Verification? {
        guard let token = BearerToken(text) else { return .refused }
        let (key, hash) = state.withLock { ($0.keys[token.name], $0.hash(of: token.name)) }
        if case .sha256(let hash) = hash {
            guard let isRight = hash.matches(token.secret) else { return nil }
            return isRight ? key.map { .accepted($0.identity) } ?? .refused : .refused
        }
        guard let mark = TokenMark(text, key: markKey) else { return nil }
        return state.withLock { Self.remembered(token, mark, $0) }
    }

    /// Checks a token, with scrypt if necessary.
    ///
    /// It keeps the thread for the time of one scrypt, or of a few if other checks are before it. Only a worker may call it.
    ///
    /// - Parameters:
    ///   - address: What counts as one caller without a key. The check is taken from its budget.
    ///   - now: The time since any moment, from a monotonic clock.
    package func verify(_ text: String, address: String, now: Duration) -> Verification {
        guard let token = BearerToken(text) else { return .refused }
        if let answer = cached(text) { return answer }
        guard let mark = TokenMark(text, key: markKey) else { return .busy(retryAfter: 1) }
        switch state.withLock({ admit(token, mark, address, now, &$0) }) {
        case .known(let answer): return answer
        case .wait(let turn): return finish(mark, turn.lock.withLock { _ in check(token, mark) })
        case .check(let turn, let slot):
            return finish(mark, turn.lock.withLock { _ in slot.lock.withLock { _ in check(token, mark) } })
        }
    }

    private func finish(_ mark: TokenMark, _ answer: Verification) -> Verification {
        state.withLock { state in
            guard var check = state.pending[mark] else { return }
            check.threads -= 1
            if check.threads > 0 { state.waiting -= 1 }
            state.pending[mark] = check.threads > 0 ? check : nil
        }
        return answer
    }

    /// The number of tokens that are under check now, for tests.
    package var checksInProgress: Int { state.withLock { $0.pending.count } }

    /// The numbers of addresses and names whose checks are counted, for tests.
    package var counted: (addresses: Int, names: Int) { state.withLock { $0.budget.counted } }

    private enum Admission {
        case known(Verification)
        /// Another thread checks the same token. Its turn ends with the answer.
        case wait(Turn)
        case check(Turn, slot: Turn)
    }

    private func admit(
        _ token: BearerToken, _ mark: TokenMark, _ address: String, _ now: Duration, _ state: inout State
    ) -> Admission {
        if let answer = Self.remembered(token, mark, state) { return .known(answer) }
        if let turn = state.pending[mark]?.turn {
            guard state.waiting < limits.maximumWaiting else { return .known(.busy(retryAfter: 1)) }
            state.pending[mark]?.threads += 1
            state.waiting += 1
            return .wait(turn)
        }
        // Addresses that are not quiet do not wait, because a flood would block the workers.
        let queued = state.budget.isQuiet(address, now: now) ? limits.maximumQueued : 0
        guard state.pending.count < limits.maximumConcurrent + queued else { return .known(.busy(retryAfter: 1)) }
        if let seconds = state.budget.take(address: address, name: token.name, now: now) {
            return .known(.busy(retryAfter: seconds))
        }
        let check = Check()
        let slot = slots[state.pending.count % slots.count]
        state.pending[mark] = check
        return .check(check.turn, slot: slot)
    }

    /// Checks the token, unless another thread has just done it.
    private func check(_ token: BearerToken, _ mark: TokenMark) -> Verification {
        let (answer, key, hash, generation) = state.withLock { state in
            (Self.remembered(token, mark, state), state.keys[token.name], state.hash(of: token.name), state.generation)
        }
        if let answer { return answer }
        let isRight: Bool?
        switch hash {
        case .scrypt(let hash): isRight = hash.matches(token.secret)
        // The keys were replaced in the meantime.
        case .sha256(let hash): isRight = hash.matches(token.secret)
        case nil: isRight = false
        }
        guard let isRight else { return .busy(retryAfter: 1) }
        return state.withLock { state in
            guard isRight, let key, let present = state.keys[token.name], present.hash == key.hash else {
                if state.generation == generation { state.refused.insert(mark) }
                return .refused
            }
            state.accepted[token.name] = mark
            return .accepted(present.identity)
        }
    }

    private static func remembered(_ token: BearerToken, _ mark: TokenMark, _ state: State) -> Verification? {
        if let right = state.accepted[token.name], right.isEqual(mark), let key = state.keys[token.name] {
            return .accepted(key.identity)
        }
        return state.refused.contains(mark) ? .refused : nil
    }

    /// The key that picks decoys. All replicas with the same file have the same key.
    private static func decoyKey(_ keys: [KeyFile.Key]) -> [UInt8]? {
        SHA256Hash(of: Array(keys.map(\.hash.text).joined(separator: "\n").utf8))?.digest
    }

    private static func named(_ keys: [KeyFile.Key]) -> [String: KeyFile.Key] {
        Dictionary(keys.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
