import HTTPServer
import Stopping

/// An application whose exchanges are what a closure makes of each request.
struct TestApplication: HTTPApplication {
    let make: @Sendable (HTTPRequest?) -> any HTTPExchange

    init(_ make: @escaping @Sendable (HTTPRequest?) -> any HTTPExchange) { self.make = make }

    func begin(_ request: HTTPRequest?) -> any HTTPExchange { make(request) }
}

/// An exchange whose parts are closures.
struct TestExchange: HTTPExchange {
    enum Verdict: Sendable {
        case now(HTTPResponse?)
        case later(@Sendable () -> HTTPResponse?)
    }

    private let testVerdict: Verdict
    let isVital: Bool
    let isReadByWorker: Bool
    private let makeCaller: @Sendable () -> String
    private let makeReadingPrice: @Sendable (Int) -> HTTPPrice
    private let makePlan: @Sendable (HTTPRequest, StopFlag) -> HTTPPlan
    private let makeRefusal: @Sendable (HTTPRefusal) -> HTTPResponse
    private let atEnd: @Sendable (HTTPOutcome) -> Void

    init(
        verdict: Verdict = .now(nil), isVital: Bool = false, isReadByWorker: Bool = false,
        caller: @escaping @Sendable () -> String = { "" },
        readingPrice: @escaping @Sendable (Int) -> HTTPPrice = { _ in HTTPPrice() },
        plan: @escaping @Sendable (HTTPRequest, StopFlag) -> HTTPPlan,
        refusal: @escaping @Sendable (HTTPRefusal) -> HTTPResponse = TestApplication.problem,
        ended: @escaping @Sendable (HTTPOutcome) -> Void = { _ in }
    ) {
        testVerdict = verdict
        self.isVital = isVital
        self.isReadByWorker = isReadByWorker
        makeCaller = caller
        makeReadingPrice = readingPrice
        makePlan = plan
        makeRefusal = refusal
        atEnd = ended
    }

    var verdict: HTTPVerdict {
        switch testVerdict {
        case .now(let response): .now(response)
        case .later: .later
        }
    }

    func check() -> HTTPResponse? {
        switch testVerdict {
        case .now(let response): response
        case .later(let check): check()
        }
    }

    var caller: String { makeCaller() }
    func readingPrice(bodyBytes: Int) -> HTTPPrice { makeReadingPrice(bodyBytes) }
    func plan(_ request: HTTPRequest, stop: StopFlag) -> HTTPPlan { makePlan(request, stop) }
    func response(to refusal: HTTPRefusal) -> HTTPResponse { makeRefusal(refusal) }
    func ended(_ outcome: HTTPOutcome) { atEnd(outcome) }
}
