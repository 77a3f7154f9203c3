import DropoutService
import Questions
import Stopping

/// A question that is made again from four numbers, in this process or in another one.
struct PricedQuestion {
    let seed: UInt64
    let sizes: QuestionSizes
    let question: Question

    /// - Parameter scale: about how many elements are drawn and computed, over all passes.
    init(seed: UInt64, scale: Double) {
        // How much of the scale is passes is a matter of the seed.
        var choices = Choices(seed: ~seed)
        let share = Double(choices.below(80)) / 100
        let passes = max(1, scale.power(share).rounded())
        let elements = min(max(1, (scale / passes).rounded()), 2_000_000)
        self.init(
            seed: seed,
            QuestionSizes(
                elements: Int(elements), passes: Int(min(passes, 4_000_000_000)), moves: Int(min(scale, 16_000_000)),
                isExact: true))
    }

    /// - Parameter numbers: seed, elements, passes and moves.
    init(_ numbers: [Int]) {
        self.init(
            seed: UInt64(numbers[0]),
            QuestionSizes(elements: numbers[1], passes: numbers[2], moves: numbers[3], isExact: true))
    }

    private init(seed: UInt64, _ sizes: QuestionSizes) {
        (self.seed, self.sizes) = (seed, sizes)
        var maker = QuestionMaker(Choices(seed: seed), sizes)
        question = maker.question()
    }

    var numbers: [String] { [String(seed), String(sizes.elements), String(sizes.passes), String(sizes.moves)] }

    static let service = DropoutAPI()

    /// The plan, and the nanoseconds that reading, checking and planning took.
    func plan(_ body: [UInt8]) -> (plan: ServicePlan, nanoseconds: Int) {
        body.withUnsafeBufferPointer { body in
            let request = ServiceRequest(
                method: question.method, path: question.route.path, query: question.query,
                contentType: "application/json", body: body)
            let start = ThreadClock.nanoseconds
            let plan = Self.service.plan(request, stop: .never)
            return (plan, ThreadClock.nanoseconds - start)
        }
    }

    /// Work with a rough price, for a question that the service answers without a plan.
    func answering() -> ServiceWork {
        let count = sizes.elements * (question.root.hasPasses ? sizes.passes : 1)
        return ServiceWork(
            price: Price(nanoseconds: 2000 + count * 60, heldBytes: sizes.elements * 100), questionBytes: 0
        ) { _ in
            let body = question.body
            return body.withUnsafeBufferPointer { body in
                Self.service.respond(
                    to: ServiceRequest(
                        method: question.method, path: question.route.path, query: question.query,
                        contentType: "application/json", body: body))
            }
        }
    }

    /// A question whose price is near `target` nanoseconds; nil if its form has none.
    ///
    /// - Parameter price: nil for a question that is refused for its price.
    static func near(
        _ target: Double, seed: UInt64, price: (PricedQuestion) -> Double?
    ) -> PricedQuestion? {
        var scale = max(1, target / 50)
        for _ in 0..<8 {
            let question = PricedQuestion(seed: seed, scale: scale)
            guard let found = price(question) else {
                scale = max(1, scale / 30)
                continue
            }
            if found > target / 2, found < target * 2 { return question }
            let next = min(max(scale * min(max(target / found, 1e-3), 1e3), 1), 1e15)
            // No other size has another price.
            if next == scale { return nil }
            scale = next
        }
        return nil
    }

    func show() throws {
        print(String(decoding: question.line, as: UTF8.self))
        print("slowness of this machine: \(Calibration.now().slowness)")
        let (plan, reading) = plan(question.body)
        print("reading and planning: \(reading) ns")
        guard case .work(let work) = plan else { return print("answered without a plan") }
        let measured = Measured(work, calibration: Calibration.now())
        print("\(work.price)\ncomputed and printed: \(measured.nanoseconds) ns, status \(measured.status)")
        if let peak = try PeakMemory.ofOwnProcess(self) { print("memory: \(peak)") }
    }
}

extension Node {
    var hasPasses: Bool {
        guard case .object(let members) = self else { return false }
        return members.contains { ["samples", "steps", "loss_samples"].contains($0.name) }
    }
}

/// One run of a plan on this thread, its whole answer printed.
struct Measured {
    /// CPU time of the thread, as the machine of the price table would take it.
    let nanoseconds: Int
    let status: Int

    init(_ work: ServiceWork, calibration: Calibration) {
        let start = ThreadClock.nanoseconds
        let reply = work.run(.never)
        var bytes = 0
        reply.body.forEachChunk { bytes += $0.count }
        nanoseconds = Int(Double(ThreadClock.nanoseconds - start) / calibration.slowness)
        status = reply.status
    }
}
