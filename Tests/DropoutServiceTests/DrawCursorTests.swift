import DropoutEngine
import DropoutService
import Stopping
import Testing

/// A cursor draws what each draw of a request draws by itself, for every generator.
@Suite struct DrawCursorTests {
    /// A generator with some of its fields.
    struct Question: Sendable, CustomTestStringConvertible {
        let generator: Generator
        var bits: UInt64 = 7
        var keyWords: [UInt32]?
        var offset: UInt64 = 0
        var parameters: GeneratorParameters
        let name: String

        var testDescription: String { "\(generator.name) \(name)" }

        init(
            _ generator: Generator, _ name: String = "", bits: UInt64 = 7, keyWords: [UInt32]? = nil,
            offset: UInt64 = 0, _ change: (inout GeneratorParameters) -> Void = { _ in }
        ) {
            (self.generator, self.name, self.bits) = (generator, name, bits)
            (self.keyWords, self.offset) = (keyWords, offset)
            parameters = GeneratorParameters(generator)
            change(&parameters)
        }

        private var isPair: Bool { generator.name.hasPrefix("tf-stateless") }

        var randomness: Randomness {
            let seed: Seed =
                if let keyWords { .key(keyWords) } else if isPair {
                    .list([SeedInteger(bits), SeedInteger(signed: -9)])
                } else { .number(SeedInteger(bits)) }
            return Randomness(generator, seed, parameters, offset: offset)
        }

        func fresh(_ schedule: DrawSchedule) -> FreshDraws {
            FreshDraws(
                generator: generator, bits: isPair ? 0 : bits, pair: (Int64(bits), -9),
                entropy: [UInt32(truncatingIfNeeded: bits)],
                keyWords: keyWords, parameters: parameters, offset: offset, schedule: schedule)
        }
    }

    static let questions: [Question] =
        Generator.all.map { Question($0) }
        + Generator.all.map { Question($0, "at an offset", offset: 5) }
        + [
            Question(.philox, "step, stream") { ($0.step, $0.stream) = (3, .max - 20) },
            Question(.numpyLegacy, "skip", offset: 3) { $0.skip = 1000 },
            Question(.numpyLegacyBinomial, "skip", offset: 700) { $0.skip = 1000 },
            Question(.onnxReference, "skip", offset: 3) { $0.skip = 1000 },
            Question(.torchCPU, "skip", offset: 3) { $0.skip = 1001 },
            Question(.torchCPUMKL, "skip", offset: 1 << 40) { $0.skip = 1001 },
            Question(.numpyPCG64, "skip, float32", offset: 4) { ($0.skip, $0.drawType) = (77, .float32) },
            Question(.numpyPhilox, "skip, float32", offset: 4) { ($0.skip, $0.drawType) = (77, .float32) },
            Question(.numpyPCG64, "skip") { $0.skip = 77 },
            Question(.torchCUDA, "offset_philox") { ($0.philoxOffset, $0.multiprocessors) = (40, 1) },
            Question(.torchCUDA, "float64") { ($0.drawType, $0.vectorWidth) = (.float64, 2) },
            Question(.jax, "fold_in") { $0.foldIn = [4, 5] },
            Question(.jax, "key_data", keyWords: [8, 9]) { $0.foldIn = [4] },
            Question(.jax, "x64", bits: 1 << 40) { ($0.x64, $0.rateType) = (true, .float64) },
            Question(.jaxOriginal, "bfloat16") { ($0.foldIn, $0.rateType) = ([1], .bfloat16) },
            Question(.jaxRBG, "key_data", keyWords: [1, 2, 3, 4]) { $0.foldIn = [6] },
            Question(.jaxPhilox4x32, "key_data", keyWords: [1, 2]) { $0.foldIn = [6] },
            Question(.jaxPhilox2x32, "key_data", keyWords: [1]) { $0.foldIn = [6] },
            Question(.jaxThreefry4x32, "key_data", keyWords: [1, 2, 3, 4]) { $0.foldIn = [6] },
            Question(.flaxLinen, "path, call") {
                ($0.path, $0.call) = (["Block_0", String(repeating: "ab", count: 35_000)], 254)
            },
            Question(.flaxNNX, "call") { ($0.drawsBeforeFork, $0.call) = (2, 7) },
            Question(.tfStateless, "float64") { $0.drawType = .float64 },
            Question(.tfDropout, "call") { $0.call = 99 },
            Question(.tfDropout, "op_seed") { ($0.opSeed, $0.call) = (3, 2) },
            Question(.kerasTensorFlow, "call") { ($0.call, $0.drawType) = (5, .float16) },
            Question(.kerasTorch, "call", offset: 2000) { $0.call = 5 },
            Question(.kerasNumPy, "call") { $0.call = 5 },
            Question(.mlx, "call") { $0.call = 17_000 },
            Question(.tinygrad, "call") { ($0.call, $0.skip) = (2, 9) },
            Question(.onnxruntime, "call", offset: 12_345) { $0.call = 3 },
        ]

