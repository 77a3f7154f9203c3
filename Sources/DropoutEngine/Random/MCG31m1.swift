/// MCG31m1: x ← 1132489760 · x mod (2^31 - 1), the basic generator of that name in Intel's vector statistics library.
///
/// Source: L'Ecuyer, "Tables of linear congruential generators of different sizes and good lattice structure", 1999.
package struct MCG31m1: Sendable {
    private static let modulus: UInt64 = 0x7FFF_FFFF
    private static let multiplier: UInt64 = 1_132_489_760

    private var state: UInt64

    /// The seed modulo 2^31 - 1, 0 becoming 1.
    package init(seed: UInt32) {
        let reduced = UInt64(seed) % Self.modulus
        state = reduced == 0 ? 1 : reduced
    }

    /// The state, which is the first word, then a step.
    package mutating func next() -> UInt32 {
        let word = UInt32(state)
        state = state * Self.multiplier % Self.modulus
        return word
    }

    /// Skips `count` words in O(log count).
    package mutating func skip(_ count: UInt64) {
        var (power, rest) = (Self.multiplier, count)
        while rest > 0 {
            if rest & 1 == 1 { state = state * power % Self.modulus }
            power = power * power % Self.modulus
            rest >>= 1
        }
    }
}
