import DropoutEngine
import DropoutService
import Stopping

/// What each generator's price consists of, in nanoseconds: measured, and after it what the price table says.
enum PriceTable {
    private struct Case {
        let generator: Generator
        let note: String
        var parameters: GeneratorParameters
        var offset: UInt64 = 0
        var seed: Seed?

        init(
            _ generator: Generator, _ note: String = "", offset: UInt64 = 0, seed: Seed? = nil,
            _ change: (inout GeneratorParameters) -> Void = { _ in }
        ) {
            (self.generator, self.note, self.offset, self.seed) = (generator, note, offset, seed)
            parameters = GeneratorParameters(generator)
            change(&parameters)
        }

        var randomness: Randomness {
            let number = Seed.number(SeedInteger(7))
            let isPair = generator.name.hasPrefix("tf-stateless")
            return Randomness(
                generator, seed ?? (isPair ? .list([SeedInteger(7), SeedInteger(8)]) : number), parameters,
                offset: offset)
        }
    }

    private static func types(_ generator: Generator) -> [Case] {
        let parameters = generator.parameters
        if parameters.contains(.rateType) {
            return DrawType.allCases.map { type in
                Case(generator, type.rawValue) { ($0.rateType, $0.x64) = (type, type == .float64) }
            }
        }
        if parameters.contains(.drawType) {
            let isNarrow = generator == .numpyPCG64 || generator == .numpyPhilox || generator == .torchCUDA
            let types: [DrawType] = isNarrow ? [.float64, .float32] : DrawType.allCases
            return types.map { type in Case(generator, type.rawValue) { $0.drawType = type } }
        }
        return [Case(generator)]
    }

    static func run() throws {
        try units()
        try entering()
    }

    private static func schedule(_ units: Int, kind: DrawSchedule.Draw.Kind = .units) throws -> DrawSchedule {
        DrawSchedule(
            draws: [
                DrawSchedule.Draw(
                    NoiseShape(elementwise: try Shape([units])), probability: try KeepProbability(rate: 0.3), kind: kind
                )
            ])
    }

    /// The time of `passes` passes.
    private static func time(_ question: Case, units: Int, passes: Int, runs: Int = 5) throws -> Double {
        let schedule = try schedule(units)
        let noise = NoiseShape(elementwise: try Shape([units]))
        let randomness = question.randomness
        return try Measure.nanoseconds(1, runs: runs) {
            var cursor = DrawCursor(randomness, schedule)
            for _ in 0..<passes { Measure.keep(try cursor.next(stop: .never).mask(noise, stop: .never)) }
        }
    }

    private static func price(_ question: Case, units: Int, passes: Int) throws -> Double {
        Double(question.randomness.price(of: try schedule(units), passes: passes).nanoseconds)
    }

    private static func units() throws {
        Measure.head(
            "Prices of drawing, ns", "generator", "first unit", "price", "next draw of one unit", "price", "unit",
            "price",
            "unit, moved past", "price")
        let (small, large, many) = (1, 1 << 20, 2000)
        for generator in Generator.all {
            for question in types(generator) {
                func row(_ value: (Case, Int, Int) throws -> Double) rethrows -> [Double] {
                    let first = try value(question, small, 1)
                    let (draws, one, two) = try (
                        value(question, small, many), value(question, large, 1), value(question, large, 2)
                    )
                    return [
                        first, (draws - first) / Double(many - 1), (one - first) / Double(large - 1),
                        (two - one) / Double(large),
                    ]
                }
                let measured = try row { try time($0, units: $1, passes: $2) }
                let priced = try row { try price($0, units: $1, passes: $2) }
                Measure.row(
                    "\(generator.name) \(question.note)", measured[0], priced[0], measured[1], priced[1],
                    measured[2], priced[2], measured[3], priced[3])
            }
        }
        let (schedule, randomness) = (try schedule(1 << 20, kind: .uniforms), Case(.philox).randomness)
        let uniform = try Measure.nanoseconds(1 << 20) {
            var cursor = DrawCursor(randomness, schedule)
            Measure.keep(try cursor.next(stop: .never).uniforms(stop: .never))
        }
        Measure.row(
            "philox, a number", nil, nil, nil, nil, uniform,
            Double(randomness.price(of: schedule, passes: 1).nanoseconds) / Double(1 << 20), nil, nil)
    }

    /// What entering a stream costs for each number, byte or word of a field.
    private static func entering() throws {
        let count = 1 << 20
        let path = [String(repeating: "a", count: count)]
        let long = Seed.list((0..<64).map { _ in SeedInteger(.max) })
        let cases: [(Case, Case, Int)] =
            [Generator.numpyLegacy, .numpyLegacyBinomial, .onnxReference, .torchCPU, .torchCPUMKL].map { name in
                (Case(name, "skip") { $0.skip = UInt64(count) }, Case(name), count)
            }
            + [.numpyLegacy, .numpyLegacyBinomial, .onnxReference, .torchCPU, .kerasTorch, .onnxruntime].map { name in
                (Case(name, "offset", offset: UInt64(count)), Case(name), count)
            }
            + [.mlx, .tfDropout].map { name in
                (Case(name, "call") { $0.call = UInt32(count) }, Case(name), count)
            }
            + [
                (Case(.flaxLinen, "path, a byte") { $0.path = path }, Case(.flaxLinen), count),
                (Case(.numpyPCG64, "seed, a word", seed: long), Case(.numpyPCG64), 128),
                (Case(.numpyPhilox, "seed, a word", seed: long), Case(.numpyPhilox), 128),
            ]
            + [.jax, .jaxOriginal, .jaxRBG, .jaxPhilox4x32, .jaxPhilox2x32, .jaxThreefry4x32, .flaxLinen].map { name in
                (Case(name, "fold_in") { $0.foldIn = [UInt32](repeating: 3, count: 1000) }, Case(name), 1000)
            }
        Measure.head("Prices of entering a stream, ns", "generator, field", "measured", "price")
        for (with, without, count) in cases {
            Measure.row(
                "\(with.generator.name) \(with.note)",
                (try time(with, units: 1, passes: 1) - time(without, units: 1, passes: 1)) / Double(count),
                (try price(with, units: 1, passes: 1) - price(without, units: 1, passes: 1)) / Double(count))
        }
    }
}
