import DropoutEngine

extension GeneratorName {
    /// The generator's row of the table.
    var profile: GeneratorProfile { Self.profiles[self] ?? row }

    private static let profiles = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.row) })

    /// The row, made anew: the only place that knows what belongs to which library.
    private var row: GeneratorProfile {
        switch self {
        case .philox: .philox
        case .numpyLegacy, .numpyLegacyBinomial, .numpyPCG64, .numpyPhilox: .numPy(self)
        case .onnxReference, .onnxruntime: .onnx(self)
        case .torchCPU, .torchCPUMKL, .torchCUDA: .torch(self)
        case .jax, .jaxOriginal, .jaxRBG, .jaxPhilox4x32, .jaxPhilox2x32, .jaxThreefry4x32: .jax(self)
        case .flaxLinen, .flaxNNX: .flax(self)
        case .tfStateless, .tfStatelessXLAPhilox, .tfStatelessXLAThreefry, .tfStatelessXLAAuto, .tfDropout:
            .tensorFlow(self)
        case .kerasTensorFlow, .kerasJAX, .kerasTorch, .kerasNumPy: .keras(self)
        case .mlx, .tinygrad: .other(self)
        }
    }
}

extension DropoutArithmetic {
    fileprivate static let xla = DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: false)
    fileprivate static let tensorFlow = DropoutArithmetic(.exactReciprocal, keepsSignOfDropped: false)
    fileprivate static let torch = DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: true)
    fileprivate static let onnxRuntime = DropoutArithmetic(.divideByComplement, keepsSignOfDropped: true)
    fileprivate static let onnxReference = DropoutArithmetic(.reciprocalOfComplement, keepsSignOfDropped: true)
    fileprivate static let mlx = DropoutArithmetic(.exactReciprocal, keepsSignOfDropped: true)
}

extension GeneratorProfile {
    fileprivate typealias Stream = @Sendable (Randomness, DrawSchedule) throws(DropoutError) -> any DrawStream

    fileprivate static let continues = "the stream goes on, dropout after dropout, pass after pass"

    fileprivate static let philox = GeneratorProfile(
        library: "this service", versions: "all", draws: "Philox4x32-10, one word an element",
        seed: .natural(bits: 64), parameters: [.step, .stream], entry: .anywhere, arithmetic: .plain,
        next: "layer k of a network draws with stream + k, pass k with step + k", stream: Randomness.philox,
        price: .philox,
        verification: .publishedAnswers)

    fileprivate static func numPy(_ name: GeneratorName) -> GeneratorProfile {
        let (draws, parameters, cases): (String, [GeneratorParameter], Int) =
            switch name {
            case .numpyLegacyBinomial: ("np.random.RandomState(seed).binomial(1, keep, shape)", [.skip], 96)
            case .numpyPCG64: ("np.random.default_rng(seed).random(shape, dtype) < keep", [.drawType, .skip], 255)
            case .numpyPhilox:
                ("np.random.Generator(np.random.Philox(seed)).random(shape, dtype) < keep", [.drawType, .skip], 243)
            default: ("np.random.seed(seed); np.random.rand(*shape) < keep", [.skip], 118)
            }
        let (stream, price): (Stream, GeneratorPrice) =
            switch name {
            case .numpyLegacyBinomial: (Randomness.numPyLegacyBinomial, .numPyLegacyBinomial)
            case .numpyPCG64: (Randomness.numPyPCG64, .numPyPCG64)
            case .numpyPhilox: (Randomness.numPyPhilox, .numPyPhilox)
            default: (Randomness.numPyLegacy, .numPyLegacy)
            }
        let isLegacy = name == .numpyLegacy || name == .numpyLegacyBinomial
        return GeneratorProfile(
            library: "NumPy", versions: isLegacy ? "all (run: 2.4.6)" : "1.17 and later (run: 2.4.6)", draws: draws,
            seed: isLegacy ? .natural(bits: 32) : .entropy, parameters: parameters,
            entry: isLegacy ? .byDrawing : .anywhere, arithmetic: .plain, next: continues,
            stream: stream, price: price, verification: .libraryMasks(cases))
    }

    fileprivate static func onnx(_ name: GeneratorName) -> GeneratorProfile {
        name == .onnxReference
            ? GeneratorProfile(
                library: "ONNX reference implementation", versions: "1.23.2 run",
                draws: "np.random.RandomState(seed).uniform(0, 1, shape) >= ratio, as in ONNX's backend tests",
                seed: .natural(bits: 32), parameters: [.skip], entry: .byDrawing, arithmetic: .onnxReference,
                next: continues, stream: Randomness.onnxReference, price: .onnxReference,
                verification: .libraryMasks(30))
            : GeneratorProfile(
                library: "ONNX Runtime", versions: "1.32.0 run, CPU provider on Linux",
                draws: "Dropout with training_mode true and a seed attribute, the n-th run of a session",
                seed: .signed, parameters: [.call], entry: .byDrawing, arithmetic: .onnxRuntime,
                next: "each draw is the next call", stream: Randomness.onnxRuntime, price: .onnxRuntime,
                verification: .libraryMasks(120))
    }

