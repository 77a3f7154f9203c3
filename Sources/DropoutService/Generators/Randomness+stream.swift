import DropoutEngine

/// How each library's draws follow each other in one request, as the profile's `next` says: the streams of the profiles.
extension Randomness {
    /// Layer k has the stream + k, pass k the step + k.
    static func philox(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let (seed, parameters) = try (randomness.seed.bits, randomness.parameters)
        return KeyedDraws(offset: randomness.offset) { place in
            PhiloxGenerator(
                seed: seed, step: parameters.step &+ place.pass32,
                stream: parameters.stream &+ UInt32(truncatingIfNeeded: place.layer))
        }
    }

    static func numPyLegacy(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try randomness.doubles { NumPyLegacy(words: $0) }
    }

    static func onnxReference(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream
    {
        try randomness.doubles { ONNXReference(words: $0) }
    }

    static func numPyLegacyBinomial(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError)
        -> any DrawStream
    {
        try BinomialDraws(
            seed: randomness.seed.bits.lowWord, skip: randomness.parameters.skip, offset: randomness.offset,
            schedule: schedule)
    }

    static func numPyPCG64(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        randomness.numPy(.pcg64)
    }

    static func numPyPhilox(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        randomness.numPy(.philox)
    }

    static func onnxRuntime(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let (seed, call) = try (randomness.seed.bits, randomness.parameters.call)
        return KeyedDraws(offset: randomness.offset) { ONNXRuntime(seed: seed, call: call &+ $0.number) }
    }

    static func torchCPU(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try TwisterDraws(
            MT19937(seed: randomness.seed.bits.lowWord),
            start: TwisterDraws.Start(words: randomness.parameters.skip, units: randomness.offset), wordsEach: 1,
            length: { $0.isDecided ? 0 : 2 &* UInt64($0.units) }, generator: { TorchCPU(words: $0) })
    }

    static func torchCPUMKL(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try TwisterDraws(
            MT19937(seed: randomness.seed.bits.lowWord),
            start: TwisterDraws.Start(words: randomness.parameters.skip), wordsEach: 1, offset: randomness.offset,
            length: { $0.isDecided ? 0 : 1 }, generator: { TorchCPUMKL(words: $0) })
    }

    static func torchCUDA(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let (seed, offset, parameters) = try (randomness.seed.bits, randomness.offset, randomness.parameters)
        let generator: @Sendable (UInt64) -> TorchCUDA = { philoxOffset in
            TorchCUDA(
                seed: seed, philoxOffset: philoxOffset, multiprocessors: parameters.multiprocessors,
                threadsPerMultiprocessor: parameters.threadsPerMultiprocessor, vectorWidth: parameters.vectorWidth,
                isDouble: parameters.drawType == .float64)
        }
        return CountedDraws(
            from: parameters.philoxOffset,
            length: { $0.isDecided ? 0 : generator(0).philoxOffset(after: $0.units) },
            source: { DrawSource(generator: generator($0), offset: offset) })
    }

    static func jax(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let (key, type) = try (randomness.jaxKey, randomness.parameters.rateType)
        return KeyedDraws(offset: randomness.offset) { place in
            JAXPartitionable(key: key.foldingIn(place.folds), rateType: type)
        }
    }

    static func jaxOriginal(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let (key, type) = try (randomness.jaxKey, randomness.parameters.rateType)
        return KeyedDraws(offset: randomness.offset) { place in
            JAXOriginal(key: key.foldingIn(place.folds), rateType: type)
        }
    }

    static func jaxRBG(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let key =
            if let words = try randomness.seed.key(ofWords: 4) {
                JAXRBG(keyData: (JAXKey(high: words[0], low: words[1]), JAXKey(high: words[2], low: words[3])))
            } else { JAXRBG(key: try randomness.jaxSeed) }
        return randomness.folded(key) { $0.foldingIn($1) }
    }

    static func jaxPhilox4x32(
        _ randomness: Randomness, _ schedule: DrawSchedule
    ) throws(DropoutError) -> any DrawStream {
        let key =
            if let words = try randomness.seed.key(ofWords: 2) {
                JAXPhilox4x32(key: (words[0], words[1]))
            } else { JAXPhilox4x32(seed: try randomness.jaxSeed) }
        return randomness.folded(key) { $0.foldingIn($1) }
    }

    static func jaxPhilox2x32(
        _ randomness: Randomness, _ schedule: DrawSchedule
    ) throws(DropoutError) -> any DrawStream {
        let key =
            if let words = try randomness.seed.key(ofWords: 1) {
                JAXPhilox2x32(key: words[0])
            } else { JAXPhilox2x32(seed: try randomness.jaxSeed) }
        return randomness.folded(key) { $0.foldingIn($1) }
    }

    static func jaxThreefry4x32(
        _ randomness: Randomness, _ schedule: DrawSchedule
    ) throws(DropoutError) -> any DrawStream {
        let key =
            if let words = try randomness.seed.key(ofWords: 4) {
                JAXThreefry4x32(key: (words[0], words[1], words[2], words[3]))
            } else { JAXThreefry4x32(seed: try randomness.jaxSeed) }
        return randomness.folded(key) { $0.foldingIn($1) }
    }

    static func flaxLinen(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try ModulePathDraws(
            key: randomness.jaxKey, path: randomness.parameters.path ?? (schedule.isNetwork ? nil : []),
            call: randomness.parameters.call, offset: randomness.offset)
    }

    static func flaxNNX(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let (key, parameters) = try (randomness.jaxKey, randomness.parameters)
        return KeyedDraws(offset: randomness.offset) { place in
            FlaxNNX(
                key: key, drawsBeforeFork: parameters.drawsBeforeFork &+ place.draw32,
                call: parameters.call &+ place.pass32)
        }
    }

    static func tfStateless(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try randomness.pairs { TFStateless(seed: $0, type: $1) }
    }

    static func tfStatelessXLAPhilox(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError)
        -> any DrawStream
    {
        try randomness.pairs { TFStatelessXLAPhilox(seed: $0, type: $1) }
    }

    static func tfStatelessXLAThreefry(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError)
        -> any DrawStream
    {
        try randomness.pairs { TFStatelessXLAThreefry(seed: $0, type: $1) }
    }

    static func tfStatelessXLAAuto(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError)
        -> any DrawStream
    {
        try randomness.pairs { TFStatelessXLAAuto(seed: $0, type: $1) }
    }

    static func tfDropout(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let (seed, parameters) = try (randomness.seed.signedBits, randomness.parameters)
        guard let opSeed = parameters.opSeed else {
            return OpSeedDraws(
                graphSeed: seed, call: parameters.call, type: parameters.drawType, offset: randomness.offset)
        }
        return KeyedDraws(offset: randomness.offset) { place in
            TFDropout(
                graphSeed: seed, opSeed: opSeed &+ Int64(place.draw), call: parameters.call &+ place.pass32,
                type: parameters.drawType)
        }
    }

    static func kerasTensorFlow(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError)
        -> any DrawStream
    {
        let (seed, parameters) = try (randomness.seed.signedBits, randomness.parameters)
        return KeyedDraws(offset: randomness.offset) { place in
            KerasTensorFlow(
                seed: seed &+ Int64(place.draw), call: parameters.call &+ place.pass32, type: parameters.drawType)
        }
    }

    static func kerasJAX(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try randomness.layerSeeds { KerasJAX(seed: $0, call: $1) }
    }

    static func kerasTorch(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try randomness.layerSeeds { KerasTorch(seed: $0, call: $1) }
    }

    static func kerasNumPy(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try randomness.layerSeeds { KerasNumPy(seed: $0, call: $1) }
    }

    static func mlx(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        try SplitKeyDraws(seed: randomness.seed.bits, call: randomness.parameters.call, offset: randomness.offset)
    }

    static func tinygrad(_ randomness: Randomness, _ schedule: DrawSchedule) throws(DropoutError) -> any DrawStream {
        let (seed, call, offset) = try (randomness.seed.bits, randomness.parameters.call, randomness.offset)
        return CountedDraws(
            from: randomness.parameters.skip, length: { UInt64($0.units) },
            source: {
                DrawSource(generator: TinygradDropout(seed: seed, call: call, wordsBefore: $0), offset: offset)
            })
    }

    /// Where a stream that goes on from draw to draw is before draw `draw` of pass `pass`, in the unit of `skip` (for CUDA, of
    /// `offset_philox`).
    func streamPosition(
        _ draw: Int, pass: Int, _ schedule: DrawSchedule
    ) throws(DropoutError) -> UInt64 {
        let start = generator == .torchCUDA ? parameters.philoxOffset : parameters.skip
        let stream = try generator.profile.stream(self, schedule)
        return start.saturatingAdd(schedule.before(draw, pass: pass) { stream.length(of: $0) })
    }
}

// What the streams of one library share.
extension Randomness {
    /// NumPy's legacy stream of doubles: `skip` and `offset` count doubles, and each unit takes one.
    fileprivate func doubles(
        _ generator: @escaping @Sendable (MT19937) -> any MaskGenerator
    ) throws(DropoutError) -> TwisterDraws {
        try TwisterDraws(
            MT19937(seed: seed.bits.lowWord),
            start: TwisterDraws.Start(units: parameters.skip.saturatingAdd(offset)), wordsEach: 2,
            length: { UInt64($0.units) }, generator: generator)
    }

