import Foundation
import Testing

/// `/verify` judges Gaussian and concrete dropout by the law of their factors, and by the numbers of a generator.
@Suite struct NoiseMistakeTests {
    private static let shape = [40, 50]
    private static let x = VariantMistakeTests.numbers(2000)

    /// Uniform numbers in (0, 1).
    private static func uniforms(_ seed: UInt64) -> [Double] {
        VariantMistakeTests.numbers(2000, seed).map { ($0 + 4) / 8 }
    }

    /// Normal numbers by Box and Muller.
    private static var normal: [Double] {
        zip(uniforms(3), uniforms(99)).map { (-2 * log($0)).squareRoot() * cos(2 * .pi * $1) }
    }

    private static func verify(_ factors: [Double], _ rate: Double, _ fields: String) -> Reply {
        VariantMistakeTests.verify(x, zip(x, factors).map { $0 * $1 }, shape, rate, fields)
    }

    @Test("Factors of another law than N(1, rate / keep) are named", arguments: [0.3, 0.5, 0.75])
    func gaussian(_ rate: Double) {
        let (keep, normal) = (1 - rate, Self.normal)
        let cases: [(deviation: Double, mean: Double, name: String)] = [
            ((rate / keep).squareRoot(), 1, ""), (rate.squareRoot(), 1, "the variance is the rate"),
            ((rate / keep).squareRoot(), 0, "the 1 of 1 + noise is missing"),
        ]
        for one in cases {
            let reply = Self.verify(normal.map { one.mean + one.deviation * $0 }, rate, "\"variant\":\"gaussian\"")
            let expected = one.name.isEmpty ? [] : ["wrong_noise"]
            #expect(VariantMistakeTests.mistakes(reply) == expected, "\(reply.text)")
            #expect(one.name.isEmpty || VariantMistakeTests.details(reply).contains(one.name), "\(reply.text)")
        }
    }

    @Test("Factors of another law than that of concrete dropout are named", arguments: [0.3, 0.5, 0.75])
    func concrete(_ rate: Double) {
        let (keep, uniforms) = (1 - rate, Self.uniforms(7))
        /// 1 - z of Gal, Hron and Kendall 2017, equation 5.
        func relaxed(_ temperature: Double) -> [Double] {
            uniforms.map { u in 1 / (1 + exp((log(rate / keep) + log(u / (1 - u))) / temperature)) }
        }
        let cases: [(factors: [Double], mistake: String?, name: String)] = [
            (relaxed(0.2).map { $0 / keep }, nil, ""),
            (relaxed(1).map { $0 / keep }, "wrong_noise", "the temperature is 1"),
            (relaxed(5).map { $0 / keep }, "wrong_noise", "multiplied by the temperature"),
            (relaxed(0.2), "not_scaled", "not divided by keep"),
            (uniforms.map { $0 < keep ? 1 / keep : 0 }, "other_variant", "dropout itself"),
        ]
        for one in cases {
            let reply = Self.verify(one.factors, rate, "\"variant\":\"concrete\",\"temperature\":0.2")
            #expect(VariantMistakeTests.mistakes(reply) == [one.mistake].compactMap { $0 }, "\(reply.text)")
            #expect(VariantMistakeTests.details(reply).contains(one.name) || one.name.isEmpty, "\(reply.text)")
        }
    }

    @Test(
        "The numbers of a generator are recognised, also those of a near one and in another order",
        arguments: ["gaussian", "concrete"])
    func generator(_ variant: String) throws {
        let forward = ask(
            "/forward",
            """
            {"input":\(VariantMistakeTests.text(Self.x, Self.shape)),"rate":0.3,"variant":"\(variant)","seed":5,
            "include":["mask"],"tensor_format":"flat"}
            """)
        let noise = try #require(forward.member("noise", "data") as? [Double], "\(forward.text)")
        let fields = "\"variant\":\"\(variant)\",\"seed\""
        let right = Self.verify(noise, 0.3, "\(fields):5")
        #expect(right.object["verdict"] as? String == "dropout", "\(right.text)")
        #expect(right.member("generator", "matches") as? Bool == true)
        let other = Self.verify(noise, 0.3, "\(fields):6")
        #expect(VariantMistakeTests.mistakes(other) == ["other_noise"])
        #expect(VariantMistakeTests.details(other).contains("with seed 5"), "\(other.text)")
        let columns = (0..<2000).map { noise[$0 % 50 * 40 + $0 / 50] }
        let transposed = Self.verify(columns, 0.3, "\(fields):5")
        #expect(VariantMistakeTests.details(transposed).contains("column-major"), "\(transposed.text)")
        let unscaled = noise.map { variant == "gaussian" ? 1 + ($0 - 1) * 1.02 : $0 * 1.02 }
        let law = Self.verify(unscaled, 0.3, "\(fields):5")
        #expect(law.object["verdict"] as? String == "wrong_noise", "\(law.text)")
    }

    @Test("Few numbers tell nothing of a law", arguments: ["gaussian", "concrete"])
    func few(_ variant: String) {
        let reply = ask("/verify", #"{"input":[1,2,3],"output":[1.1,1.8,3.6],"rate":0.5,"variant":"\#(variant)"}"#)
        #expect(reply.object["verdict"] as? String == "dropout", "\(reply.text)")
    }
}