    private static func result(_ draw: () throws(DropoutError) -> [UInt8]) -> Result<[UInt8], DropoutError> {
        do { return .success(try draw()) } catch { return .failure(error) }
    }

    /// - Parameter step: the distance of the dropouts' numbers in a network; nil for tensors.
    private static func schedule(_ shapes: [Shape], _ rates: [Double], step: Int? = nil) throws -> DrawSchedule {
        var draws: [DrawSchedule.Draw] = []
        for (index, (shape, rate)) in zip(shapes, rates).enumerated() {
            draws.append(
                DrawSchedule.Draw(
                    NoiseShape(elementwise: shape), probability: try KeepProbability(rate: rate),
                    number: step.map { $0 * index }))
        }
        return DrawSchedule(draws: draws)
    }

    private static func compare(_ question: Question, _ shapes: [Shape], _ schedule: DrawSchedule) {
        let fresh = question.fresh(schedule)
        var cursor = DrawCursor(question.randomness, schedule)
        for pass in 0..<3 {
            for (draw, shape) in shapes.enumerated() {
                let noise = NoiseShape(elementwise: shape)
                let expected = result { () throws(DropoutError) in try fresh.kept(shape, pass: pass, draw: draw) }
                let next = result { () throws(DropoutError) in
                    try cursor.next(stop: .never).mask(noise, stop: .never).drawn
                }
                #expect(next == expected, "draw \(draw) of pass \(pass)")
                let jumped = result { () throws(DropoutError) in
                    var cursor = DrawCursor(question.randomness, schedule)
                    cursor.start(atPass: UInt64(pass), draw: draw)
                    return try cursor.next(stop: .never).mask(noise, stop: .never).drawn
                }
                #expect(jumped == expected, "draw \(draw) of pass \(pass), started there")
            }
        }
    }

    @Test("A tensor's passes are the draws that each pass draws by itself", arguments: questions)
    func tensor(_ question: Question) throws {
        for (shape, rate) in [([3, 7], 0.3), ([1], 0.5), ([0, 4], 0.5), ([6], 0), ([6], 1), ([40, 50], 0.7)] {
            let shape = try Shape(shape)
            Self.compare(question, [shape], try Self.schedule([shape], [rate]))
        }
    }

    @Test(
        "A network's layers and passes are the draws that each draws by itself",
        arguments: questions.filter { $0.offset == 0 })
    func network(_ question: Question) throws {
        let shapes = try [[3, 5], [1], [6], [6], [0], [25, 41], [8]].map { try Shape($0) }
        let schedule = try Self.schedule(shapes, [0.5, 0.1, 0, 1, 0.5, 0.8, 0.5], step: 2)
        Self.compare(question, shapes, schedule)
    }

    @Test("Draws that were handed out can be carried out later and in any order", arguments: Generator.all)
    func later(_ generator: Generator) throws {
        let shapes = try [[30, 31], [7]].map { try Shape($0) }
        let schedule = try Self.schedule(shapes, [0.5, 0.2], step: 1)
        var cursor = DrawCursor(Question(generator).randomness, schedule)
        let draws = try (0..<8).map { _ in try cursor.next(stop: .never) }
        let fresh = Question(generator).fresh(schedule)
        for index in draws.indices.reversed() {
            let shape = shapes[index % 2]
            let mask = try draws[index].mask(NoiseShape(elementwise: shape), stop: .never)
            #expect(mask.drawn == (try fresh.kept(shape, pass: index / 2, draw: index % 2)))
        }
    }

