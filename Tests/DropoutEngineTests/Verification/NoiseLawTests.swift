import DropoutEngine
import Testing

@Suite struct NoiseLawTests {
    @Test(
        "The law of Gaussian factors is the normal one",
        // Abramowitz & Stegun, table 26.1.
        arguments: [
            (-3.0, 0.0013498980316301), (-1, 0.1586552539314571), (0, 0.5), (0.5, 0.6914624612740131),
            (2, 0.9772498680518208),
        ])
    func gaussian(_ z: Double, _ chance: Double) {
        for deviation in [0.25, 1, 3] {
            let found = NoiseLaw.gaussian(deviation: deviation).cumulative(1 + deviation * z)
            #expect((found - chance).magnitude < 1e-14)
        }
    }

    @Test("The law of concrete factors is that of the uniforms behind them", arguments: [0.05, 0.1, 1, 3])
    func concrete(_ temperature: Double) throws {
        for rate in [0.1, 0.5, 0.8] {
            let noise = try ConcreteNoise(try KeepProbability(rate: rate), temperature: temperature)
            let uniforms = [0.05, 0.3, 0.5, 0.7, 0.95]
            for (u, factor) in zip(uniforms, try noise.factors(uniforms)) {
                // A factor falls as its uniform grows. Near 1 / keep it has no digits left.
                guard factor > 0, factor * (1 - rate) < 0.999999 else { continue }
                #expect((NoiseLaw.concrete(noise).cumulative(factor) - (1 - u)).magnitude < 1e-8)
            }
        }
    }

    @Test("Nothing is above the largest factor, and nothing below 0")
    func ends() throws {
        let noise = try ConcreteNoise(try KeepProbability(rate: 0.2), temperature: 0.1)
        #expect(NoiseLaw.concrete(noise).cumulative(1.2500001) == 1)
        #expect(NoiseLaw.concrete(noise).cumulative(-0.001) == 0)
        #expect(NoiseLaw.gaussian(deviation: 0).cumulative(0.999) == 0)
        #expect(NoiseLaw.gaussian(deviation: 0).cumulative(1) == 1)
    }
}