    fileprivate static func torch(_ name: GeneratorName) -> GeneratorProfile {
        switch name {
        case .torchCPU:
            GeneratorProfile(
                library: "PyTorch, CPU", versions: "2.7 and later; earlier without MKL (run: 2.13.0)",
                draws: "torch.manual_seed(seed); torch.nn.functional.dropout(x, rate)", seed: .wrapping,
                parameters: [.skip], entry: .byDrawing, arithmetic: .torch, next: continues,
                stream: Randomness.torchCPU, price: .torchCPU, verification: .libraryMasks(180))
        case .torchCPUMKL:
            GeneratorProfile(
                library: "PyTorch, CPU with MKL", versions: "up to 2.6 on x86-64 (run: 2.4.1)",
                draws: "torch.manual_seed(seed); torch.nn.functional.dropout(x, rate)", seed: .wrapping,
                parameters: [.skip], entry: .anywhere, arithmetic: .torch,
                next: "each draw takes one more word of the Mersenne Twister", stream: Randomness.torchCPUMKL,
                price: .torchCPUMKL,
                verification: .libraryMasks(149))
        default:
            GeneratorProfile(
                library: "PyTorch, CUDA", versions: "2.x, the fused kernel",
                draws: "torch.manual_seed(seed); torch.nn.functional.dropout(x.cuda(), rate)", seed: .wrapping,
                parameters: [.philoxOffset, .multiprocessors, .threadsPerMultiprocessor, .vectorWidth, .drawType],
                entry: .start, arithmetic: DropoutArithmetic(.exactReciprocal, keepsSignOfDropped: true),
                next: "the generator's offset grows as the launch computes it", stream: Randomness.torchCUDA,
                price: .torchCUDA,
                verification: .sourceOnly)
        }
    }

    fileprivate static func jax(_ name: GeneratorName) -> GeneratorProfile {
        let (implementation, cases) =
            switch name {
            case .jaxRBG: ("rbg", 120)
            case .jaxPhilox4x32: ("philox4x32", 120)
            case .jaxPhilox2x32: ("philox2x32", 126)
            case .jaxThreefry4x32: ("threefry4x32", 123)
            case .jax: ("", 309)
            default: ("", 294)
            }
        let (stream, price): (Stream, GeneratorPrice) =
            switch name {
            case .jaxRBG: (Randomness.jaxRBG, .jaxRBG)
            case .jaxPhilox4x32: (Randomness.jaxPhilox4x32, .jaxPhilox4x32)
            case .jaxPhilox2x32: (Randomness.jaxPhilox2x32, .jaxPhilox2x32)
            case .jaxThreefry4x32: (Randomness.jaxThreefry4x32, .jaxThreefry4x32)
            case .jax: (Randomness.jax, .jax)
            default: (Randomness.jaxOriginal, .jaxOriginal)
            }
        let isThreefry = implementation.isEmpty
        let versions =
            switch name {
            case .jax: "jax_threefry_partitionable, the default since 0.5.0 (run: 0.10.2)"
            case .jaxOriginal: "jax_threefry_partitionable=False, the default before 0.5.0 (run: 0.10.2)"
            case .jaxRBG: "0.10.2 run, on the CPU"
            default: "0.10.2 run"
            }
        return GeneratorProfile(
            library: "JAX", versions: versions,
            draws: isThreefry
                ? "jax.random.bernoulli(jax.random.key(seed), keep, shape)"
                : "jax.random.bernoulli(jax.random.key(seed, impl=\"\(implementation)\"), keep, shape)",
            seed: .signed,
            parameters: isThreefry ? [.x64, .keyData, .foldIn, .rateType] : [.keyData, .foldIn],
            entry: name == .jaxOriginal ? .start : .anywhere, arithmetic: .xla,
            next: "pass k folds k into the key, then dropout k of a network 2^31 + k, each from 1", stream: stream,
            price: price,
            verification: .libraryMasks(cases))
    }

    fileprivate static func flax(_ name: GeneratorName) -> GeneratorProfile {
        let isLinen = name == .flaxLinen
        return GeneratorProfile(
            library: isLinen ? "Flax Linen" : "Flax NNX", versions: "0.12.8 run",
            draws: isLinen
                ? "nn.Dropout(rate) in module.apply(..., rngs={\"dropout\": jax.random.key(seed)})"
                : "nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))",
            seed: .signed,
            parameters: isLinen ? [.keyData, .foldIn, .path, .call] : [.keyData, .drawsBeforeFork, .call],
            entry: .anywhere, arithmetic: .xla,
            next: isLinen
                ? "dropout k of a network has the path [\"Dropout_k\"]; pass k is k calls later"
                : "dropout k of a network forked k keys later; pass k is k calls later",
            stream: isLinen ? Randomness.flaxLinen : Randomness.flaxNNX, price: isLinen ? .flaxLinen : .flaxNNX,
            verification: .libraryMasks(isLinen ? 253 : 106))
    }

