import DropoutService
import Foundation
import Questions
import Stopping
import Testing

/// 20,000 random questions, right and wrong ones, with zero, one and huge extents.
///
/// A question that fails is named by its seed, and its text is shown.
@Suite struct RandomQuestionTests {
    /// Small, so that no question takes long in a debug build.
    private static let limits = ServiceLimits(maximumElements: 4096, maximumDepth: 64, maximumNanoseconds: 20_000_000)
    private static let service = DropoutAPI(limits: limits)
    private static let countOfEach = 1000

    /// The seeds of one case of a test, which runs beside the others.
    private static func seeds(_ part: Int) -> Range<UInt64> {
        UInt64(part * countOfEach)..<UInt64((part + 1) * countOfEach)
    }

    @Test("A question with mistakes is answered or refused with pointers", arguments: 0..<10)
    func aQuestionWithMistakesIsAnsweredOrRefusedWithPointers(_ part: Int) {
        var statuses: [Int: Int] = [:]
        for seed in Self.seeds(part) {
            let question = Question.random(seed: seed, isMistaken: true, .small)
            let reply = Self.answer(question)
            if let fault = reply.fault { Issue.record("seed \(seed): \(fault): \(question.shown)") }
            statuses[reply.status, default: 0] += 1
        }
        // Mistakes that are all seen at once would not lead far.
        #expect(statuses[200, default: 0] > 50)
        #expect(statuses[422, default: 0] > 300)
    }

    @Test("A right and cheap question is answered", arguments: 10..<20)
    func aRightAndCheapQuestionIsAnswered(_ part: Int) {
        for seed in Self.seeds(part) {
            let question = Question.random(seed: seed, isMistaken: false, .small)
            let reply = Self.answer(question)
            if let fault = reply.fault { Issue.record("seed \(seed): \(fault): \(question.shown)") }
            // Brackets without end are refused by their price.
            if question.mayHaveEndlessBrackets, reply.text.contains("problem:too-expensive") { continue }
            if reply.status != 200 { Issue.record("seed \(seed): \(reply.text.prefix(300)): \(question.shown)") }
        }
    }

    /// Questions that would take years are planned, and none of them is computed.
    @Test("A question of any size is planned in a bounded time", arguments: 0..<4)
    func aQuestionOfAnySizeIsPlannedInNoTime(_ part: Int) {
        #expect(Self.plannedRoutes == Set(Question.Route.allCases))
        for seed in Self.seeds(part) {
            let sizes = QuestionSizes(elements: 24, passes: 1 << 32 - 1, moves: 1 << 40, mayNameManyPasses: true)
            let question = Question.random(seed: seed, isMistaken: seed % 2 == 1, sizes)
            guard case .reply(let reply) = question.plan(Self.service) else { continue }
            if let fault = RandomReply(reply).fault { Issue.record("seed \(seed): \(fault): \(question.shown)") }
        }
    }

    @Test("Every generator is asked")
    func everyGeneratorIsAsked() {
        #expect(Set(GeneratorFields.all.map(\.name)) == Set(Generator.all.map(\.name)))
    }

    @Test("The same seed makes the same question")
    func theSameSeedMakesTheSameQuestion() {
        for seed in 0..<50 as Range<UInt64> {
            let lines = (0..<2).map { _ in Question.random(seed: seed, isMistaken: true, .small).line }
            #expect(lines[0] == lines[1])
        }
    }

    /// The routes that plan before they compute: a cheap question is work.
    private static let plannedRoutes = Set(
        Question.Route.allCases.filter { route in
            var maker = QuestionMaker(Choices(seed: 1), .small)
            if case .work = maker.question(route).plan(service) { return true }
            return false
        })

    /// The answer of the plan.
    private static func answer(_ question: Question) -> RandomReply {
        switch question.plan(service) {
        case .reply(let reply): RandomReply(reply)
        case .work(let work): RandomReply(work.run(.never))
        }
    }
}

extension Question {
    fileprivate static func random(seed: UInt64, isMistaken: Bool, _ sizes: QuestionSizes) -> Question {
        var maker = QuestionMaker(Choices(seed: seed), sizes)
        let question = maker.question()
        return isMistaken ? question.mistaken(&maker.choices, sizes) : question
    }

    fileprivate func plan(_ service: DropoutAPI) -> ServicePlan {
        body.withUnsafeBufferPointer { body in
            service.plan(
                ServiceRequest(
                    method: method, path: route.path, query: query, contentType: "application/json", body: body),
                stop: .never)
        }
    }

    /// Whether the question names one of the makers' huge extents.
    fileprivate var mayHaveEndlessBrackets: Bool {
        ["2147483648", "1000000000000"].contains { shown.contains($0) }
    }

    fileprivate var shown: String { String(decoding: line.prefix(1500), as: UTF8.self) }
}

/// An answer to a random question, all of its body printed.
private struct RandomReply {
    let status: Int
    let mediaType: String?
    let bytes: [UInt8]

    init(_ reply: ServiceReply) {
        status = reply.status
        mediaType = reply.headers.first { $0.name == "Content-Type" }?.value
        var bytes: [UInt8] = []
        reply.body.forEachChunk { bytes += $0 }
        self.bytes = bytes
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// What is wrong with the answer by itself, nil if nothing is.
    var fault: String? {
        switch (status, mediaType) {
        case (200, "application/json"): return Self.isJSON(bytes[...]) ? nil : "not JSON: \(text)"
        case (200, "application/x-ndjson"):
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            return lines.allSatisfy(Self.isJSON) && bytes.last == UInt8(ascii: "\n")
                ? nil : "not lines of JSON: \(text)"
        case (400, "application/problem+json"), (422, "application/problem+json"):
            let object = (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]
            guard object?["status"] as? Int == status, let errors = object?["errors"] as? [[String: Any]] else {
                return "no problem document: \(text)"
            }
            let pointers = errors.compactMap { $0["pointer"] as? String }
            if pointers.count != errors.count || status == 422 && pointers.isEmpty { return "no pointers: \(text)" }
            return pointers.allSatisfy { $0.isEmpty || $0.hasPrefix("/") } ? nil : "wrong pointers: \(text)"
        default: return "status \(status), \(mediaType ?? "no media type"): \(text.prefix(300))"
        }
    }

    private static func isJSON(_ text: ArraySlice<UInt8>) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil
    }
}
