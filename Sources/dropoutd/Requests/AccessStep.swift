import AccessControl
import DropoutService
import HTTPServer
import Observability

/// Admits callers whose key is known. A token that needs scrypt is checked on a worker.
struct AccessStep: RequestStep {
    /// Nil if everybody may call.
    let keys: KeyRing?
    let isMetricsOpen: Bool

    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        guard let request, hasCaller(exchange.route) else { return .goOn }
        let address = request.callerAddress ?? ""
        guard let keys else {
            exchange.admit(.anonymous(address), name: nil)
            return .goOn
        }
        guard let authorization = request.header("Authorization") else {
            if exchange.route?.audience == .readers {
                exchange.admit(.anonymous(address), name: nil)
                return .goOn
            }
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

    /// Whether the request is somebody's, who has a key or a rate.
    ///
    /// A path that is no route's needs a key too, so that a refusal tells strangers nothing. A reader needs none. A key that a
    /// reader sends is checked all the same.
    private func hasCaller(_ route: Route?) -> Bool {
        switch route?.audience {
        case .probes: false
        case .collectors: !isMetricsOpen
        case .readers, .callers, nil: true
        }
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
