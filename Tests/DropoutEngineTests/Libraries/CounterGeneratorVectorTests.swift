import DropoutEngine
import Testing

@Suite struct CounterGeneratorVectorTests {
    /// A file of Vectors and the generator that a case of it describes.
    struct Profile: Sendable, CustomTestStringConvertible {
        let file: String
        let cases: Int
        let generator: @Sendable (MaskVector) throws -> any MaskGenerator

        var testDescription: String { file }
    }

    @Test("Each generator draws every mask that its library drew", arguments: profiles)
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
        Profile(file: "jax", cases: 160) { vector in
            try JAXPartitionable(key: vector.jaxKey(), rateType: vector.drawType)
        },
        Profile(file: "jax-x64", cases: 149) { vector in
            try JAXPartitionable(
                key: vector.jaxKey(x64: true), rateType: vector.type == nil ? .float64 : vector.drawType)
        },
        Profile(file: "jax-original", cases: 146) { vector in
            try JAXOriginal(key: vector.jaxKey(), rateType: vector.drawType)
        },
        Profile(file: "jax-original-x64", cases: 148) { vector in
            try JAXOriginal(key: vector.jaxKey(x64: true), rateType: vector.type == nil ? .float64 : vector.drawType)
        },
        Profile(file: "jax-rbg", cases: 120) { vector in try JAXRBG(key: vector.jaxKey()) },
        Profile(file: "jax-philox4x32", cases: 120) { vector in try JAXPhilox4x32(seed: vector.jaxKey()) },
        Profile(file: "jax-philox2x32", cases: 126) { vector in try JAXPhilox2x32(seed: vector.jaxKey()) },
        Profile(file: "jax-threefry4x32", cases: 123) { vector in try JAXThreefry4x32(seed: vector.jaxKey()) },
        Profile(file: "flax-linen", cases: 253) { vector in
            try Flax.linen(key: vector.jaxKey(), path: vector.path ?? [], call: vector.call ?? 0)
        },
        Profile(file: "flax-nnx", cases: 106) { vector in
            try Flax.nnx(
                key: vector.jaxKey(), drawsBeforeFork: UInt32(#require(vector.before)), call: #require(vector.call))
        },
        Profile(file: "keras-jax", cases: 195) { vector in
            try Keras.jax(seed: UInt32(#require(vector.seed)), call: #require(vector.call))
        },
        Profile(file: "keras-tensorflow", cases: 234) { vector in
            try Keras.tensorFlow(
                seed: Int64(#require(vector.seed)), call: #require(vector.call), type: vector.drawType)
        },
        Profile(file: "mlx", cases: 253) { vector in
            try MLXDropout(seed: #require(vector.seed), call: vector.call ?? 0)
        },
        Profile(file: "tinygrad", cases: 157) { vector in
            try TinygradDropout(seed: #require(vector.seed), call: 0, wordsBefore: vector.before ?? 0)
        },
        Profile(file: "tf-stateless-float32", cases: 110) { vector in
            try TFStateless(seed: vector.seedPair, type: .float32)
        },
        Profile(file: "tf-stateless-float64", cases: 60) { vector in
            try TFStateless(seed: vector.seedPair, type: .float64)
        },
        Profile(file: "tf-stateless-float16", cases: 51) { vector in
            try TFStateless(seed: vector.seedPair, type: .float16)
        },
        Profile(file: "tf-stateless-bfloat16", cases: 42) { vector in
            try TFStateless(seed: vector.seedPair, type: .bfloat16)
        },
        Profile(file: "tf-stateless-xla-philox", cases: 246) { vector in
            try TFStatelessXLAPhilox(seed: vector.seedPair, type: vector.drawType)
        },
        Profile(file: "tf-stateless-xla-auto", cases: 222) { vector in
            try TFStatelessXLAPhilox.auto(seed: vector.seedPair, type: vector.drawType)
        },
        Profile(file: "tf-stateless-xla-threefry", cases: 255) { vector in
            try TFStatelessXLAThreefry(seed: vector.seedPair, type: vector.drawType)
        },
        Profile(file: "tf-dropout", cases: 153) { vector in
            try TFDropout(
                graphSeed: Int64(#require(vector.seed)), opSeed: vector.opSeed, calls: vector.call ?? 0,
                type: vector.drawType)
        },
        Profile(file: "torch-cuda", cases: 120) { vector in try vector.torchCUDA() },
    ]

    @Test("The CUDA generator's offset grows as the launch computes it")
    func cudaOffsetGrows() throws {
        for vector in try MaskVector.all(in: "torch-cuda") {
            let count = try Shape(vector.shape).count
            #expect(try vector.torchCUDA().philoxOffset(after: count) == vector.after)
        }
    }
}

extension MaskVector {
    fileprivate func jaxKey(x64: Bool = false) throws -> JAXKey {
        JAXKey(seed: Int64(try #require(seed)), x64: x64)
    }

    fileprivate var seedPair: (Int64, Int64) {
        get throws {
            let pair = try #require(pair)
            return (pair[0], pair[1])
        }
    }

    fileprivate func torchCUDA() throws -> TorchCUDA {
        try TorchCUDA(
            seed: #require(seed), philoxOffset: #require(offset), multiprocessors: #require(multiprocessors),
            threadsPerMultiprocessor: #require(threads), vectorWidth: #require(width), isDouble: type == "float64")
    }
}
