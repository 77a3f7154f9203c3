import DropoutEngine
import Testing

@Suite struct CounterGeneratorContractTests {
    struct Named: Sendable, CustomTestStringConvertible {
        let name: String
        let generator: any MaskGenerator

        init(_ name: String, _ generator: any MaskGenerator) {
            self.name = name
            self.generator = generator
        }

        var testDescription: String { name }
    }

    static let types: [DrawType] = [.float64, .float32, .float16, .bfloat16]
    static let key = JAXKey(seed: 42)

    /// Each unit depends on its own index alone.
    static let seekable: [Named] =
        types.flatMap { type in
            [
                Named("jax \(type)", JAXPartitionable(key: key, rateType: type)),
                Named("tf-stateless \(type)", TFStateless(seed: (1, -2), type: type)),
                Named("tf-stateless-xla-philox \(type)", TFStatelessXLAPhilox(seed: (1, -2), type: type)),
                Named("tf-stateless-xla-auto \(type)", TFStatelessXLAPhilox.auto(seed: (1, -2), type: type)),
                Named("tf-dropout \(type)", TFDropout(graphSeed: 1, opSeed: 2, call: 0, type: type)),
                Named("torch-compile \(type)", TorchCompile(seed: 1, skip: 2, type: type)),
                Named("keras-tensorflow \(type)", Keras.tensorFlow(seed: 7, call: 3, type: type)),
            ]
        } + [
            Named("tf-dropout without an op seed", TFDropout(graphSeed: 1, opSeed: nil, calls: 2, type: .float32)),
            Named("jax-rbg", JAXRBG(key: key)),
            Named("jax-philox4x32", JAXPhilox4x32(seed: key)),
            Named("jax-philox2x32", JAXPhilox2x32(seed: key)),
            Named("jax-threefry4x32", JAXThreefry4x32(seed: key)),
            Named("flax-linen", Flax.linen(key: key, path: ["block", "Dropout_0"], call: 300)),
            Named("flax-nnx", Flax.nnx(key: key, drawsBeforeFork: 2, call: 1)),
            Named("keras-jax", Keras.jax(seed: 7, call: 3)),
        ]

    /// The whole size decides where each unit's bits stand.
    static let whole: [Named] =
        types.flatMap { type in
            [
                Named("jax-original \(type)", JAXOriginal(key: key, rateType: type)),
                Named("tf-stateless-xla-threefry \(type)", TFStatelessXLAThreefry(seed: (1, -2), type: type)),
            ]
        } + [
            Named("mlx", MLXDropout(seed: 1, call: 2)),
            Named("tinygrad", TinygradDropout(seed: 1, call: 2)),
            Named("tf-dropout, second call", TFDropout(graphSeed: 1, opSeed: 2, call: 1, type: .float32)),
            Named(
                "torch-cuda",
                TorchCUDA(
                    seed: 1, philoxOffset: 0, multiprocessors: 1, threadsPerMultiprocessor: 1024, vectorWidth: 4,
                    isDouble: false)),
        ]

    @Test("A shard drawn from an offset is the whole mask's part from there", arguments: seekable)
    func shardAgrees(named: Named) throws {
        let probability = try KeepProbability(keep: 0.6)
        let whole = try named.generator.kept(.vector(40), probability: probability, offset: 0)
        for offset in 0..<12 {
            for count in [0, 1, 2, 3, 4, 5, 27] {
                let part = try named.generator.kept(.vector(count), probability: probability, offset: UInt64(offset))
                #expect(part == Array(whole[offset..<(offset + count)]))
            }
        }
    }

    @Test("An offset next to 2^64 is entered without a trap", arguments: seekable)
    func farOffset(named: Named) throws {
        let mask = try named.generator.kept(.vector(9), probability: KeepProbability(keep: 0.5), offset: .max - 3)
        #expect(mask.count == 9)
    }

    @Test("A generator whose bits depend on the whole size refuses an offset", arguments: whole)
    func offsetRefused(named: Named) throws {
        let probability = try KeepProbability(keep: 0.6)
        #expect(throws: DropoutError.offsetUnsupported) {
            try named.generator.kept(.vector(5), probability: probability, offset: 1)
        }
    }

    @Test("Keep 1 keeps all, keep 0 none, and nothing is drawn of an empty shape", arguments: seekable + whole)
    func extremes(named: Named) throws {
        let shapes = try [[], [0], [3, 0, 2], [1], [7], [2, 5], [3, 5, 7], [5, 4, 3]].map { try Shape($0) }
        for shape in shapes {
            let all = try named.generator.kept(shape, probability: KeepProbability(keep: 1), offset: 0)
            #expect(all == [UInt8](repeating: 1, count: shape.count))
            let none = try named.generator.kept(shape, probability: KeepProbability(rate: 1), offset: 0)
            #expect(none == [UInt8](repeating: 0, count: shape.count))
        }
    }

    @Test("Without x64, JAX cuts the seed to 32 bits")
    func jaxCutsSeeds() {
        #expect(JAXKey(seed: -1) == JAXKey(seed: 0xffff_ffff))
        #expect(JAXKey(seed: 5) == JAXKey(seed: 5 + 1 << 32))
        #expect(JAXKey(seed: -1, x64: true) == JAXKey(high: 0xffff_ffff, low: 0xffff_ffff))
    }

    @Test("tinygrad's later call starts behind the words of the earlier ones")
    func tinygradCalls() throws {
        let probability = try KeepProbability(rate: 0.3)
        let byCall = try TinygradDropout(seed: 9, call: 3).kept(.vector(17), probability: probability, offset: 0)
        let byWords = try TinygradDropout(seed: 9, call: 0, wordsBefore: 51)
            .kept(.vector(17), probability: probability, offset: 0)
        #expect(byCall == byWords)
    }
}
