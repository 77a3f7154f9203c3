import DropoutEngine

/// JAX's generators, one for each implementation of its keys.
extension Generator {
    static let jaxGenerators = [jax, jaxOriginal, jaxRBG, jaxPhilox4x32, jaxPhilox2x32, jaxThreefry4x32]

    static let xla = DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: false)
    private static let keys = DrawOrder.keyed(place: .parameter(.foldIn), pass: .parameter(.step))
    private static let folds =
        "a step from 1 is folded into the key after fold_in, then dropout k of a network, from 1, as 2^31 + k"

    package static let jax = Generator(
        "jax", library: "JAX", versions: "jax_threefry_partitionable, the default since 0.5.0 (run: 0.10.2)",
        draws: "jax.random.bernoulli(jax.random.key(seed), keep, shape)", seed: .signed, keyWords: 2,
        parameters: [.x64, .keyData, .foldIn, .step, .rateType], entry: .anywhere, arithmetic: xla, order: keys,
        next: folds,
        stream: { randomness, _ throws(DropoutError) in
            KeyedDraws(randomness, try randomness.threefryKey, JAXKey.foldingIn) { key, parameters in
                JAXPartitionable(key: key, rateType: parameters.rateType)
            }
        },
        price: GeneratorPrice(
            seeding: 600_000, fold: 20_000, draw: 310_000, unit: 4000, unitOfType: [.float64: 4600]),
        verification: .libraryMasks(309))

    package static let jaxOriginal = Generator(
        "jax-original", library: "JAX",
        versions: "jax_threefry_partitionable=False, the default before 0.5.0 (run: 0.10.2)",
        draws: "jax.random.bernoulli(jax.random.key(seed), keep, shape)", seed: .signed, keyWords: 2,
        parameters: [.x64, .keyData, .foldIn, .step, .rateType], entry: .start, arithmetic: xla, order: keys,
        next: folds,
        stream: { randomness, _ throws(DropoutError) in
            KeyedDraws(randomness, try randomness.threefryKey, JAXKey.foldingIn) { key, parameters in
                JAXOriginal(key: key, rateType: parameters.rateType)
            }
        },
        price: GeneratorPrice(
            seeding: 570_000, fold: 20_000, draw: 300_000, unit: 2200, unitOfType: [.float64: 4500, .float16: 3300]),
        verification: .libraryMasks(294))

    package static let jaxRBG = keyed(
        "rbg", words: 4, versions: "0.10.2 run, on the CPU",
        GeneratorPrice(seeding: 700_000, fold: 20_000, draw: 300_000, unit: 1200), masks: 120, JAXRBG.foldingIn
    ) { randomness throws(DropoutError) in
        guard let words = try randomness.seed.key(ofWords: 4) else { return JAXRBG(key: try randomness.jaxSeed) }
        return JAXRBG(keyData: (JAXKey(high: words[0], low: words[1]), JAXKey(high: words[2], low: words[3])))
    }

    package static let jaxPhilox4x32 = keyed(
        "philox4x32", words: 2, GeneratorPrice(seeding: 770_000, fold: 20_000, draw: 290_000, unit: 4000), masks: 120,
        JAXPhilox4x32.foldingIn
    ) { randomness throws(DropoutError) in
        guard let words = try randomness.seed.key(ofWords: 2) else {
            return JAXPhilox4x32(seed: try randomness.jaxSeed)
        }
        return JAXPhilox4x32(key: (words[0], words[1]))
    }

    package static let jaxPhilox2x32 = keyed(
        "philox2x32", words: 1, GeneratorPrice(seeding: 750_000, fold: 20_000, draw: 280_000, unit: 2400), masks: 126,
        JAXPhilox2x32.foldingIn
    ) { randomness throws(DropoutError) in
        guard let words = try randomness.seed.key(ofWords: 1) else {
            return JAXPhilox2x32(seed: try randomness.jaxSeed)
        }
        return JAXPhilox2x32(key: words[0])
    }

    package static let jaxThreefry4x32 = keyed(
        "threefry4x32", words: 4, GeneratorPrice(seeding: 800_000, fold: 20_000, draw: 300_000, unit: 5700),
        masks: 123, JAXThreefry4x32.foldingIn
    ) { randomness throws(DropoutError) in
        guard let words = try randomness.seed.key(ofWords: 4) else {
            return JAXThreefry4x32(seed: try randomness.jaxSeed)
        }
        return JAXThreefry4x32(key: (words[0], words[1], words[2], words[3]))
    }

    /// A generator whose key draws by itself.
    private static func keyed<Key: MaskGenerator>(
        _ implementation: String, words: Int, versions: String = "0.10.2 run", _ price: GeneratorPrice, masks: Int,
        _ fold: @escaping @Sendable (Key) -> (UInt32) -> Key,
        key: @escaping @Sendable (Randomness) throws(DropoutError) -> Key
    ) -> Generator {
        Generator(
            "jax-\(implementation)", library: "JAX", versions: versions,
            draws: "jax.random.bernoulli(jax.random.key(seed, impl=\"\(implementation)\"), keep, shape)", seed: .signed,
            keyWords: words, parameters: [.keyData, .foldIn, .step], entry: .anywhere, arithmetic: xla, order: keys,
            next: folds,
            stream: { randomness, _ throws(DropoutError) in
                KeyedDraws(randomness, try key(randomness), fold) { key, _ in key }
            },
            price: price, verification: .libraryMasks(masks))
    }
}

extension KeyedDraws {
    /// Draws with JAX keys: the list is folded in once. Each draw folds in its step, unless it is 0, and its dropout.
    fileprivate init<Key: Sendable>(
        _ randomness: Randomness, _ key: Key, _ fold: @escaping @Sendable (Key) -> (UInt32) -> Key,
        _ generator: @escaping @Sendable (Key, GeneratorParameters) -> any MaskGenerator
    ) {
        let folded = randomness.parameters.foldIn.reduce(key) { fold($0)($1) }
        self.init(randomness) { question in
            let parameters = question.parameters
            var key = folded
            if parameters.step > 0 { key = fold(key)(parameters.step) }
            if parameters.dropout > 0 { key = fold(key)(1 << 31 | parameters.dropout) }
            return generator(key, parameters)
        }
    }
}

extension Randomness {
    fileprivate var jaxSeed: JAXKey {
        get throws(DropoutError) { JAXKey(seed: Int64(bitPattern: try seed.bits), x64: parameters.x64) }
    }

    /// The threefry key of the question, before anything is folded in.
    var threefryKey: JAXKey {
        get throws(DropoutError) {
            guard let words = try seed.key(ofWords: 2) else { return try jaxSeed }
            return JAXKey(high: words[0], low: words[1])
        }
    }
}
