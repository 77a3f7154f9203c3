import DropoutEngine
import DropoutService
import Stopping

/// Every draw made by itself from the request's fields, without a cursor: what a cursor must agree with.
///
/// It enters each stream again from its start, by the generators' own initialisers.
struct FreshDraws {
    let generator: Generator
    let bits: UInt64
    /// The seed as a pair, for TensorFlow's stateless operations.
    var pair: (Int64, Int64) = (0, 0)
    var entropy: [UInt32] = []
    /// The words of a JAX key, in place of a seed.
    var keyWords: [UInt32]?
    let parameters: GeneratorParameters
    let offset: UInt64
    let schedule: DrawSchedule

    func kept(_ shape: Shape, pass: Int, draw: Int) throws(DropoutError) -> [UInt8] {
        var offset = offset
        if generator == .numpyPCG64 || generator == .numpyPhilox {
            offset += parameters.skip + before(draw, pass: pass) { UInt64($0.units) }
        }
        return try maskGenerator(pass: pass, draw: draw)
            .kept(shape, probability: schedule.draws[draw].probability, offset: offset)
    }

    private func before(_ draw: Int, pass: Int, cost: (DrawSchedule.Draw) -> UInt64) -> UInt64 {
        let whole = schedule.draws.reduce(0) { $0 + cost($1) }
        return schedule.draws.prefix(draw).reduce(whole * UInt64(pass)) { $0 + cost($1) }
    }

    private func maskGenerator(pass: Int, draw: Int) throws(DropoutError) -> any MaskGenerator {
        // A tensor has no number; a network's dropouts are counted by the schedule.
        let number32 = UInt32(schedule.draws[draw].number ?? 0)
        let isNetwork = schedule.draws[draw].number != nil
        let low = UInt32(truncatingIfNeeded: bits)
        let pass32 = UInt32(truncatingIfNeeded: pass)
        let call = parameters.call &+ pass32
        // MLX and ONNX Runtime draw nothing at rate 0; calls of TensorFlow and MindSpore take their seed at any rate.
        let takesNothing = { (draw: DrawSchedule.Draw) in
            generator != .tfDropout && generator != .mindSpore && draw.probability.rate == 0
        }
        let number = UInt32(truncatingIfNeeded: before(draw, pass: pass) { takesNothing($0) ? 0 : 1 })
        let step = parameters.step + pass32
        // What is folded into a JAX key: the request's own list, then pass and draw, so that no two have one key.
        let folds = parameters.foldIn + (step > 0 ? [step] : []) + (number32 > 0 ? [1 << 31 | number32] : [])
        let skip = streamPosition(draw, pass: pass)
        switch generator {
        case .philox:
            return PhiloxGenerator(
                seed: bits, step: step, stream: parameters.stream + number32)
        case .numpyLegacy: return NumPyLegacy(seed: low, skip: skip)
        case .numpyLegacyBinomial: return NumPyLegacyBinomial(seed: low, skip: skip)
        case .numpyPCG64:
            return NumPyGenerator(.pcg64, entropy: entropy, isFloat32: parameters.drawType == .float32)
        case .numpyPhilox:
            return NumPyGenerator(.philox, entropy: entropy, isFloat32: parameters.drawType == .float32)
        case .onnxReference: return ONNXReference(seed: low, skip: skip)
        case .onnxruntime: return ONNXRuntime(seed: bits, call: parameters.call &+ number)
        case .torchCPU: return TorchCPU(seed: bits, skip: skip)
        case .torchCPUMKL: return TorchCPUMKL(seed: bits, skip: skip)
        case .torchCUDA: return torchCUDA(skip)
        case .jax: return JAXPartitionable(key: jaxKey(folds), rateType: parameters.rateType)
        case .jaxOriginal: return JAXOriginal(key: jaxKey(folds), rateType: parameters.rateType)
        case .jaxRBG, .jaxPhilox4x32, .jaxPhilox2x32, .jaxThreefry4x32: return otherJAX(folds)
        case .flaxLinen:
            let path = (parameters.path ?? []) + (isNetwork ? ["Dropout_\(number32)"] : [])
            return Flax.linen(key: jaxKey(parameters.foldIn), path: path, call: call)
        case .flaxNNX:
            return Flax.nnx(
                key: jaxKey([]), drawsBeforeFork: parameters.drawsBeforeFork &+ number32,
                call: call)
        case .tfStateless: return TFStateless(seed: pairOf(Int(number32), pass), type: parameters.drawType)
        case .tfStatelessXLAPhilox:
            return TFStatelessXLAPhilox(seed: pairOf(Int(number32), pass), type: parameters.drawType)
        case .tfStatelessXLAThreefry:
            return TFStatelessXLAThreefry(seed: pairOf(Int(number32), pass), type: parameters.drawType)
        case .tfStatelessXLAAuto:
            return TFStatelessXLAPhilox.auto(seed: pairOf(Int(number32), pass), type: parameters.drawType)
        case .tfDropout:
            return TFDropout(
                graphSeed: Int64(bitPattern: bits), opSeed: parameters.opSeed.map { $0 &+ Int64(number32) },
                call: parameters.opSeed == nil ? parameters.call &+ number : call, type: parameters.drawType)
        case .kerasTensorFlow:
            return Keras.tensorFlow(
                seed: Int64(bitPattern: bits) &+ Int64(number32), call: call, type: parameters.drawType)
        case .kerasJAX: return Keras.jax(seed: low &+ number32, call: call)
        case .kerasTorch: return KerasTorch(seed: low &+ number32, call: call)
        case .kerasNumPy: return Keras.numPy(seed: low &+ number32, call: call)
        case .mlx: return MLXDropout(seed: bits, call: parameters.call &+ number)
        case .torchCompile: return TorchCompile(seed: bits, skip: skip, type: parameters.drawType)
        case .paddle: return Paddle(seed: bits, skip: skip)
        case .mindSpore:
            guard let mindSpore = MindSpore(seed: low, draw: UInt64(parameters.call + number), skip: parameters.skip)
            else { throw .impossible("MindSpore draws a seed of its own") }
            return mindSpore
        case .torchRand:
            var words = MT19937(seed: low)
            try words.advance(by: skip, stop: .never)
            return TorchRand(words: words, isDouble: parameters.drawType == .float64)
        default: return TinygradDropout(seed: bits, call: parameters.call, wordsBefore: skip)
        }
    }

