import DropoutEngine

/// JAX's generators, one for each implementation of its keys.
extension Generator {
    static let jaxGenerators = [jax, jaxOriginal, jaxRBG, jaxPhilox4x32, jaxPhilox2x32, jaxThreefry4x32]

    static let xla = DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: false, halfFactor: .xla)

    package static let jax = threefry(
        "jax", versions: "jax_threefry_partitionable, the default since 0.5.0 (run: 0.10.2)", isPartitionable: true,
        price: GeneratorPrice(
            seeding: 600_000, fold: 20_000, draw: 310_000, unit: 4000, unitOfType: [.float64: 4600]), masks: 309)

    package static let jaxOriginal = threefry(
        "jax-original", versions: "jax_threefry_partitionable=False, the default before 0.5.0 (run: 0.10.2)",
        isPartitionable: false,
        price: GeneratorPrice(
            seeding: 570_000, fold: 20_000, draw: 300_000, unit: 2200, unitOfType: [.float64: 4500, .float16: 3300]),
        masks: 294)

    package static let jaxRBG = keyed(
        .rbg, versions: "0.10.2 run, on the CPU",
        price: GeneratorPrice(seeding: 700_000, fold: 20_000, draw: 300_000, unit: 1200), masks: 120)

    package static let jaxPhilox4x32 = keyed(
        .philox4x32, price: GeneratorPrice(seeding: 770_000, fold: 20_000, draw: 290_000, unit: 4000), masks: 120)

    package static let jaxPhilox2x32 = keyed(
        .philox2x32, price: GeneratorPrice(seeding: 750_000, fold: 20_000, draw: 280_000, unit: 2400), masks: 126)

    package static let jaxThreefry4x32 = keyed(
        .threefry4x32, price: GeneratorPrice(seeding: 800_000, fold: 20_000, draw: 300_000, unit: 5700), masks: 123)

    private static func threefry(
        _ name: String, versions: String, isPartitionable: Bool, price: GeneratorPrice, masks: Int
    ) -> Generator {
        jax(
            name, .threefry2x32, isPartitionable: isPartitionable, versions: versions, implementation: "",
            parameters: [.x64, .keyData, .foldIn, .step, .rateType, .execution], price: price, masks: masks)
    }

    private static func keyed(
        _ type: JAXKeyType, versions: String = "0.10.2 run", price: GeneratorPrice, masks: Int
    ) -> Generator {
        jax(
            "jax-\(type.rawValue)", type, isPartitionable: true, versions: versions,
            implementation: ", impl=\"\(type.rawValue)\"", parameters: [.keyData, .foldIn, .step, .execution],
            price: price, masks: masks)
    }

    private static func jax(
        _ name: String, _ type: JAXKeyType, isPartitionable: Bool, versions: String, implementation: String,
        parameters: [GeneratorParameter], price: GeneratorPrice, masks: Int
    ) -> Generator {
        Generator(
            name, library: "JAX", versions: versions,
            draws: "jax.random.bernoulli(jax.random.key(seed\(implementation)), keep, shape)", seed: .signed,
            keyWords: type.words, parameters: parameters, comparison: belowOfRateType,
            entry: isPartitionable ? .anywhere : .start, arithmetic: xla,
            order: .keyed(place: .parameter(.foldIn), pass: .parameter(.step)),
            next:
                "a step from 1 is folded into the key after fold_in, then dropout k of a network, from 1, as 2^31 + k",
            stream: { randomness, _ throws(DropoutError) in
                // The list is folded in once. Each draw folds in its step and its dropout.
                let folded = try randomness.jaxKey(type, isPartitionable: isPartitionable)
                    .foldingIn(randomness.parameters.foldIn)
                return KeyedDraws(randomness) { question in
                    let parameters = question.parameters
                    var key = folded
                    if parameters.step > 0 { key = key.foldingIn(parameters.step) }
                    if parameters.dropout > 0 { key = key.foldingIn(1 << 31 | parameters.dropout) }
                    return key.generator(parameters.rateType)
                }
            },
            price: price, verification: .libraryMasks(masks))
    }
}
