import DropoutEngine

/// Keras 3's generators, one for each backend.
extension Generator {
    static let kerasGenerators = [kerasTensorFlow, kerasJAX, kerasTorch, kerasNumPy]

    package static let kerasTensorFlow = keras(
        "keras-tensorflow", on: "TensorFlow", seed: .signed, parameters: [.call, .drawType], drawTypes: tensorFlowTypes,
        comparison: ofDrawType(.from), alpha: nil, arithmetic: tensorFlow,
        price: GeneratorPrice(seeding: 670_000, draw: 300_000, unit: 1300, unitOfType: [.float64: 3200]), masks: 234
    ) { bits, parameters in
        Keras.tensorFlow(seed: Int64(bitPattern: bits), call: parameters.call, type: parameters.drawType)
    }

    package static let kerasJAX = keras(
        "keras-jax", on: "JAX", seed: .natural(bits: 32), keyTypes: [.threefry2x32, .philox4x32],
        parameters: [.call, .x64, .partitionable, .keyType, .execution], comparison: belowOfRateType,
        alpha: .ofRateType, arithmetic: xla,
        price: GeneratorPrice(seeding: 570_000, draw: 260_000, unit: 4000, unitOfType: jaxTypes), masks: 255
    ) { bits, parameters in
        // The layer's state [seed, call] is the raw key.
        let (seed, call) = (UInt32(truncatingIfNeeded: bits), parameters.call)
        let key: AnyJAXKey =
            switch parameters.keyType {
            case .philox4x32: AnyJAXKey(JAXPhilox4x32(key: (seed, call)))
            default:
                AnyJAXKey(threefry: JAXKey(high: seed, low: call), isPartitionable: parameters.isPartitionable)
            }
        return key.generator(parameters.rateType)
    }

    // Each call seeds a Twister of its own.
    package static let kerasTorch = keras(
        "keras-torch", on: "PyTorch", seed: .word, comparison: below(.float32), alpha: .floats,
        arithmetic: DropoutArithmetic(.divideByKeep, keepsSignOfDropped: false, halfFactor: .float32),
        price: GeneratorPrice(
            seeding: 2_750_000, jump: GeneratorPrice.twisterJump, draw: 2_430_000, offsetUnitOfDraw: 350, unit: 1400,
            stateBytes: GeneratorPrice.twisterBytes), masks: 238
    ) { bits, parameters in KerasTorch(seed: UInt32(truncatingIfNeeded: bits), call: parameters.call) }

    package static let kerasNumPy = keras(
        "keras-numpy", on: "NumPy", seed: .natural(bits: 32), comparison: below(.float64), alpha: .doubles,
        arithmetic: DropoutArithmetic(.divideByKeep, keepsSignOfDropped: false, halfFactor: .numPy),
        price: GeneratorPrice(seeding: 810_000, draw: 430_000, unit: 2000), masks: 183
    ) { bits, parameters in Keras.numPy(seed: UInt32(truncatingIfNeeded: bits), call: parameters.call) }

    private static func keras(
        _ name: String, on backend: String, seed: SeedRule, keyTypes: [JAXKeyType] = [],
        parameters: [GeneratorParameter] = [.call],
        drawTypes: [DrawType] = [],
        comparison: @escaping Comparison, alpha: Uniforms?, arithmetic: DropoutArithmetic, price: GeneratorPrice,
        masks: Int,
        _ generator: @escaping @Sendable (_ seed: UInt64, GeneratorParameters) -> any MaskGenerator
    ) -> Generator {
        Generator(
            name, library: "Keras 3 on \(backend)", versions: "3.15.1 run",
            draws: "keras.layers.Dropout(rate, seed=seed), the n-th call", seed: seed, keyTypes: keyTypes,
            parameters: parameters,
            drawTypes: drawTypes, comparison: comparison, alphaUniforms: alpha, entry: .anywhere,
            arithmetic: DropoutArithmetic(
                arithmetic.scaling, keepsSignOfDropped: arithmetic.keepsSignOfDropped, alpha: .keras,
                halfFactor: arithmetic.halfFactor),
            order: .keyed(place: .seed, pass: .parameter(.call)), uncounted: [.rate0, .rate1],
            next: "dropout k of a network has seed + k; pass k is k calls later",
            stream: { randomness, _ in
                KeyedDraws(randomness) { question throws(DropoutError) in
                    generator(try question.seed.bits, question.parameters)
                }
            },
            price: price, verification: .libraryMasks(masks))
    }
}
