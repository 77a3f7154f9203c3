import HTTPServer
import Observability
import Synchronization

/// Gives the request the names by which logs and answers mention it: `X-Request-Id`, and `traceparent` if it is part of a trace.
///
/// A request that cannot be read gets a name too.
struct NamingStep: RequestStep {
    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        var random = RequestNumbers()
        let id = RequestID.accept(request?.header("X-Request-Id"), using: &random)
        let trace = request?.header("traceparent").flatMap { TraceContext(traceparent: $0) }?.child(using: &random)
        exchange.name(id, trace)
        return .goOn
    }
}

/// Random numbers for the names of requests and spans. They differ from those of other processes, but they are no secret.
///
/// The generator is SplitMix64 over one counter for all threads. It asks the system for randomness once, not for each request.
private struct RequestNumbers: RandomNumberGenerator {
    private static let counter = Atomic(UInt64.random(in: .min ... .max))

    mutating func next() -> UInt64 {
        var z = Self.counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