    @Test("A philox draw gives numbers, and another generator's says that it cannot")
    func uniforms() throws {
        let draw = DrawSchedule.Draw(
            NoiseShape(elementwise: try Shape([9])), probability: try KeepProbability(rate: 0.5), number: 3,
            kind: .uniforms)
        let schedule = DrawSchedule(draws: [draw])
        var cursor = DrawCursor(Question(.philox, offset: 2).randomness, schedule)
        let expected = try (0..<2).map { try PhiloxGenerator(seed: 7, step: $0, stream: 3).uniforms(9, offset: 2) }
        #expect(try (0..<2).map { _ in try cursor.next(stop: .never).uniforms(stop: .never) } == expected)
        var jax = DrawCursor(Question(.jax).randomness, schedule)
        let other = try jax.next(stop: .never)
        #expect(throws: DropoutError.self) { try other.uniforms(stop: .never) }
    }

    @Test("Entering a stream and drawing from it stop at once when the flag is set", arguments: questions)
    func stops(_ question: Question) throws {
        let stop = StopFlag()
        let shape = try Shape([4, 5])
        let schedule = try Self.schedule([shape], [0.4])
        var cursor = DrawCursor(question.randomness, schedule)
        let draw = try cursor.next(stop: .never)
        stop.set()
        // Those that cannot start at the offset say so first; binomial draws at the rates 0 and 1 alone are free.
        let error = Self.result { () throws(DropoutError) in
            try draw.mask(NoiseShape(elementwise: shape), stop: stop).drawn
        }
        #expect(error == .failure(.stopped) || error == .failure(.offsetUnsupported))
    }

    @Test(
        "A walk stops inside",
        arguments: [
            Question(.mlx) { $0.call = 1 << 24 }, Question(.tfDropout) { $0.call = 1 << 24 },
            Question(.numpyLegacyBinomial, offset: 1 << 23), Question(.torchCPU) { $0.skip = 1 << 23 },
            Question(.flaxLinen) { $0.path = ["a"] },
        ])
    func walkStops(_ question: Question) throws {
        let stop = StopFlag()
        stop.set()
        var cursor = DrawCursor(
            question.randomness, try Self.schedule([try Shape([4])], [0.4]))
        #expect(throws: DropoutError.stopped) { try cursor.next(stop: stop) }
    }

    @Test("A seed that the generator cannot have is a fault of the service")
    func foreignSeeds() throws {
        let schedule = try Self.schedule([try Shape([4])], [0.4])
        for (generator, seed) in [
            (.tfStateless, .number(SeedInteger(1))), (.philox, .list([])), (.numpyLegacy, .key([1, 2])),
            (.jaxRBG, .key([1, 2])), (.jax, .key([])),
        ] as [(Generator, Seed)] {
            var cursor = DrawCursor(
                Randomness(generator, seed, GeneratorParameters(generator), offset: 0),
                schedule)
            let error = #expect(throws: DropoutError.self) { try cursor.next(stop: .never) }
            guard case .impossible = error else {
                Issue.record("\(generator.name): \(String(describing: error))")
                continue
            }
        }
    }
}

/// The search of `/verify` compares a prefix of a mask first.
@Suite("A stable prefix")
struct StablePrefixTests {
    /// JAX's former layout halves the words of the whole tensor.
    private static let formerLayout = DrawCursorTests.Question(.flaxLinen, "the former layout") {
        $0.isPartitionable = false
    }

    @Test("is the start of the whole mask", arguments: DrawCursorTests.questions + [formerLayout])
    func isTheStart(_ question: DrawCursorTests.Question) throws {
        let randomness = question.randomness
        guard randomness.hasStablePrefix else { return }
        let probability = try KeepProbability(rate: 0.3)
        func kept(_ dimensions: [Int]) throws -> [UInt8] {
            let noise = NoiseShape(elementwise: try Shape(dimensions))
            return try randomness.mask(noise, probability, .never).kept
        }
        let whole = try kept([31, 67])
        for count in [1, 15, 16, 17, 512, 1000] { #expect(try kept([count]) == Array(whole[..<count])) }
    }

    @Test("is one that most generators have")
    func isUsual() {
        #expect(DrawCursorTests.questions.count { $0.randomness.hasStablePrefix } > DrawCursorTests.questions.count / 2)
    }
}
