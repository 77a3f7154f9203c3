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
            .kept(shape, probability: schedule.draws[draw].probability, offset: offset, stop: .never)
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
        // The Twister of the seed, moved past what was drawn before, in steps of so many words.
        func words(_ each: UInt64) throws(DropoutError) -> MT19937 {
            var words = MT19937(seed: low)
            try words.skip(units: skip, wordsEach: each, stop: .never)
            return words
        }
        switch generator {
        case .philox:
            return PhiloxGenerator(
                seed: bits, step: step, stream: parameters.stream + number32)
        case .numpyLegacy: return NumPyLegacy(words: try words(2))
        case .numpyLegacyBinomial: return NumPyLegacyBinomial(words: try words(2))
        case .numpyPCG64:
            return NumPyGenerator(.pcg64, entropy: entropy, isFloat32: parameters.drawType == .float32)
        case .numpyPhilox:
            return NumPyGenerator(.philox, entropy: entropy, isFloat32: parameters.drawType == .float32)
        case .onnxReference: return ONNXReference(words: try words(2))
        case .onnxruntime: return ONNXRuntime(seed: bits, call: parameters.call &+ number)
        case .torchCPU: return TorchCPU(words: try words(1))
        case .torchCPUMKL: return TorchCPUMKL(words: try words(1))
        case .torchCUDA: return torchCUDA(skip)
        case .jax: return JAXPartitionable(key: jaxKey(folds), rateType: parameters.rateType)
        case .jaxOriginal: return JAXOriginal(key: jaxKey(folds), rateType: parameters.rateType)
        case .jaxRBG, .jaxPhilox4x32, .jaxPhilox2x32, .jaxThreefry4x32: return otherJAX(folds)
        case .flaxLinen:
            let path = (parameters.path ?? []) + (isNetwork ? ["Dropout_\(number32)"] : [])
            var hash = SHA1()
            for name in path { hash.absorb(name.utf8) }
            return JAXPartitionable(
                key: jaxKey(parameters.foldIn).foldingIn(Flax.linenData(path: hash, call: call)))
        case .flaxNNX:
            return JAXPartitionable(
                key: jaxKey([parameters.drawsBeforeFork &+ number32, call]))
        case .tfStateless: return TFStateless(seed: pairOf(Int(number32), pass), type: parameters.drawType)
        case .tfStatelessXLAPhilox:
            return TFStatelessXLAPhilox(seed: pairOf(Int(number32), pass), type: parameters.drawType)
        case .tfStatelessXLAThreefry:
            return TFStatelessXLAThreefry(seed: pairOf(Int(number32), pass), type: parameters.drawType)
        case .tfStatelessXLAAuto:
            return TFStatelessXLAPhilox.auto(seed: pairOf(Int(number32), pass), type: parameters.drawType)
        case .tfDropout:
            let graphSeed = Int64(bitPattern: bits)
            if let opSeed = parameters.opSeed {
                return TFDropout(
                    graphSeed: graphSeed, opSeed: opSeed &+ Int64(number32), call: call, type: parameters.drawType)
            }
            let magnitude = graphSeed.magnitude
            let halves = [UInt32(truncatingIfNeeded: magnitude), UInt32(magnitude >> 32)]
            var opSeeds = TFOpSeeds(magnitude: halves[1] == 0 ? [halves[0]] : halves)
            try opSeeds.advance(by: UInt64(parameters.call &+ number), stop: .never)
            return TFDropout(graphSeed: graphSeed, opSeeds: opSeeds, type: parameters.drawType)
        case .kerasTensorFlow:
            return Keras.tensorFlow(
                seed: Int64(bitPattern: bits) &+ Int64(number32), call: call, type: parameters.drawType)
        case .kerasJAX: return JAXPartitionable(key: JAXKey(high: low &+ number32, low: call))
        case .kerasTorch: return KerasTorch(seed: low &+ number32, call: call)
        case .kerasNumPy: return Keras.numPy(seed: low &+ number32, call: call)
        case .mlx:
            var keys = MLXKeys(seed: bits)
            try keys.advance(by: UInt64(parameters.call &+ number), stop: .never)
            return MLXDropout(keys)
        case .torchCompile: return TorchCompile(words: try words(1), type: parameters.drawType)
        case .paddle:
            var words = MT19937_64(StandardSeedSequence([low]))
            try words.advance(by: skip, stop: .never)
            return Paddle(words: words)
        case .mindSpore:
            guard let mindSpore = MindSpore(seed: low, draw: UInt64(parameters.call + number), skip: parameters.skip)
            else { throw .impossible("MindSpore draws a seed of its own") }
            return mindSpore
        case .torchRand:
            return TorchRand(words: try words(1), isDouble: parameters.drawType == .float64)
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
        return folds.reduce(key) { $0.foldingIn($1) }
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
