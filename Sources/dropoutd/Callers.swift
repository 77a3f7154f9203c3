import AccessControl
import HTTPServer

/// Who may call which route, and how often.
struct Callers: Sendable {
    /// Nil: everybody may call.
    let keys: KeyRing?
    let limiter: RateLimiter?
    let crossOrigin: CrossOrigin
    let isMetricsOpen: Bool

    /// What is known of a caller when the header has come.
    enum Standing: Sendable {
        case decided(Decision)
        /// The token must be checked on a worker, by ``verify(_:address:now:)``.
        case unverified(token: String, address: String)
    }

    enum Decision: Sendable {
        /// The route is open, or the caller is known and within the rate. The fields describe the rate.
        case admitted(name: String?, fields: [(name: String, value: String)])
        case refused(Refused)
    }

    struct Refused: Sendable {
        let status: Int
        let detail: String
        let fields: [(name: String, value: String)]
        let name: String?
    }

    /// Routes that orchestrators ask, which know no key.
    static func isOpen(_ path: String?) -> Bool { path == "/healthz" || path == "/livez" || path == "/readyz" }

    /// - Parameter now: of a monotonic clock.
    func standing(_ request: HTTPRequest, now: Duration) -> Standing {
        if Self.isOpen(request.path) || (isMetricsOpen && request.path == "/metrics") {
            return .decided(.admitted(name: nil, fields: []))
        }
        guard let keys else { return .decided(limited(.anonymous(request.callerAddress ?? ""), now: now)) }
        guard let authorization = request.header("Authorization") else {
            return .decided(
                .refused(
                    Self.unauthenticated("a key is required: Authorization: Bearer <token>", BearerToken.challenge)))
        }
        guard let token = BearerToken.text(authorization: authorization) else {
            return .decided(.refused(Self.wrongToken))
        }
        guard let verification = keys.cached(token) else {
            return .unverified(token: token, address: request.callerAddress ?? "")
        }
        return .decided(decision(verification, now: now))
    }

    /// Checks a token that was not known. To be called on a worker.
    func verify(_ token: String, address: String, now: Duration) -> Decision {
        guard let keys else { return .refused(Self.wrongToken) }
        return decision(keys.verify(token, address: address, now: now), now: now)
    }

    private func decision(_ verification: Verification, now: Duration) -> Decision {
        switch verification {
        case .accepted(let identity): limited(identity, now: now)
        case .refused: .refused(Self.wrongToken)
        case .busy(let seconds):
            .refused(
                Refused(
                    status: 503, detail: "too many new keys are being checked",
                    fields: [("Retry-After", "\(seconds)")], name: nil))
        }
    }

    private func limited(_ identity: Identity, now: Duration) -> Decision {
        let name = keys == nil ? nil : identity.name
        guard let decision = limiter?.take(identity, now: now) else { return .admitted(name: name, fields: []) }
        if decision.isAllowed { return .admitted(name: name, fields: decision.fields) }
        return .refused(
            Refused(
                status: 429, detail: "more requests than \(decision.limit) in \(decision.window) s",
                fields: decision.fields, name: name))
    }

    private static let wrongToken = unauthenticated("the key is not one that is known", BearerToken.refusalChallenge)

    private static func unauthenticated(_ detail: String, _ challenge: String) -> Refused {
        Refused(status: 401, detail: detail, fields: [("WWW-Authenticate", challenge)], name: nil)
    }
}
