/// minstd_rand0: x ← 16807 · x mod (2^31 - 1), the default engine of GNU's C++ library.
///
/// Source: Lewis, Goodman and Miller 1969; ISO C++ [rand.predef].
package struct Minstd: Sendable {
    private static let modulus: UInt64 = 0x7FFF_FFFF
    private static let multiplier: UInt64 = 16807

    private var state: UInt64

    /// The seed modulo 2^31 - 1, 0 becoming 1.
    package init(seed: UInt64) {
        let reduced = seed % Self.modulus
        state = reduced == 0 ? 1 : reduced
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

    /// The next word as C++'s `std::uniform_real_distribution<float>` turns it into a number in [0, 1).
    ///
    ///     u = fl32(x - 1) / 2^31, which may round up to 1 and is then the float32 below
    @inline(__always)
    mutating func nextUniform() -> Float { min(Float(next() - 1) / 0x1p31, Float(1).nextDown) }

    /// A step, then the state: 1...2^31 - 2.
    package mutating func next() -> UInt32 {
        state = state * Self.multiplier % Self.modulus
        return UInt32(state)
    }
}