    /// NumPy's streams that are entered by the offset.
    fileprivate func numPy(_ bits: NumPyGenerator.BitGenerator) -> CountedDraws {
        let generator = NumPyGenerator(bits, entropy: seed.entropy, isFloat32: parameters.drawType == .float32)
        return CountedDraws(
            from: offset.saturatingAdd(parameters.skip), length: { UInt64($0.units) },
            source: { DrawSource(generator: generator, offset: $0) })
    }

    /// TensorFlow's pair of seeds: pass k has s0 + k, dropout k s1 + k.
    fileprivate func pairs(
        _ generator: @escaping @Sendable ((Int64, Int64), DrawType) -> any MaskGenerator
    ) throws(DropoutError) -> KeyedDraws {
        let (pair, type) = try (seed.pair, parameters.drawType)
        return KeyedDraws(offset: offset) { place in
            generator((pair.0 &+ Int64(place.pass), pair.1 &+ Int64(place.draw)), type)
        }
    }

    /// Keras' state: dropout k has seed + k, pass k is k calls later.
    fileprivate func layerSeeds(
        _ generator: @escaping @Sendable (_ seed: UInt32, _ call: UInt32) -> any MaskGenerator
    ) throws(DropoutError) -> KeyedDraws {
        let (seed, call) = try (seed.bits.lowWord, parameters.call)
        return KeyedDraws(offset: offset) { generator(seed &+ $0.draw32, call &+ $0.pass32) }
    }

