package import Stopping

/// A threefry key of JAX, two 32-bit words: `jax.random.key(seed)` and what is derived from it.
///
/// Source: jax-ml/jax `jax/_src/random/threefry2x32.py`, `prng.py` (0.10.2).
package struct JAXKey: Sendable, Hashable {
    /// `jax.random.key_data(key)[0]`.
    package let high: UInt32

    /// `jax.random.key_data(key)[1]`.
    package let low: UInt32

    /// The key with this data: `jax.random.wrap_key_data([high, low])`.
    package init(high: UInt32, low: UInt32) {
        self.high = high
        self.low = low
    }

    /// `jax.random.key(seed)`: the upper and the lower half of the seed, in two's complement.
    ///
    /// Edge cases: without `x64`, JAX's default, the seed is cut to 32 bits: s and s + 2^32 give one key, and -1
    ///   gives that of 2^32 - 1.
    package init(seed: Int64, x64: Bool = false) {
        let bits = UInt64(bitPattern: seed)
        self.init(high: x64 ? bits.highHalf : 0, low: bits.lowHalf)
    }

    /// `jax.random.fold_in(key, data)`: the block of counter (0, data).
    package func foldingIn(_ data: UInt32) -> JAXKey {
        let (high, low) = Threefry2x32.block((0, data), key: words)
        return JAXKey(high: high, low: low)
    }

    /// Folds in each number in turn.
    package func foldingIn(_ list: [UInt32]) -> JAXKey {
        list.reduce(self) { key, data in key.foldingIn(data) }
    }

    var words: (UInt32, UInt32) { (high, low) }
}

/// How `jax.random.bernoulli` turns random bits into "kept", for one type of the probability.
///
/// It draws as many bits as the type has (bfloat16: only 8), puts the *top* ones of them into the significand of a
/// number in [1, 2), subtracts 1, and keeps where that uniform < p, strictly:
///
/// | type of p | bits drawn | of them used, from the top |
/// | --- | --- | --- |
/// | float32 | 32 | 23 |
/// | float64 | 64 | 52 |
/// | float16 | 16 | 10 |
/// | bfloat16 | 8 | 7 |
///
/// `p` is the probability to keep, 1 - rate taken in double and then rounded to the type. In integers:
/// `K · 2^-used < p` exactly where `K < ceil(p · 2^used)`.
///
/// Source: jax-ml/jax `jax/_src/random/core.py`, `_uniform` and `_bernoulli` (0.10.2).
struct JAXUniform {
    /// The number of bits drawn for an element: 8, 16, 32 or 64.
    let width: Int
    private let mask: UInt64
    private let unused: UInt64
    private let threshold: UInt64

    init(_ type: DrawType, probability: KeepProbability) {
        let used = type.significandBits
        self.width =
            switch type {
            case .float64: 64
            case .float32: 32
            case .float16: 16
            case .bfloat16: 8
            }
        self.mask = UInt64.max >> UInt64(64 - width)
        self.unused = UInt64(width - used)
        self.threshold = ProbabilityThreshold.ceiling(of: type.rounded(probability.keep), bits: used)
    }

    /// Whether the element is kept whose bits are the lowest `width` of `word`, for a width below 64.
    @inline(__always)
    func keeps(_ word: UInt32) -> Bool {
        (word & mask.lowHalf) &>> unused.lowHalf < threshold.lowHalf
    }

    /// Whether the element is kept whose bits are the lowest `width` of `bits`.
    @inline(__always)
    func keeps(_ bits: UInt64) -> Bool { (bits & mask) &>> unused < threshold }
}

/// `jax`: `jax.random.bernoulli(key, keep, shape)` as JAX draws today, `jax_threefry_partitionable=True`.
///
/// Bits: element i is Threefry-2x32's block of counter (high word of i, low word of i) under the key. Up to 32 bits:
///   the lowest of the two output words' xor. 64 bits: word 0 is the upper half, word 1 the lower.
/// Comparison: ``JAXUniform``, kept where u < keep.
/// Scaling (Flax, Keras): x · fl32(1 / fl32(1 - rate)) on XLA's CPU, which replaces the division by a product.
/// Offset: O(1); the mask depends on each element's index alone, so a longer mask starts with the shorter one.
/// Source: jax-ml/jax `jax/_src/random/threefry2x32.py`, `_threefry_random_bits_partitionable` (0.10.2). Default
///   since 0.5.0.
package struct JAXPartitionable: MaskGenerator {
    package let key: JAXKey

    /// The type of the probability: float32 for a Python float, float64 for one in x64 mode.
    package let rateType: DrawType

    package init(key: JAXKey, rateType: DrawType = .float32) {
        self.key = key
        self.rateType = rateType
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(rateType, probability: probability)
        let words = key.words
        guard uniform.width == 64 else {
            return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
                let (a, b) = Threefry2x32.block((high, low), key: words)
                return uniform.keeps(a ^ b)
            }
        }
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
            let (a, b) = Threefry2x32.block((high, low), key: words)
            return uniform.keeps(UInt64(highHalf: a, lowHalf: b))
        }
    }
}

