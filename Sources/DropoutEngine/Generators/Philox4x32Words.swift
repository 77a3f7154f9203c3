extension Philox4x32 {
    /// Four words, word 0 first.
    typealias Words = (UInt32, UInt32, UInt32, UInt32)

    /// The four words of one counter, as tuples.
    @inline(__always)
    static func words(_ counter: Words, key: (UInt32, UInt32)) -> Words {
        let words = block(
            key: SIMD2(key.0, key.1), counter: SIMD4(counter.0, counter.1, counter.2, counter.3))
        return (words[0], words[1], words[2], words[3])
    }
}
