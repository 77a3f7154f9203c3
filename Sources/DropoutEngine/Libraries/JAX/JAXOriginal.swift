package import Stopping

/// `jax-original`: `jax.random.bernoulli(key, keep, shape)` in JAX's former layout,
/// `jax_threefry_partitionable=False`.
///
/// Bits: ``ThreefryHalves`` of as many 32-bit words as the bits need, padded with the count 0. 32 bits: word i. 64
///   bits: word i is the upper half and word n + i the lower. 16 and 8 bits: two or four elements a word, lowest bits
///   first.
/// Comparison: ``JAXUniform``, kept if u < keep.
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
