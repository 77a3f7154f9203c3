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
        let uniform = JAXUniform(rateType, probability: probability)
        return try values(shape.count, width: uniform.width, stop, ofWord: { uniform.keeps($0) ? 1 : 0 }) { bits in
            uniform.keeps(bits) ? 1 : 0
        }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        guard offset == 0 else { throw .offsetUnsupported }
        let uniform = JAXUniform(rateType)
        return try values(shape.count, width: uniform.width, stop, ofWord: { uniform.number(UInt64($0)) }) { bits in
            uniform.number(bits)
        }
    }

    /// A value of the lowest `width` bits of a word for each element, and for 64 bits of two words.
    @inline(__always)
    private func values<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ count: Int, width: Int, _ stop: StopFlag, ofWord value: (UInt32) -> Value, ofPair wideValue: (UInt64) -> Value
    ) throws(DropoutError) -> [Value] {
        let words = key.words
        guard width < 64 else {
            // 2n words: block i hashes (i, n + i) and holds both halves of element i.
            return try [Value](valuesOf: count, offset: 0, stop: stop) { _, element in
                let partner = element &+ UInt32(truncatingIfNeeded: count)
                let (upper, lower) = Threefry2x32.block((element, partner), key: words)
                return wideValue(UInt64(highHalf: upper, lowHalf: lower))
            }
        }
        let perWord = 32 / width
        let wordCount = count / perWord + (count % perWord == 0 ? 0 : 1)
        var values = [Value](repeating: 0, count: count)
        try values.withUnsafeMutableBufferPointer { values throws(DropoutError) in
            let halves = ThreefryHalves(key: words, count: wordCount, padding: 0)
            guard perWord > 1 else {
                try halves.forEachWord(stop: stop) { index, word in values[index] = value(word) }
                return
            }
            try halves.forEachWord(stop: stop) { index, word in
                var element = index * perWord
                let end = min(element + perWord, count)
                var bits = word
                while element < end {
                    values[element] = value(bits)
                    bits &>>= UInt32(truncatingIfNeeded: width)
                    element &+= 1
                }
            }
        }
        return values
    }
}
