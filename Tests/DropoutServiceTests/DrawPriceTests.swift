import DropoutEngine
import DropoutService
import Testing

/// The arithmetic of the prices of drawing. That they are near the truth is measured by `make bench`.
@Suite struct DrawPriceTests {
    private static func randomness(
        _ generator: Generator, offset: UInt64 = 0, seed: Seed = .number(SeedInteger(7)),
        _ change: (inout GeneratorParameters) -> Void = { _ in }
    ) -> Randomness {
        var parameters = GeneratorParameters(generator)
        change(&parameters)
        return Randomness(generator, seed, parameters, offset: offset)
    }

    private static func schedule(_ units: [Int], rate: Double = 0.5) throws -> DrawSchedule {
        let probability = try KeepProbability(rate: rate)
        return DrawSchedule(
            draws: try units.map {
                DrawSchedule.Draw(NoiseShape(elementwise: try Shape([$0])), probability: probability)
            })
    }

    @Test("No pass and no draw cost nothing, and a pass costs something", arguments: Generator.all)
    func nothing(_ generator: Generator) throws {
        let randomness = Self.randomness(generator)
        #expect(randomness.price(of: try Self.schedule([5]), passes: 0) == .zero)
        #expect(randomness.price(of: try Self.schedule([]), passes: 5) == .zero)
        let one = randomness.price(of: try Self.schedule([5]), passes: 1)
        #expect(one.nanoseconds > 0)
        #expect(one.heldBytes >= 5)
        #expect(one.printedBytes == 0)
    }

    @Test("A price grows with the units and the passes, and saturates", arguments: Generator.all)
    func grows(_ generator: Generator) throws {
        let randomness = Self.randomness(generator, offset: .max) {
            ($0.skip, $0.call, $0.foldIn, $0.path) = (.max, .max, [1, 2], ["a"])
        }
        var last = 0
        for units in [0, 1, 1000, 1_000_000, 1 << 40] {
            let price = randomness.price(of: try Self.schedule([units]), passes: 3).nanoseconds
            #expect(price >= last)
            last = price
        }
        let most = randomness.price(of: try Self.schedule([.max, .max]), passes: .max)
        #expect(most.nanoseconds == .max)
        #expect(most.heldBytes == .max)
    }

    @Test(
        "What is done once is paid once, not for each pass",
        arguments: [
            (.mlx, 16_777_216), (.tfDropout, 16_777_216), (.numpyLegacy, 8_000_000),
            (.torchCPU, 8_000_000), (.torchCPUMKL, 8_000_000),
        ] as [(Generator, UInt64)])
    func once(_ generator: Generator, _ far: UInt64) throws {
        let schedule = try Self.schedule([1])
        let isCalled = generator == .mlx || generator == .tfDropout
        let walked = Self.randomness(generator) {
            if isCalled { $0.call = UInt32(far) } else { $0.skip = far }
        }
        func price(_ randomness: Randomness, _ passes: Int) -> Int {
            randomness.price(of: schedule, passes: passes).nanoseconds
        }
        let walk = price(walked, 1) - price(Self.randomness(generator), 1)
        #expect(walk <= walked.entryNanoseconds)
        #expect(walk > 1_000_000)
        #expect(price(walked, 1001) - price(Self.randomness(generator), 1001) == walk)
    }

    @Test("What each draw does again is paid for each")
    func each() throws {
        let schedule = try Self.schedule([1])
        func price(_ offset: UInt64, _ passes: Int) -> Int {
            Self.randomness(.kerasTorch, offset: offset).price(of: schedule, passes: passes).nanoseconds
        }
        #expect(price(1 << 20, 100) - price(0, 100) > 90 * (price(1 << 20, 1) - price(0, 1)))
    }

    @Test("A rate that draws nothing is nearly free where the generator fills the mask in")
    func decided() throws {
        func price(_ generator: Generator, _ rate: Double) throws -> Int {
            Self.randomness(generator).price(of: try Self.schedule([1 << 20], rate: rate), passes: 1).nanoseconds
        }
        #expect(try price(.philox, 0) < price(.philox, 0.5) / 5)
        #expect(try price(.philox, 1) == price(.philox, 0.5))
        #expect(try price(.numpyLegacyBinomial, 1) < price(.numpyLegacyBinomial, 0.5) / 5)
    }

    @Test("Spreading units over elements is paid for by elements and runs")
    func spread() throws {
        func price(_ drawn: [Int]) throws -> Price {
            let noise = try NoiseShape(try Shape(drawn), for: try Shape([1000, 1000]))
            let draw = DrawSchedule.Draw(noise, probability: try KeepProbability(rate: 0.5))
            return Self.randomness(.philox).price(
                of: DrawSchedule(draws: [draw]), passes: 1)
        }
        #expect(try price([1000, 1]).nanoseconds < price([1000, 1000]).nanoseconds)
        #expect(try price([1, 1]).nanoseconds < price([1000, 1]).nanoseconds)
        #expect(try price([1000, 1]).heldBytes >= 1_001_000)
        #expect(try price([1000, 1000]).heldBytes < 1_001_000)
    }
}
