import AccessControl
import HTTPServer
import Observability

/// Lets callers in whose key is known. A token that was not checked before is checked on a worker.
struct AccessStep: RequestStep {
    /// Nil if everybody may call.
    let keys: KeyRing?
    let isMetricsOpen: Bool

    /// Whether orchestrators ask this route. They know no key.
    static func isOpen(_ path: String?) -> Bool { path == "/healthz" || path == "/livez" || path == "/readyz" }

    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        guard let request, !Self.isOpen(request.path), !(isMetricsOpen && request.path == "/metrics") else {
            return .goOn
        }
        let address = request.callerAddress ?? ""
        guard let keys else {
            exchange.admit(.anonymous(address), name: nil)
            return .goOn
        }
        guard let authorization = request.header("Authorization") else {
            return .answer(
                exchange.refuse(
                    .unauthenticated, 401, "a key is required: Authorization: Bearer <token>",
                    [("WWW-Authenticate", BearerToken.challenge)]))
        }
        guard let token = BearerToken.text(authorization: authorization) else { return wrongToken(exchange) }
        if isOnWorker {
            return take(keys.verify(token, address: address, now: Application.now), exchange)
        }
        return keys.cached(token).map { take($0, exchange) } ?? .onWorker
    }

    private func take(_ verification: Verification, _ exchange: RequestExchange) -> StepResult {
        switch verification {
        case .accepted(let identity):
            exchange.admit(identity, name: identity.name)
            return .goOn
        case .refused: return wrongToken(exchange)
        case .busy(let seconds):
            return .answer(
                exchange.refuse(
                    .verificationBusy, 503, "too many new keys are being checked", [("Retry-After", "\(seconds)")]))
        }
    }

    private func wrongToken(_ exchange: RequestExchange) -> StepResult {
        .answer(
            exchange.refuse(
                .unauthenticated, 401, "the key is not one that is known",
                [("WWW-Authenticate", BearerToken.refusalChallenge)]))
    }
}