    fileprivate static func tensorFlow(_ name: GeneratorName) -> GeneratorProfile {
        guard name != .tfDropout else {
            return GeneratorProfile(
                library: "TensorFlow", versions: "2.21.0 run",
                draws: "tf.random.set_seed(seed); tf.nn.dropout(x, rate, seed=op_seed), the n-th call", seed: .signed,
                parameters: [.opSeed, .call, .drawType], entry: .anywhere, arithmetic: .tensorFlow,
                next: "each draw is the next call; with op_seed dropout k has op_seed + k and pass k is k calls later",
                stream: Randomness.tfDropout, price: .tfDropout, verification: .libraryMasks(153))
        }
        let (stream, price): (Stream, GeneratorPrice) =
            switch name {
            case .tfStateless: (Randomness.tfStateless, .tfStateless)
            case .tfStatelessXLAPhilox: (Randomness.tfStatelessXLAPhilox, .tfStatelessXLAPhilox)
            case .tfStatelessXLAThreefry: (Randomness.tfStatelessXLAThreefry, .tfStatelessXLAThreefry)
            default: (Randomness.tfStatelessXLAAuto, .tfStatelessXLAAuto)
            }
        let (suffix, cases, entry): (String, Int, Entry) =
            switch name {
            case .tfStateless: (", rng_alg=\"philox\")", 263, .anywhere)
            case .tfStatelessXLAPhilox: (", rng_alg=\"philox\") in tf.function(jit_compile=True)", 246, .anywhere)
            case .tfStatelessXLAThreefry: (", rng_alg=\"threefry\") in tf.function(jit_compile=True)", 255, .start)
            default: (") in tf.function(jit_compile=True)", 222, .anywhere)
            }
        return GeneratorProfile(
            library: name == .tfStateless ? "TensorFlow" : "TensorFlow under XLA", versions: "2.21.0 run",
            draws: "tf.nn.experimental.stateless_dropout(x, rate, seed=[s0, s1]\(suffix)", seed: .pair,
            parameters: [.drawType], entry: entry, arithmetic: .tensorFlow,
            next: "pass k has s0 + k, dropout k of a network s1 + k", stream: stream, price: price,
            verification: .libraryMasks(cases)
        )
    }

    fileprivate static func keras(_ name: GeneratorName) -> GeneratorProfile {
        let (backend, seed, cases, arithmetic): (String, SeedRule, Int, DropoutArithmetic) =
            switch name {
            case .kerasTensorFlow: ("TensorFlow", .signed, 234, .tensorFlow)
            case .kerasJAX: ("JAX", .natural(bits: 32), 195, .xla)
            case .kerasTorch: ("PyTorch", .word, 238, .plain)
            default: ("NumPy", .natural(bits: 32), 183, .plain)
            }
        let (stream, price): (Stream, GeneratorPrice) =
            switch name {
            case .kerasTensorFlow: (Randomness.kerasTensorFlow, .kerasTensorFlow)
            case .kerasJAX: (Randomness.kerasJAX, .kerasJAX)
            case .kerasTorch: (Randomness.kerasTorch, .kerasTorch)
            default: (Randomness.kerasNumPy, .kerasNumPy)
            }
        return GeneratorProfile(
            library: "Keras 3 on \(backend)", versions: "3.15.1 run",
            draws: "keras.layers.Dropout(rate, seed=seed), the n-th call", seed: seed,
            parameters: name == .kerasTensorFlow ? [.call, .drawType] : [.call],
            entry: name == .kerasTorch ? .byDrawing : .anywhere, arithmetic: arithmetic,
            next: "dropout k of a network has seed + k; pass k is k calls later", stream: stream, price: price,
            verification: .libraryMasks(cases))
    }

    fileprivate static func other(_ name: GeneratorName) -> GeneratorProfile {
        name == .mlx
            ? GeneratorProfile(
                library: "MLX, CPU", versions: "0.32.4 run",
                draws: "mx.random.seed(seed); mlx.nn.Dropout(rate)(x), the n-th draw", seed: .natural(bits: 64),
                parameters: [.call], entry: .start, arithmetic: .mlx, next: "each draw is the next call",
                stream: Randomness.mlx, price: .mlx, verification: .libraryMasks(253))
            : GeneratorProfile(
                library: "tinygrad, CPU", versions: "0.14.0 run",
                draws: "Tensor.manual_seed(seed); x.dropout(rate), the n-th draw of this size", seed: .wrapping,
                parameters: [.call, .skip], entry: .start, arithmetic: .tensorFlow, next: continues,
                stream: Randomness.tinygrad, price: .tinygrad, verification: .libraryMasks(157))
    }
}
