import DropoutService
import Foundation
import Questions

/// Draws questions whose prices are log-uniform, and compares each price with what computing takes.
struct PriceRun {
    let count: Int
    let seed: UInt64
    /// Whether a question without a plan is answered, with a rough price.
    let takesAnswers: Bool

    /// What may be spent beyond three times the price: calling, clocks, first touch of memory.
    private static let constant = 20_000
    private static let mebibyte = 1 << 20

    func all() throws {
        Swift.print("slowness of this machine: \(Calibration.now().slowness)")
        var results: [PriceResult] = []
        var left = Left()
        let start = Date()
        for number in 0..<count { results += result(number, 1e3, 1e5, &left) }
        for number in count..<count + max(1, count / 20) { results += result(number, 1e8, 20, &left) }
        let memory = try peaks(results)
        PriceReport(results: results, memory: memory, left: left, seconds: Date().timeIntervalSince(start)).print()
        let isBroken = results.contains { $0.fault != nil } || memory.contains { $0.fault != nil }
        exit(isBroken || results.isEmpty ? 1 : 0)
    }

    /// Questions that were drawn and have no result.
    struct Left {
        var unplanned: [String: Int] = [:]
        var refused = 0
        /// No size of the question has the price that was wanted.
        var unreachable = 0
    }

    private func result(_ number: Int, _ lowest: Double, _ range: Double, _ left: inout Left) -> [PriceResult] {
        let own = seed << 32 + UInt64(number)
        var choices = Choices(seed: own &+ 77)
        let target = lowest * range.power(Double(choices.below(1_000_000)) / 1e6)
        var isUnplanned = false
        let near = PricedQuestion.near(target, seed: own) { question in
            guard let work = work(question)?.work else {
                isUnplanned = true
                return nil
            }
            return Double(work.price.nanoseconds)
        }
        guard let near else {
            if isUnplanned, !takesAnswers {
                let route = PricedQuestion(seed: own, scale: 1).question.route.rawValue
                left.unplanned[route, default: 0] += 1
            } else {
                left.unreachable += 1
            }
            return []
        }
        var best: PriceResult?
        // Short runs vary, and a busy machine is slow at times.
        for attempt in 0..<5 {
            guard let (work, reading, bodyBytes) = work(near) else { return [] }
            let calibration = Calibration.now()
            let measured = Measured(work, calibration: calibration)
            guard measured.status == 200 else {
                left.refused += 1
                return []
            }
            let result = PriceResult(
                question: near, price: work.price, nanoseconds: measured.nanoseconds,
                readingPrice: PricedQuestion.service.readingPrice(
                    bodyBytes: bodyBytes + (near.question.query?.utf8.count ?? 0)
                )
                .nanoseconds,
                readingNanoseconds: reading.map { Int(Double($0) / calibration.slowness) }, constant: Self.constant)
            if best.map({ result.nanoseconds < $0.nanoseconds }) ?? true { best = result }
            if best?.fault == nil, attempt > 0 || work.price.nanoseconds > 1_000_000 { break }
            if work.price.nanoseconds > 500_000_000, attempt > 0 { break }
        }
        return best.map { [$0] } ?? []
    }

    private func work(_ question: PricedQuestion) -> (work: ServiceWork, reading: Int?, bodyBytes: Int)? {
        if takesAnswers { return (question.answering(), nil, 0) }
        let body = question.question.body
        let (plan, nanoseconds) = question.plan(body)
        guard case .work(let work) = plan else { return nil }
        return (work, nanoseconds, body.count)
    }

    /// Peaks of the questions over 16 MiB, and of some with large tensors, at most 150.
    private func peaks(_ results: [PriceResult]) throws -> [PeakResult] {
        guard !takesAnswers else { return [] }
        var questions = results.filter { $0.price.heldBytes > 16 * Self.mebibyte }.map(\.question)
        for number in 0..<40 {
            var choices = Choices(seed: seed &+ UInt64(number))
            let elements = 200_000 << choices.below(4)
            questions.append(PricedQuestion([Int(seed) << 33 + number, elements, 1 + choices.below(2), 1000]))
        }
        // From the whole range, not only the first.
        let step = max(1, questions.count / 150)
        var peaks: [PeakResult] = []
        for (index, question) in questions.enumerated() where index % step == 0 {
            guard let work = work(question)?.work, work.price.heldBytes > 16 * Self.mebibyte,
                work.price.nanoseconds < 3_000_000_000, let peak = try PeakMemory.ofOwnProcess(question)
            else { continue }
            peaks.append(PeakResult(question: question, price: work.price, peak: peak, allowance: 64 * Self.mebibyte))
        }
        return peaks
    }
}

/// One question's price and time.
struct PriceResult {
    let question: PricedQuestion
    let price: Price
    let nanoseconds: Int
    let readingPrice: Int
    /// Nil if it was not measured by itself.
    let readingNanoseconds: Int?
    let constant: Int

    /// Time beyond the constant over the price.
    var ratio: Double { Double(max(0, nanoseconds - constant)) / Double(max(1, price.nanoseconds)) }

    var readingRatio: Double? {
        readingNanoseconds.map { Double(max(0, $0 - constant)) / Double(max(1, readingPrice)) }
    }

    var isLong: Bool { price.nanoseconds > 10_000_000 }

    var fault: String? {
        if ratio > 3 { return "more than three times its price" }
        if isLong, nanoseconds < price.nanoseconds / 10 { return "less than a tenth of its price" }
        if let readingRatio, readingRatio > 3 { return "read in more than three times the price of reading" }
        return nil
    }
}

/// One question's price and peak of memory.
struct PeakResult {
    let question: PricedQuestion
    let price: Price
    let peak: PeakMemory
    let allowance: Int

    var excess: Int { peak.runningBytes - price.heldBytes }
    var fault: String? { excess > allowance ? "\(excess >> 20) MiB more than its price" : nil }
}