    private func streamPosition(_ draw: Int, pass: Int) -> UInt64 {
        (generator == .torchCUDA ? parameters.philoxOffset : parameters.skip)
            + before(draw, pass: pass) { draw in
                let isDrawn = 0 < draw.probability.rate && draw.probability.rate < 1
                return switch generator {
                case .torchCPU: isDrawn ? 2 * UInt64(draw.units) : 0
                case .torchCPUMKL: isDrawn && draw.units > 0 ? 1 : 0
                case .torchCUDA: isDrawn ? torchCUDA(0).philoxOffset(after: draw.units) : 0
                case .torchCompile: isDrawn && draw.units > 0 ? 2 : 0
                case .tinygrad, .paddle: isDrawn ? UInt64(draw.units) : 0
                default: UInt64(draw.units)
                }
            }
    }

    private func torchCUDA(_ offset: UInt64) -> TorchCUDA {
        TorchCUDA(
            seed: bits, philoxOffset: offset, multiprocessors: parameters.multiprocessors,
            threadsPerMultiprocessor: parameters.threadsPerMultiprocessor, vectorWidth: parameters.vectorWidth,
            isDouble: parameters.drawType == .float64)
    }

    private func jaxKey(_ folds: [UInt32]) -> JAXKey {
        let key =
            if let words = keyWords {
                JAXKey(high: words[0], low: words[1])
            } else {
                JAXKey(seed: Int64(bitPattern: bits), x64: parameters.x64)
            }
        return key.foldingIn(folds)
    }

    private func otherJAX(_ folds: [UInt32]) -> any MaskGenerator {
        let seedKey = JAXKey(seed: Int64(bitPattern: bits))
        let words = keyWords
        switch generator {
        case .jaxPhilox4x32:
            let key = words.map { JAXPhilox4x32(key: ($0[0], $0[1])) } ?? JAXPhilox4x32(seed: seedKey)
            return folds.reduce(key) { $0.foldingIn($1) }
        case .jaxPhilox2x32:
            let key = words.map { JAXPhilox2x32(key: $0[0]) } ?? JAXPhilox2x32(seed: seedKey)
            return folds.reduce(key) { $0.foldingIn($1) }
        case .jaxThreefry4x32:
            let key = words.map { JAXThreefry4x32(key: ($0[0], $0[1], $0[2], $0[3])) } ?? JAXThreefry4x32(seed: seedKey)
            return folds.reduce(key) { $0.foldingIn($1) }
        default:
            let key =
                words.map {
                    JAXRBG(keyData: (JAXKey(high: $0[0], low: $0[1]), JAXKey(high: $0[2], low: $0[3])))
                } ?? JAXRBG(key: seedKey)
            return folds.reduce(key) { $0.foldingIn($1) }
        }
    }

    private func pairOf(_ draw: Int, _ pass: Int) -> (Int64, Int64) {
        (pair.0 &+ Int64(pass), pair.1 &+ Int64(draw))
    }
}
