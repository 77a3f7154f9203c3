import Dispatch
import HTTPServer
import Synchronization

/// What a server has told of its requests, in the order of their ends.
final class Outcomes: Sendable {
    struct TooFew: Error { let seen: [HTTPOutcome] }

    private let state = Mutex((begun: 0, ended: [HTTPOutcome]()))
    private let ends = DispatchSemaphore(value: 0)

    /// How many requests have begun.
    var begunCount: Int { state.withLock { $0.begun } }
    var all: [HTTPOutcome] { state.withLock { $0.ended } }

    /// The outcomes, as soon as there are `count` more than were waited for before.
    func next(_ count: Int = 1) throws(TooFew) -> [HTTPOutcome] {
        for _ in 0..<count {
            guard ends.wait(timeout: .now() + 120) == .success else { throw TooFew(seen: all) }
        }
        return all
    }

    /// `application`, with its ends noted, and with the verdict of `verdict`.
    func noting(
        _ application: TestApplication,
        verdict: @escaping @Sendable (HTTPRequest) -> TestExchange.Verdict = { _ in .now(nil) }
    ) -> TestApplication {
        TestApplication { [self] request in
            state.withLock { $0.begun += 1 }
            let call = application.begin(request)
            return TestExchange(
                verdict: request.map(verdict) ?? .now(nil), caller: { call.caller },
                readingPrice: { call.readingPrice(bodyBytes: $0) },
                plan: { call.plan($0, stop: $1) }, refusal: { call.response(to: $0) },
                ended: { [self] outcome in
                    state.withLock { $0.ended.append(outcome) }
                    ends.signal()
                })
        }
    }
}
