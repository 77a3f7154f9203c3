/// PCG64 (XSL-RR 128/64): a 128-bit linear congruential state whose 64-bit output is permuted.
///
/// Source: O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms", HMC-CS-2014-0905; the
/// jump is Brown's, "Random number generation with arbitrary strides", 1994.
package struct PCG64: Sendable {
    private static let multiplier = UInt128(0x2360_ED05_1FC6_5DA4) << 64 | UInt128(0x4385_DF64_9FCC_F645)

    private var state: UInt128
    private let increment: UInt128

    /// - Parameter words: four words; the first two are the state's upper and lower half, the others the sequence's.
    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        increment = (UInt128(words.2) << 64 | UInt128(words.3)) << 1 | 1
        state = increment &+ (UInt128(words.0) << 64 | UInt128(words.1))
        step()
    }

    /// The generator in a state, as NumPy prints it.
    ///
    /// - Parameter increment: odd.
    package init(state: UInt128, increment: UInt128) { (self.state, self.increment) = (state, increment) }

    private mutating func step() { state = state &* Self.multiplier &+ increment }

    /// The next word: a step, then the permuted state.
    package mutating func next() -> UInt64 {
        step()
        let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
        let rotation = UInt64(truncatingIfNeeded: state >> 122)
        return folded &>> rotation | folded &<< (64 &- rotation)
    }

    /// Skips `count` words in O(log count).
    package mutating func skip(_ count: UInt64) {
        var (factor, offset): (UInt128, UInt128) = (1, 0)
        var (power, sum) = (Self.multiplier, increment)
        var rest = count
        while rest > 0 {
            if rest & 1 == 1 {
                factor = factor &* power
                offset = offset &* power &+ sum
            }
            sum = (power &+ 1) &* sum
            power = power &* power
            rest >>= 1
        }
        state = factor &* state &+ offset
    }
}
