import DropoutEngine
import Stopping
import Testing

// The generators as a library's program starts them: a seed, and what was drawn before. The service enters each stream by
// itself and hands the generators a stream that is in its place.

extension MaskGenerator {
    /// A draw that nobody stops.
    func kept(_ shape: Shape, probability: KeepProbability, offset: UInt64) throws(DropoutError) -> [UInt8] {
        try kept(shape, probability: probability, offset: offset, stop: .never)
    }
}

extension MT19937 {
    /// The stream of a seed, from the word after `words` words on.
    init(seed: UInt64, after words: UInt128 = 0) {
        self.init(seed: UInt32(truncatingIfNeeded: seed))
        do {
            try advance(byWide: words, stop: .never)
        } catch {
            Issue.record(error)
        }
    }
}

extension NumPyLegacy {
    /// - Parameter skip: uniforms drawn before.
    init(seed: UInt32, skip: UInt64 = 0) { self.init(words: MT19937(seed: UInt64(seed), after: 2 * UInt128(skip))) }
}

extension NumPyLegacyBinomial {
    /// - Parameter skip: doubles drawn before.
    init(seed: UInt32, skip: UInt64 = 0) { self.init(words: MT19937(seed: UInt64(seed), after: 2 * UInt128(skip))) }
}

extension ONNXReference {
    init(seed: UInt32) { self.init(words: MT19937(seed: seed)) }
}

extension TorchCPU {
    /// - Parameter skip: words drawn before.
    init(seed: UInt64, skip: UInt64 = 0) { self.init(words: MT19937(seed: seed, after: UInt128(skip))) }
}

extension TorchCPUMKL {
    /// - Parameter skip: words drawn before.
    init(seed: UInt64, skip: UInt64 = 0) { self.init(words: MT19937(seed: seed, after: UInt128(skip))) }
}

extension TorchCompile {
    /// - Parameter skip: words drawn before.
    init(seed: UInt64, skip: UInt64 = 0, type: DrawType = .float32) {
        self.init(words: MT19937(seed: seed, after: UInt128(skip)), type: type)
    }
}

extension Paddle {
    /// - Parameter skip: words drawn before.
    init(seed: UInt64, skip: UInt64 = 0) {
        var words = MT19937_64(StandardSeedSequence([UInt32(truncatingIfNeeded: seed)]))
        do {
            try words.advance(by: skip, stop: .never)
        } catch {
            Issue.record(error)
        }
        self.init(words: words)
    }
}

extension MLXDropout {
    /// - Parameter call: draws made before.
    init(seed: UInt64, call: UInt32) {
        var keys = MLXKeys(seed: seed)
        do {
            try keys.advance(by: UInt64(call), stop: .never)
        } catch {
            Issue.record(error)
        }
        self.init(keys)
    }
}

extension TFDropout {
    /// - Parameters:
    ///   - opSeed: nil for an eager call without an op seed.
    ///   - calls: the earlier calls: with this op seed, or without one since `set_seed`.
    init(graphSeed: Int64, opSeed: Int64?, calls: UInt32, type: DrawType) {
        if let opSeed {
            self.init(graphSeed: graphSeed, opSeed: opSeed, call: calls, type: type)
            return
        }
        let magnitude = graphSeed.magnitude
        let words = [UInt32(truncatingIfNeeded: magnitude), UInt32(magnitude >> 32)]
        var opSeeds = TFOpSeeds(magnitude: words[1] == 0 ? [words[0]] : words)
        do {
            try opSeeds.advance(by: UInt64(calls), stop: .never)
        } catch {
            Issue.record(error)
        }
        self.init(graphSeed: graphSeed, opSeeds: opSeeds, type: type)
    }
}

extension Flax {
    static func linen(key: JAXKey, path: [String], call: UInt32) -> JAXPartitionable {
        var hash = SHA1()
        for name in path { hash.absorb(name.utf8) }
        return JAXPartitionable(key: key.foldingIn(linenData(path: hash, call: call)))
    }

    static func nnx(key: JAXKey, drawsBeforeFork: UInt32, call: UInt32) -> JAXPartitionable {
        JAXPartitionable(key: key.foldingIn(drawsBeforeFork).foldingIn(call))
    }
}

extension Keras {
    static func jax(seed: UInt32, call: UInt32) -> JAXPartitionable {
        JAXPartitionable(key: JAXKey(high: seed, low: call))
    }
}
