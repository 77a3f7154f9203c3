import DropoutEngine
import Stopping
import Testing

@Suite struct SequentialGeneratorVectorTests {
    typealias Profile = CounterGeneratorVectorTests.Profile

    @Test("Each generator with a sequential stream draws every mask that its library drew", arguments: profiles)
    func drawsTheLibrarysMasks(profile: Profile) throws {
        let vectors = try MaskVector.all(in: profile.file)
        #expect(vectors.count == profile.cases)
        for vector in vectors {
            let generator = try profile.generator(vector)
            let isDrawn = try vector.isDrawn(by: generator)
            #expect(isDrawn, "\(vector)")
        }
    }

    static let profiles: [Profile] = [
        Profile(file: "numpy-legacy", cases: 118) { vector in
            try NumPyLegacy(seed: vector.seed32, skip: vector.before ?? 0)
        },
        Profile(file: "numpy-legacy-binomial", cases: 96) { vector in try NumPyLegacyBinomial(seed: vector.seed32) },
        Profile(file: "numpy-pcg64-float64", cases: 132) { vector in
            try NumPyGenerator(.pcg64, entropy: vector.words, isFloat32: false)
        },
        Profile(file: "numpy-pcg64-float32", cases: 123) { vector in
            try NumPyGenerator(.pcg64, entropy: vector.words, isFloat32: true)
        },
        Profile(file: "numpy-philox-float64", cases: 138) { vector in
            try NumPyGenerator(.philox, entropy: vector.words, isFloat32: false)
        },
        Profile(file: "numpy-philox-float32", cases: 105) { vector in
            try NumPyGenerator(.philox, entropy: vector.words, isFloat32: true)
        },
        Profile(file: "keras-torch", cases: 238) { vector in
            try KerasTorch(seed: vector.seed32, call: #require(vector.call))
        },
        Profile(file: "keras-numpy", cases: 183) { vector in
            try Keras.numPy(seed: vector.seed32, call: #require(vector.call))
        },
        Profile(file: "torch-cpu", cases: 180) { vector in
            try TorchCPU(seed: #require(vector.seed), skip: vector.before ?? 0)
        },
        Profile(file: "torch-cpu-mkl", cases: 149) { vector in
            try TorchCPUMKL(seed: #require(vector.seed), skip: vector.before ?? 0)
        },
        Profile(file: "torch-compile", cases: 360) { vector in
            try TorchCompile(seed: #require(vector.seed), skip: vector.before ?? 0)
        },
        Profile(file: "mindspore", cases: 338) { vector in
            let (seed, draw) = (try vector.seed32, try #require(vector.draw))
            return try #require(MindSpore(seed: seed, draw: draw, skip: vector.before ?? 0))
        },
        Profile(file: "paddle", cases: 320) { vector in
            try Paddle(seed: #require(vector.seed), skip: vector.before ?? 0)
        },
    ]

    @Test("A mask drawn from an offset is the tail of the whole", arguments: profiles)
    func entersTheStream(profile: Profile) throws {
        let vector = try #require(MaskVector.all(in: profile.file).first)
        let generator = try profile.generator(vector)
        let probability = try KeepProbability(keep: 0.7)
        let whole = try generator.kept(Shape([1000]), probability: probability, offset: 0)
        for offset in [1, 2, 3, 4, 7, 623, 624, 999] {
            let part = try generator.kept(
                Shape([1000 - offset]), probability: probability, offset: UInt64(offset))
            #expect(part == Array(whole[offset...]))
        }
    }

    @Test("MKL's largest word, which rounds to 1, is kept at rate 0 and dropped at rate 1")
    func largestWord() throws {
        let generator = TorchCPUMKL(seed: 0)
        // The word at this place is 2^31 - 2.
        for (rate, kept) in [(0.0, UInt8(1)), (1.0, 0), (1e-9, 0)] {
            let probability = try KeepProbability(rate: rate)
            #expect(try generator.kept(Shape([1]), probability: probability, offset: 1_448_881_477) == [kept])
        }
    }

    /// The words of MT19937 are those of an independent jump, see ``MT19937Tests``; those of PCG64 and Philox are NumPy's after
    /// `advance`; the others are powers modulo 2^31 - 1 by Python's `pow`. The seed is 42 and keep 0.7.
    @Test(
        "The last 16 units before 2^64 are drawn right",
        arguments: [
            ("numpy-legacy", NumPyLegacy(seed: 42), "0110111110011111"),
            ("numpy-legacy after 2^64 - 1 uniforms", NumPyLegacy(seed: 42, skip: .max), "1101001011111110"),
            ("numpy-legacy-binomial", NumPyLegacyBinomial(seed: 42), "0110111110011111"),
            ("onnx-reference", ONNXReference(seed: 42), "1111110111111111"),
            ("torch-cpu", TorchCPU(seed: 42), "1010111111101110"),
            ("torch-cpu after 2^64 - 1 words", TorchCPU(seed: 42, skip: .max), "0011110110111011"),
            ("keras-torch", KerasTorch(seed: 42, call: 0), "1000011011111111"),
            ("torch-cpu-mkl", TorchCPUMKL(seed: 42), "0011111110100011"),
            ("onnxruntime", ONNXRuntime(seed: 42, call: 0), "0110101110011100"),
            ("paddle", Paddle(seed: 42), "1011111110110111"),
            ("paddle after 2^64 - 1 words", Paddle(seed: 42, skip: .max), "1110111011111110"),
            ("torch-compile after 2^64 - 1 words", TorchCompile(seed: 42, skip: .max), "1101011111111111"),
            ("numpy-pcg64", NumPyGenerator(.pcg64, entropy: [42], isFloat32: false), "1111101111111111"),
            ("numpy-pcg64 float32", NumPyGenerator(.pcg64, entropy: [42], isFloat32: true), "1000111110110110"),
            ("numpy-philox", NumPyGenerator(.philox, entropy: [42], isFloat32: false), "1111101011001011"),
            ("numpy-philox float32", NumPyGenerator(.philox, entropy: [42], isFloat32: true), "1011010110110111"),
        ] as [(String, any MaskGenerator, String)])
    func entersFarPlaces(name: String, generator: any MaskGenerator, mask: String) throws {
        let probability = try KeepProbability(keep: 0.7)
        let drawn = try generator.kept(.vector(16), probability: probability, offset: .max - 15)
        #expect(drawn.map(String.init).joined() == mask)
        let last = try generator.kept(.vector(1), probability: probability, offset: .max)
        #expect(last == [drawn[15]])
    }

    @Test("MindSpore's stream is entered at any place, and any draw has its seeds")
    func mindSpore() throws {
        let probability = try KeepProbability(keep: 0.7)
        let skipped = try #require(MindSpore(seed: 42, draw: .max, skip: .max))
        // 2^64 - 1 is 3 modulo 2^31 - 1, and as much modulo the period of the words, which is 1 less, is 15.
        let near = try #require(MindSpore(seed: 42, draw: 3, skip: 15))
        #expect(
            try skipped.kept(.vector(50), probability: probability, offset: .max)
                == near.kept(.vector(50), probability: probability, offset: 15))
    }

    @Test("Seeds that MindSpore replaces by a random one have no generator")
    func mindSporeRandom() {
        #expect(MindSpore(seed: 1 << 31 - 1, draw: 0) == nil)
        #expect(MindSpore(seed: .max - 1, draw: 1 << 31 - 1) == nil)
        #expect(MindSpore(seed: 1 << 31 - 1, draw: 1) != nil)
        #expect(MindSpore(seed: 0, draw: 0) != nil)
    }

    @Test("A binomial draw rejects no double, so that its stream is entered by the jump")
    func binomialRejections() throws {
        for number in 1..<10_000 {
            let inversion = try #require(BinomialInversion(KeepProbability(keep: Double(number) / 10_000)))
            #expect(!inversion.mayReject)
        }
    }

    @Test("Doubles drawn before a binomial draw are passed by the jump")
    func binomialAfterSkip() throws {
        var words = MT19937(seed: 1)
        try words.skip(units: .max, wordsEach: 2, stop: .never)
        let probability = try KeepProbability(keep: 0.7)
        let skipped = NumPyLegacyBinomial(seed: 1, skip: .max)
        let moved = NumPyLegacyBinomial(words: words)
        #expect(
            try skipped.kept(.vector(50), probability: probability, offset: 3)
                == moved.kept(.vector(50), probability: probability, offset: 3))
    }
}

extension MaskVector {
    fileprivate var seed32: UInt32 {
        get throws { UInt32(try #require(seed)) }
    }

    /// The seed's words as SeedSequence takes them: as many as it has, at least one.
    fileprivate var words: [UInt32] {
        get throws {
            if let entropy { return entropy }
            let seed = try #require(seed)
            let high = UInt32(seed >> 32)
            return [UInt32(truncatingIfNeeded: seed)] + (high == 0 ? [] : [high])
        }
    }
}