/// `jax-original`: `jax.random.bernoulli(key, keep, shape)` in JAX's former layout,
/// `jax_threefry_partitionable=False`.
///
/// Bits: ``ThreefryHalves`` of as many 32-bit words as the bits need, padded with the count 0. 32 bits: word i. 64
///   bits: word i is the upper half and word n + i the lower. 16 and 8 bits: two or four elements a word, lowest bits
///   first.
/// Comparison: ``JAXUniform``, kept where u < keep.
/// Scaling: as ``JAXPartitionable``.
/// Offset: none but 0; element i depends on the element count.
/// Source: jax-ml/jax `jax/_src/random/threefry2x32.py`, `_threefry_random_bits_original` (0.10.2). Default before
///   0.5.0.
package struct JAXOriginal: MaskGenerator {
    package let key: JAXKey

    /// The type of the probability: float32 for a Python float, float64 for one in x64 mode.
    package let rateType: DrawType

    package init(key: JAXKey, rateType: DrawType = .float32) {
        self.key = key
        self.rateType = rateType
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard offset == 0 else { throw .offsetUnsupported }
        let count = shape.count
        let uniform = JAXUniform(rateType, probability: probability)
        let words = key.words
        guard uniform.width < 64 else {
            // 2n words: block i hashes (i, n + i) and holds both halves of element i.
            return try [UInt8](count: count, offset: 0, stop: stop) { _, element in
                let partner = element &+ UInt32(truncatingIfNeeded: count)
                let (upper, lower) = Threefry2x32.block((element, partner), key: words)
                return uniform.keeps(UInt64(highHalf: upper, lowHalf: lower))
            }
        }
        let perWord = 32 / uniform.width
        let wordCount = count / perWord + (count % perWord == 0 ? 0 : 1)
        var mask = [UInt8](repeating: 0, count: count)
        try mask.withUnsafeMutableBufferPointer { (mask) throws(DropoutError) in
            let halves = ThreefryHalves(key: words, count: wordCount, padding: 0)
            guard perWord > 1 else {
                try halves.forEachWord(stop: stop) { index, word in mask[index] = uniform.keeps(word) ? 1 : 0 }
                return
            }
            try halves.forEachWord(stop: stop) { index, word in
                var element = index * perWord
                let end = min(element + perWord, count)
                var bits = word
                while element < end {
                    mask[element] = uniform.keeps(bits) ? 1 : 0
                    bits &>>= UInt32(truncatingIfNeeded: uniform.width)
                    element &+= 1
                }
            }
        }
        return mask
    }
}

/// `jax-rbg`: `jax.random.bernoulli(jax.random.key(seed, impl='rbg'), keep, shape)` on XLA's CPU, float32
/// probability.
///
/// Key: the threefry key twice, [hi, lo, hi, lo], which XLA reads as two little-endian 64-bit numbers k0 and k1.
/// Bits: XLA's Philox4x32-10 with key k0 and the state reversed as 128-bit counter (low k1, high k0), blocks counted
///   up; element i is word i.
/// Comparison: top 23 bits, kept where u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1). Edge cases: JAX promises these bits for one backend only; the CPU's are drawn here.
/// Source: jax-ml/jax `jax/_src/random/rbg.py` (0.10.2); openxla/xla `xla/hlo/builder/lib/prng.cc`.
package struct JAXRBG: MaskGenerator {
    private let halves: (JAXKey, JAXKey)

    package init(key: JAXKey) { self.halves = (key, key) }

    /// - Parameter keyData: the two halves of `jax.random.key_data(key)`.
    package init(keyData halves: (JAXKey, JAXKey)) { self.halves = halves }

    /// `jax.random.fold_in(key, data)`: threefry's, half by half.
    package func foldingIn(_ data: UInt32) -> JAXRBG {
        JAXRBG(keyData: (halves.0.foldingIn(data), halves.1.foldingIn(data)))
    }

    private var stream: PhiloxWordStream {
        PhiloxWordStream(
            key: halves.0.words, counterLow: UInt64(highHalf: halves.1.low, lowHalf: halves.1.high),
            counterHigh: UInt64(highHalf: halves.0.low, lowHalf: halves.0.high))
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return try stream.maskOfWords(count: shape.count, offset: offset, stop: stop) { word in uniform.keeps(word) }
    }
}

