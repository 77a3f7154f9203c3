import DropoutEngine
import Testing

@Suite struct PhiloxStatisticsTests {
    /// How many of the first 4 · `blocks` words of a seed keep their element.
    private static func kept(_ keep: Double, seed: UInt32, blocks: UInt32) -> Int {
        let threshold = UInt32((keep * 0x1p32).rounded(.up))
        var (count, block) = (0, UInt32(0))
        while block < blocks {
            let words = Philox4x32.block((block, 0, 0, 0), key: (seed, 0))
            if words.0 < threshold { count &+= 1 }
            if words.1 < threshold { count &+= 1 }
            if words.2 < threshold { count &+= 1 }
            if words.3 < threshold { count &+= 1 }
            block &+= 1
        }
        return count
    }

    @Test("At keep 0.8 a million elements keep 800,000, within four standard deviations", arguments: 0..<20)
    func keptCount(seed: Int) {
        let kept = Self.kept(0.8, seed: UInt32(seed), blocks: 250_000)
        // √(10^6 · 0.8 · 0.2) = 400.
        #expect((kept - 800_000).magnitude <= 1600)
    }

    @Test("A mask of a million elements keeps those that were counted")
    func maskCount() throws {
        let generator = PhiloxGenerator(seed: 19, step: 0, stream: 0)
        let mask = try Mask(
            drawing: generator, noise: NoiseShape(elementwise: .vector(1_000_000)),
            probability: KeepProbability(keep: 0.8), offset: 0)
        #expect(mask.keptCount == Self.kept(0.8, seed: 19, blocks: 250_000))
    }

    @Test("Each of the four words of a block keeps by itself")
    func words() throws {
        let generator = PhiloxGenerator(seed: 31, step: 0, stream: 0)
        let kept = try generator.kept(.vector(16_000), probability: try KeepProbability(keep: 0.8), offset: 0)
        for word in 0..<4 {
            let count = stride(from: word, to: kept.count, by: 4).count { kept[$0] == 1 }
            // √(4000 · 0.8 · 0.2) = 25.3.
            #expect((count - 3200).magnitude <= 101)
        }
    }

    @Test("Two steps, two streams and two seeds agree as often as independent masks")
    func independence() throws {
        let probability = try KeepProbability(keep: 0.5)
        let base = try PhiloxGenerator(seed: 1, step: 0, stream: 0)
            .kept(.vector(10_000), probability: probability, offset: 0)
        for other in [(2, 0, 0), (1, 1, 0), (1, 0, 1)] as [(UInt64, UInt32, UInt32)] {
            let mask = try PhiloxGenerator(seed: other.0, step: other.1, stream: other.2)
                .kept(.vector(10_000), probability: probability, offset: 0)
            let agreeing = zip(base, mask).count { $0 == $1 }
            // √(10^4 / 4) = 50.
            #expect((agreeing - 5000).magnitude <= 200)
        }
    }
}
