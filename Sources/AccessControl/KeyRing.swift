import Synchronization

/// Who may call: checks tokens against the keys of a keys file.
///
/// A token costs one scrypt the first time, known name or not, and one HMAC from then on. Remembered are the HMACs, under a random
/// key of this process: of the right token of each name, and of the last 1024 wrong tokens, until the keys are replaced.
/// So that wrong tokens do not take all processors, new ones are checked at a limited rate and few at once; ``Verification/busy``
/// says that it was not checked.
package final class KeyRing: Sendable {
    private struct State {
        var keys: [String: KeyFile.Key]
        /// The same keys; one lends its costs to a name that there is not.
        var order: [KeyFile.Key]
        var accepted: [String: TokenMark] = [:]
        var refused: RecentMarks
        var budget: TokenBucket?
        var pending: [TokenMark: Check] = [:]
        var waiting = 0
        /// How often the keys were replaced.
        var generation = 0
    }

    /// One token under check, and how many threads want the answer.
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

    /// Nil only where libcrypto has no random bytes.
    package init?(_ file: KeyFile, limits: VerificationLimits = VerificationLimits()) {
        guard let markKey = Scrypt.randomBytes(32) else { return nil }
        self.markKey = markKey
        self.limits = limits
        state = Mutex(
            State(keys: Self.named(file.keys), order: file.keys, refused: RecentMarks(limits.maximumRemembered)))
    }

    /// Puts the keys of `file` in place of the present ones. Tokens of keys that stand there unchanged stay remembered.
    package func replace(_ file: KeyFile) {
        let keys = Self.named(file.keys)
        state.withLock { state in
            let old = state.keys
            state.accepted = state.accepted.filter { keys[$0.key]?.hash == old[$0.key]?.hash }
            state.keys = keys
            state.order = file.keys
            state.refused = RecentMarks(limits.maximumRemembered)
            state.generation += 1
        }
    }

    /// The answer where it is known without work, never ``Verification/busy``; nil where ``verify(_:now:)`` must be asked.
    ///
    /// Cost: one HMAC and a short lock; fit for an event loop.
    package func cached(_ text: String) -> Verification? {
        guard let token = BearerToken(text) else { return .refused }
        guard let mark = TokenMark(text, key: markKey) else { return nil }
        return state.withLock { Self.remembered(token, mark, $0) }
    }

    /// Checks a token, with scrypt where it must be: for a worker's thread, which it keeps for the time of one scrypt, or two
    /// where another thread checks the same token already.
    ///
    /// `now` counts from any moment and should be monotonic.
    package func verify(_ text: String, now: Duration) -> Verification {
        guard let token = BearerToken(text) else { return .refused }
        guard let mark = TokenMark(text, key: markKey) else { return .busy(retryAfter: 1) }
        switch state.withLock({ admit(token, mark, now, &$0) }) {
        case .known(let answer): return answer
        case .check(let turn):
            let answer = turn.lock.withLock { _ in check(token, mark) }
            state.withLock { state in
                guard var check = state.pending[mark] else { return }
                check.threads -= 1
                if check.threads > 0 { state.waiting -= 1 }
                state.pending[mark] = check.threads > 0 ? check : nil
            }
            return answer
        }
    }

    /// Tokens under check now.
    package var checksInProgress: Int { state.withLock { $0.pending.count } }

    private enum Admission {
        case known(Verification)
        case check(Turn)
    }

    private func admit(_ token: BearerToken, _ mark: TokenMark, _ now: Duration, _ state: inout State) -> Admission {
        if let answer = Self.remembered(token, mark, state) { return .known(answer) }
        if let turn = state.pending[mark]?.turn {
            guard state.waiting < limits.maximumWaiting else { return .known(.busy(retryAfter: 1)) }
            state.pending[mark]?.threads += 1
            state.waiting += 1
            return .check(turn)
        }
        guard state.pending.count < limits.maximumConcurrent else { return .known(.busy(retryAfter: 1)) }
        var budget = state.budget ?? TokenBucket(limits.rate, now: now)
        let isAffordable = budget.take(now: now)
        state.budget = budget
        guard isAffordable else { return .known(.busy(retryAfter: max(1, budget.secondsToNext))) }
        let check = Check()
        state.pending[mark] = check
        return .check(check.turn)
    }

    /// One scrypt, unless another thread has just done it.
    private func check(_ token: BearerToken, _ mark: TokenMark) -> Verification {
        let (answer, key, hash, generation) = state.withLock { state in
            let key = state.keys[token.name]
            return (
                Self.remembered(token, mark, state), key, key?.hash ?? decoy(token, state.order), state.generation
            )
        }
        if let answer { return answer }
        guard let hash else { return .refused }
        guard let isRight = hash.matches(token.secret) else { return .busy(retryAfter: 1) }
        return state.withLock { state in
            guard isRight, let key, let present = state.keys[token.name], present.hash == key.hash else {
                if state.generation == generation { state.refused.insert(mark) }
                return .refused
            }
            state.accepted[token.name] = mark
            return .accepted(present.identity)
        }
    }

    /// The hash that a name which there is not is checked against, always the same one, so that it takes as long as a name that
    /// there is; nil where there are no keys.
    private func decoy(_ token: BearerToken, _ keys: [KeyFile.Key]) -> ScryptHash? {
        guard !keys.isEmpty, let mark = TokenMark(token.name, key: markKey) else { return keys.first?.hash }
        return keys[mark.index(below: keys.count)].hash
    }

    private static func remembered(_ token: BearerToken, _ mark: TokenMark, _ state: State) -> Verification? {
        if let right = state.accepted[token.name], right.isEqual(mark), let key = state.keys[token.name] {
            return .accepted(key.identity)
        }
        return state.refused.contains(mark) ? .refused : nil
    }

    private static func named(_ keys: [KeyFile.Key]) -> [String: KeyFile.Key] {
        Dictionary(keys.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
