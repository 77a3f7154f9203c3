import DropoutEngine
import Stopping

/// Every generator drawing 1,000,000 elements at rate 0.2.
enum GeneratorTable {
    private static let key = JAXKey(seed: 42)

    static let generators: [(String, any MaskGenerator)] = always + mindSpore

    /// Seed 42 has a generator.
    private static let mindSpore: [(String, any MaskGenerator)] =
        MindSpore(seed: 42, draw: 0).map { [("mindspore", $0)] } ?? []

    private static let always: [(String, any MaskGenerator)] = [
        ("philox", PhiloxGenerator(seed: 42, step: 0, stream: 0)),
        ("numpy-legacy", NumPyLegacy(words: MT19937(seed: 42))),
        ("numpy-legacy-binomial", NumPyLegacyBinomial(words: MT19937(seed: 42))),
        ("numpy-pcg64", NumPyGenerator(.pcg64, entropy: [42], isFloat32: false)),
        ("numpy-pcg64 float32", NumPyGenerator(.pcg64, entropy: [42], isFloat32: true)),
        ("numpy-philox", NumPyGenerator(.philox, entropy: [42], isFloat32: false)),
        ("numpy-philox float32", NumPyGenerator(.philox, entropy: [42], isFloat32: true)),
        ("onnx-reference", ONNXReference(words: MT19937(seed: 42))),
        ("torch-cpu", TorchCPU(words: MT19937(seed: 42))),
        ("torch-cpu-mkl", TorchCPUMKL(words: MT19937(seed: 42))),
        ("torch-compile", TorchCompile(words: MT19937(seed: 42))),
        (
            "torch-cuda",
            TorchCUDA(
                seed: 42, philoxOffset: 0, multiprocessors: 108, threadsPerMultiprocessor: 2048, vectorWidth: 4,
                isDouble: false)
        ),
        ("jax", JAXPartitionable(key: key)),
        ("jax-original", JAXOriginal(key: key)),
        ("jax-rbg", JAXRBG(key: key)),
        ("jax-philox4x32", JAXPhilox4x32(seed: key)),
        ("jax-philox2x32", JAXPhilox2x32(seed: key)),
        ("jax-threefry4x32", JAXThreefry4x32(seed: key)),
        ("flax-linen", JAXPartitionable(key: key.foldingIn(Flax.linenData(path: SHA1(), call: 0)))),
        ("flax-nnx", JAXPartitionable(key: key.foldingIn(0).foldingIn(0))),
        ("tf-stateless", TFStateless(seed: (1, 2), type: .float32)),
        ("tf-stateless float64", TFStateless(seed: (1, 2), type: .float64)),
        ("tf-stateless-xla-philox", TFStatelessXLAPhilox(seed: (1, 2), type: .float32)),
        ("tf-stateless-xla-threefry", TFStatelessXLAThreefry(seed: (1, 2), type: .float32)),
        ("tf-stateless-xla-auto", TFStatelessXLAPhilox.auto(seed: (1, 2), type: .float32)),
        ("tf-dropout", TFDropout(graphSeed: 1, opSeed: 2, call: 0, type: .float32)),
        ("keras-tensorflow", Keras.tensorFlow(seed: 42, call: 0, type: .float32)),
        ("keras-jax", JAXPartitionable(key: JAXKey(high: 42, low: 0))),
        ("keras-torch", KerasTorch(seed: 42, call: 0)),
        ("keras-numpy", Keras.numPy(seed: 42, call: 0)),
        ("mlx", MLXDropout(MLXKeys(seed: 42))),
        ("tinygrad", TinygradDropout(seed: 42, call: 0)),
        ("paddle", Paddle(words: MT19937_64(StandardSeedSequence([42])))),
        ("onnxruntime", ONNXRuntime(seed: 42, call: 0)),
    ]

    static func run() throws {
        let shape = try Shape([1000, 1000])
        let probability = try KeepProbability(rate: 0.2)
        Measure.head("Draw", "generator", "ns/element")
        for (name, generator) in generators {
            Measure.row(
                name,
                try Measure.nanoseconds(shape.count) {
                    Measure.keep(try generator.kept(shape, probability: probability, offset: 0, stop: .never))
                })
        }
    }
}
