import DropoutEngine
import DropoutService
import Glibc
import Stopping

/// Random questions to every generator: the time of the thread that each draw takes, over its price.
enum PriceCheck {
    /// A sequence that is the same in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }

        /// A number from 0 whose logarithm is uniform up to about `limit`.
        mutating func upTo(_ limit: Int) -> Int {
            let bits = Int.random(in: 0...(Int.bitWidth - limit.leadingZeroBitCount), using: &self)
            return Int.random(in: 0...max(0, min(limit, (1 << bits) - 1)), using: &self)
        }
    }

    private static var threadNanoseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    static func run() throws {
        var numbers = Numbers(state: 2026)
        var ratios: [(ratio: Double, text: String)] = []
        for generator in Generator.all {
            var left = 25
            while left > 0 {
                let question = try question(generator, &numbers)
                guard (20_000...60_000_000).contains(question.price) else { continue }
                left -= 1
                let time = try fastest(of: 3, question.run)
                ratios.append((time / Double(question.price), question.text))
            }
        }
        ratios.sort { $0.ratio < $1.ratio }
        Measure.head("Time of random draws over their price, \(ratios.count) questions", "question", "ratio")
        for (ratio, text) in ratios.prefix(5) + ratios.suffix(5) { Measure.row(text, ratio) }
    }

    private static func fastest(of runs: Int, _ work: () throws -> Void) rethrows -> Double {
        var fastest = Double.infinity
        for _ in 0..<runs {
            let start = threadNanoseconds
            try work()
            fastest = min(fastest, threadNanoseconds - start)
        }
        return fastest
    }

    private static func question(
        _ generator: Generator, _ numbers: inout Numbers
    ) throws -> (price: Int, text: String, run: () throws -> Void) {
        var parameters = GeneratorParameters(generator)
        let known = generator.parameters
        var offset = numbers.upTo(1 << 20)
        if known.contains(.skip) { parameters.skip = UInt64(numbers.upTo(1 << 22)) }
        if known.contains(.call) { parameters.call = UInt32(numbers.upTo(1 << 20)) }
        if known.contains(.foldIn) { parameters.foldIn = (0..<UInt32(numbers.upTo(64))).map { $0 } }
        if known.contains(.path) { parameters.path = [String(repeating: "a", count: numbers.upTo(100_000))] }
        if known.contains(.opSeed), Bool.random(using: &numbers) { parameters.opSeed = 5 }
        if known.contains(.vectorWidth) { parameters.vectorWidth = 1 << Int.random(in: 0...3, using: &numbers) }
        let isNarrow = generator == .numpyPCG64 || generator == .numpyPhilox || generator == .torchCUDA
        if known.contains(.drawType) {
            let types: [DrawType] = isNarrow ? [.float64, .float32] : DrawType.allCases
            parameters.drawType = types.randomElement(using: &numbers) ?? .float32
        }
        if known.contains(.rateType) {
            parameters.rateType = DrawType.allCases.randomElement(using: &numbers) ?? .float32
            parameters.x64 = parameters.rateType == .float64
        }
        let count = 1 + numbers.upTo(20)
        let rates = [0.0, 1.0, 0.5, 0.5, 0.2, 0.9]
        var noises: [NoiseShape] = []
        var draws: [DrawSchedule.Draw] = []
        for _ in 0..<count {
            let (rows, columns) = (numbers.upTo(1000), numbers.upTo(1000))
            // Shared along the columns, along the rows, or along neither.
            let sharing = Int.random(in: 0..<6, using: &numbers)
            let noise = try NoiseShape(
                Shape([sharing == 1 ? 1 : rows, sharing == 0 ? 1 : columns]), for: Shape([rows, columns]))
            noises.append(noise)
            draws.append(
                DrawSchedule.Draw(
                    noise, probability: try KeepProbability(rate: rates.randomElement(using: &numbers) ?? 0.5)))
        }
        let schedule = DrawSchedule(draws: draws)
        let passes = 1 + numbers.upTo(1000)
        let isPair = generator.name.hasPrefix("tf-stateless")
        func randomness() -> Randomness {
            Randomness(
                generator, isPair ? .list([SeedInteger(7), SeedInteger(8)]) : .number(SeedInteger(7)), parameters,
                offset: UInt64(offset))
        }
        func work(_ passes: Int) throws {
            var cursor = DrawCursor(randomness(), schedule)
            for _ in 0..<passes {
                for noise in noises { Measure.keep(try cursor.next(stop: .never).mask(noise, stop: .never)) }
            }
        }
        // Some streams cannot be entered at an offset.
        if (try? work(2)) == nil { offset = 0 }
        if (try? work(2)) == nil { parameters.skip = 0 }
        let price = randomness().price(of: schedule, passes: passes).nanoseconds
        let units = draws.reduce(0) { $0 + $1.units }
        let text =
            "\(generator.name) \(parameters.drawType) \(count) draws of \(units) units, \(passes) passes, "
            + "offset \(offset), skip \(parameters.skip), call \(parameters.call), "
            + "path \(parameters.path?.first?.utf8.count ?? 0)"
        return (price, text, { try work(passes) })
    }
}
