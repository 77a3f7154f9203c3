/// Philox-4x32 with 10 rounds: ``Philox2x32`` over four words, two products a round.
package enum Philox4x32: CounterBasedGenerator {
    package typealias Words = (UInt32, UInt32, UInt32, UInt32)

    /// A loop over counters is vectorised.
    @inline(__always)
    package static func block(_ counter: Words, key: (UInt32, UInt32)) -> Words {
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
