import DropoutService
import Foundation
import Questions
import Stopping

/// Questions built from the bytes: every choice of ``QuestionMaker`` and ``Question/mistaken(_:_:)`` is read from them, so that
/// the fuzzer reaches fields that it would not spell.
///
/// - The plan or the answer has a status of the contract. Its price and its bytes are not negative.
/// - A cheap plan ends, with an answer that has a status of the contract, in a bounded multiple of its price.
/// - A plan whose flag is set before it runs answers with 200 or 503.
enum QuestionTarget {
    private static let service = DropoutAPI(
        limits: ServiceLimits(maximumElements: 1 << 12, maximumDepth: 64, maximumNanoseconds: 20_000_000))
    private static let statuses: Set = [200, 400, 422]
    /// Dearer plans are not run.
    private static let runNanoseconds = 20_000_000
    /// The sanitizer, and a build without the optimiser, are slower than a price says.
    private static let slowness = 400

    static func run(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        var choices = Choices(bytes: input)
        let isMistaken = choices.chance(60)
        // Any number of passes may be named once nothing is computed before its price is known.
        let sizes = QuestionSizes(elements: 48, passes: 6, moves: 100, mayNameManyPasses: isPlanned)
        var maker = QuestionMaker(choices, sizes)
        var question = maker.question()
        if isMistaken { question = question.mistaken(&maker.choices, sizes) }
        let text = question.line
        let body = question.body
        let plan = body.withUnsafeBufferPointer { body in
            service.plan(
                ServiceRequest(
                    method: question.method, path: question.route.path, query: question.query,
                    contentType: "application/json", body: body),
                stop: .never)
        }
        switch plan {
        case .reply(let reply): require(statuses.contains(reply.status), "status \(reply.status)", input: text)
        case .work(let work): check(work, text)
        }
        return 0
    }

    private static func check(_ work: ServiceWork, _ text: [UInt8]) {
        let price = work.price
        require(
            price.nanoseconds >= 0 && price.heldBytes >= 0 && price.printedBytes >= 0 && work.questionBytes >= 0,
            "a negative price: \(price)", input: text)
        let stop = StopFlag()
        stop.set()
        let stopped = printed(work.run(stop))
        require([200, 422, 503].contains(stopped), "status \(stopped) of a stopped plan", input: text)
        guard price.nanoseconds <= runNanoseconds else { return }
        let start = cpuNanoseconds
        let status = printed(work.run(.never))
        let taken = cpuNanoseconds - start
        require(statuses.contains(status), "status \(status) of a plan", input: text)
        require(
            taken < price.nanoseconds * slowness + 200_000_000, "\(taken) ns taken, \(price.nanoseconds) ns priced",
            input: text)
    }

    /// The status, after the whole body has been made.
    private static func printed(_ reply: ServiceReply) -> Int {
        reply.body.forEachChunk { _ in }
        return reply.status
    }

    private static var cpuNanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Whether the routes plan: a cheap question of each is work.
    private static let isPlanned = Question.Route.allCases.allSatisfy { route in
        var maker = QuestionMaker(Choices(seed: 1), .small)
        let question = maker.question(route)
        let body = question.body
        let plan = body.withUnsafeBufferPointer { body in
            service.plan(
                ServiceRequest(
                    method: question.method, path: route.path, query: question.query, contentType: "application/json",
                    body: body),
                stop: .never)
        }
        if case .work = plan { return true }
        return false
    }
}
