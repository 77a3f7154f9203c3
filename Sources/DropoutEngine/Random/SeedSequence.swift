/// NumPy's `SeedSequence`, which spreads any amount of entropy over the seed words that a generator needs.
///
/// Source: numpy/numpy `numpy/random/bit_generator.pyx` (2.4.6), after O'Neill's seed_seq_fe.
package struct SeedSequence: Sendable {
    private var pool: [UInt32]

    /// - Parameter entropy: the seeds as 32-bit words, each seed's lowest word first; 0 is one word 0.
    package init(entropy: [UInt32]) {
        var constant: UInt32 = 0x43B0_D7E5
        func hashed(_ word: UInt32) -> UInt32 {
            var value = word ^ constant
            constant &*= 0x931E_8875
            value &*= constant
            return value ^ (value &>> 16)
        }
        func mixed(_ x: UInt32, _ y: UInt32) -> UInt32 {
            let value = 0xCA01_F9DD &* x &- 0x4973_F715 &* y
            return value ^ (value &>> 16)
        }
        var pool = (0..<4).map { hashed($0 < entropy.count ? entropy[$0] : 0) }
        for source in 0..<4 {
            for target in 0..<4 where target != source { pool[target] = mixed(pool[target], hashed(pool[source])) }
        }
        for word in entropy.dropFirst(4) {
            for target in 0..<4 { pool[target] = mixed(pool[target], hashed(word)) }
        }
        self.pool = pool
    }

    /// The entropy of a list of seeds, each below 2^64.
    package static func words(_ seeds: [UInt64]) -> [UInt32] {
        seeds.flatMap { $0.highHalf == 0 ? [$0.lowHalf] : [$0.lowHalf, $0.highHalf] }
    }

    /// `generate_state(count, uint64)`.
    package func generate(_ count: Int) -> [UInt64] {
        var constant: UInt32 = 0x8B51_F9DD
        let words = (0..<2 * count).map { index in
            var value = pool[index % 4] ^ constant
            constant &*= 0x58F3_8DED
            value &*= constant
            return value ^ (value &>> 16)
        }
        return (0..<count).map { UInt64(words[2 * $0]) | UInt64(words[2 * $0 + 1]) << 32 }
    }
}
