/// Philox4x32-10: ten rounds that turn a 128-bit counter and a 64-bit key into four independent 32-bit words.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11; Random123.
package enum Philox4x32 {
    private static let multiplier0: UInt32 = 0xD251_1F53
    private static let multiplier1: UInt32 = 0xCD9E_8D57
    private static let weyl0: UInt32 = 0x9E37_79B9
    private static let weyl1: UInt32 = 0xBB67_AE85

    /// The four words of one counter.
    package static func block(key: SIMD2<UInt32>, counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
        var (key0, key1) = (key[0], key[1])
        var words = counter
        for round in 0..<10 {
            if round > 0 {
                key0 &+= weyl0
                key1 &+= weyl1
            }
            let product0 = multiplier0.multipliedFullWidth(by: words[0])
            let product1 = multiplier1.multipliedFullWidth(by: words[2])
            words = SIMD4(
                product1.high ^ words[1] ^ key0, product1.low, product0.high ^ words[3] ^ key1, product0.low)
        }
        return words
    }

    /// Eight counters at once, whose words 0 and 1 differ and whose words 2 and 3 are shared.
    ///
    /// Bit for bit the words of ``block(key:counter:)``, as four vectors: lane j of vector w is word w of counter j.
    static func blocks(
        key: SIMD2<UInt32>, low: SIMD8<UInt32>, high: SIMD8<UInt32>, word2: UInt32, word3: UInt32
    ) -> (SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>) {
        var (key0, key1) = (key[0], key[1])
        var (w0, w1) = (low, high)
        var (w2, w3) = (SIMD8<UInt32>(repeating: word2), SIMD8<UInt32>(repeating: word3))
        let wide0 = SIMD8<UInt64>(repeating: UInt64(multiplier0))
        let wide1 = SIMD8<UInt64>(repeating: UInt64(multiplier1))
        for round in 0..<10 {
            if round > 0 {
                key0 &+= weyl0
                key1 &+= weyl1
            }
            let product0 = SIMD8<UInt64>(truncatingIfNeeded: w0) &* wide0
            let product1 = SIMD8<UInt64>(truncatingIfNeeded: w2) &* wide1
            let (high0, high1) = (
                SIMD8<UInt32>(truncatingIfNeeded: product0 &>> 32), SIMD8<UInt32>(truncatingIfNeeded: product1 &>> 32)
            )
            (w0, w2) = (high1 ^ w1 ^ key0, high0 ^ w3 ^ key1)
            (w1, w3) = (
                SIMD8<UInt32>(truncatingIfNeeded: product1), SIMD8<UInt32>(truncatingIfNeeded: product0)
            )
        }
        return (w0, w1, w2, w3)
    }
}

extension Philox4x32 {
    /// Four words, word 0 first.
    package typealias Words = (UInt32, UInt32, UInt32, UInt32)

    /// Bit for bit the words of ``block(key:counter:)``, in scalar registers: several times faster where blocks are
    /// needed one by one, and open to vectorisation by the loop around it.
    @inline(__always)
    package static func words(_ counter: Words, key: (UInt32, UInt32)) -> Words {
        var (x0, x1, x2, x3) = counter
        var (key0, key1) = key
        var round = 0
        while round < 10 {
            let product0 = UInt64(x0) &* 0xD251_1F53
            let product1 = UInt64(x2) &* 0xCD9E_8D57
            x0 = product1.highHalf ^ x1 ^ key0
            x1 = product1.lowHalf
            x2 = product0.highHalf ^ x3 ^ key1
            x3 = product0.lowHalf
            key0 &+= 0x9E37_79B9
            key1 &+= 0xBB67_AE85
            round &+= 1
        }
        return (x0, x1, x2, x3)
    }
}