/// `jax-philox4x32`: `jax.random.bernoulli(jax.random.key(seed, impl='philox4x32'), keep, shape)`, float32
/// probability.
///
/// Key: the first two words of Philox4x32-10's block of counter [hi, lo, 0, 0] under key 0, hi and lo being the
///   seed's halves.
/// Bits: element i is the xor of the four words of the block of counter [high word of i, low word of i, 0, 0].
/// Comparison: top 23 bits, kept where u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1).
/// Source: jax-ml/jax `jax/_src/random/philox4x32.py` (0.10.2).
package struct JAXPhilox4x32: MaskGenerator {
    private let key: (UInt32, UInt32)

    /// - Parameter seed: the halves of the seed as ``JAXKey`` cuts it.
    package init(seed: JAXKey) {
        let words = Philox4x32.block((seed.high, seed.low, 0, 0), key: (0, 0))
        self.init(key: (words.0, words.1))
    }

    /// - Parameter key: `jax.random.key_data(key)`.
    package init(key: (UInt32, UInt32)) { self.key = key }

    /// `jax.random.fold_in(key, data)`: the first two words of the block of counter [0, 0, 0, data].
    package func foldingIn(_ data: UInt32) -> JAXPhilox4x32 {
        let words = Philox4x32.block((0, 0, 0, data), key: key)
        return JAXPhilox4x32(key: (words.0, words.1))
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
            let words = Philox4x32.block((high, low, 0, 0), key: key)
            return uniform.keeps(words.0 ^ words.1 ^ words.2 ^ words.3)
        }
    }
}

/// `jax-philox2x32`: `jax.random.bernoulli(jax.random.key(seed, impl='philox2x32'), keep, shape)`, float32
/// probability.
///
/// Key: the first word of Philox2x32-10's block of counter [hi, lo] under key 0, hi and lo being the seed's halves.
/// Bits: element i is the xor of the two words of the block of counter [high word of i, low word of i].
/// Comparison: top 23 bits, kept where u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1).
/// Source: jax-ml/jax `jax/_src/random/philox2x32.py` (0.10.2).
package struct JAXPhilox2x32: MaskGenerator {
    private let key: UInt32

    /// - Parameter seed: the halves of the seed as ``JAXKey`` cuts it.
    package init(seed: JAXKey) {
        self.init(key: Philox2x32.block(seed.words, key: 0).0)
    }

    /// - Parameter key: `jax.random.key_data(key)`.
    package init(key: UInt32) { self.key = key }

    /// `jax.random.fold_in(key, data)`: the first word of the block of counter [0, data].
    package func foldingIn(_ data: UInt32) -> JAXPhilox2x32 {
        JAXPhilox2x32(key: Philox2x32.block((0, data), key: key).0)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
            let (a, b) = Philox2x32.block((high, low), key: key)
            return uniform.keeps(a ^ b)
        }
    }
}

/// `jax-threefry4x32`: `jax.random.bernoulli(jax.random.key(seed, impl='threefry4x32'), keep, shape)`, float32
/// probability.
///
/// Key: Threefry-4x32's block of counter 0 under the key [hi, lo, 0, 0], hi and lo being the seed's halves.
/// Bits: element i is the xor of the four words of the block of counter [high word of i, low word of i, 0, 0].
/// Comparison: top 23 bits, kept where u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1).
/// Source: jax-ml/jax `jax/_src/random/threefry4x32.py` (0.10.2).
package struct JAXThreefry4x32: MaskGenerator {
    private let key: Threefry4x32.Words

    /// - Parameter seed: the halves of the seed as ``JAXKey`` cuts it.
    package init(seed: JAXKey) {
        self.init(key: Threefry4x32.block((0, 0, 0, 0), key: (seed.high, seed.low, 0, 0)))
    }

    /// - Parameter key: `jax.random.key_data(key)`.
    package init(key: (UInt32, UInt32, UInt32, UInt32)) { self.key = key }

    /// `jax.random.fold_in(key, data)`: the block of counter [0, 0, 0, data].
    package func foldingIn(_ data: UInt32) -> JAXThreefry4x32 {
        JAXThreefry4x32(key: Threefry4x32.block((0, 0, 0, data), key: key))
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
            let words = Threefry4x32.block((high, low, 0, 0), key: key)
            return uniform.keeps(words.0 ^ words.1 ^ words.2 ^ words.3)
        }
    }
}
