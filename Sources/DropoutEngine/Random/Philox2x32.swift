/// Philox-2x32 with 10 rounds: a keyed bijection of 64-bit counters by wide multiplication.
///
///     (x0, x1) <- (high(x0 · 0xD256D193) ^ x1 ^ key, low(x0 · 0xD256D193)); key <- key + 0x9E3779B9 between rounds
package enum Philox2x32: CounterBasedGenerator {
    @inline(__always)
    package static func block(_ counter: (UInt32, UInt32), key: UInt32) -> (UInt32, UInt32) {
        var (x0, x1) = (UInt64(counter.0), UInt64(counter.1))
        var key = key
        var round = 0
        while round < 10 {
            let product = (x0 & 0xFFFF_FFFF) &* 0xD256_D193
            x0 = product &>> 32 ^ x1 ^ UInt64(key)
            x1 = product
            key &+= 0x9E37_79B9
            round &+= 1
        }
        return (x0.lowHalf, x1.lowHalf)
    }
}