    /// A key of JAX with the request's list folded in once; each draw folds in its place.
    fileprivate func folded<Key: MaskGenerator>(
        _ key: Key, _ fold: @escaping @Sendable (Key, UInt32) -> Key
    ) -> KeyedDraws {
        let key = parameters.foldIn.reduce(key, fold)
        return KeyedDraws(offset: offset) { $0.folds.reduce(key, fold) }
    }

    fileprivate var jaxSeed: JAXKey {
        get throws(DropoutError) { try JAXKey(seed: seed.signedBits, x64: parameters.x64) }
    }

    /// The threefry key of the request, its list folded in.
    fileprivate var jaxKey: JAXKey {
        get throws(DropoutError) {
            let key =
                if let words = try seed.key(ofWords: 2) {
                    JAXKey(high: words[0], low: words[1])
                } else { try jaxSeed }
            return key.foldingIn(parameters.foldIn)
        }
    }
}

extension DrawPlace {
    /// What a draw folds into a JAX key: pass and draw, so that no two draws have one key.
    fileprivate var folds: [UInt32] { (pass > 0 ? [pass32] : []) + (draw > 0 ? [1 << 31 | draw32] : []) }
}

extension DrawSchedule.Draw {
    /// Whether the rate alone decides, 0 or 1. PyTorch draws nothing then.
    fileprivate var isDecided: Bool { probability.rate <= 0 || probability.rate >= 1 }
}

extension Seed {
    fileprivate var signedBits: Int64 { get throws(DropoutError) { Int64(bitPattern: try bits) } }
}

extension UInt64 {
    fileprivate var lowWord: UInt32 { UInt32(truncatingIfNeeded: self) }
}
