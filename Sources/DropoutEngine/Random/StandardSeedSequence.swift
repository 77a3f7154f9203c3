/// C++'s `std::seed_seq`: few seeds spread over many words.
///
/// Source: ISO C++ [rand.util.seedseq].
package struct StandardSeedSequence: Sendable {
    private let seeds: [UInt32]

    package init(_ seeds: [UInt32]) { self.seeds = seeds }

    /// `seed_seq::generate`: `count` words.
    package func generate(_ count: Int) -> [UInt32] {
        guard count > 0 else { return [] }
        let lag =
            switch count {
            case 623...: 11
            case 68...: 7
            case 39...: 5
            case 7...: 3
            default: (count - 1) / 2
            }
        let near = (count - lag) / 2
        let far = near + lag
        let turns = max(seeds.count + 1, count)
        var words = [UInt32](repeating: 0x8B8B_8B8B, count: count)
        func place(_ index: Int) -> Int { index % count }
        for k in 0..<turns {
            let before = words[place(k + count - 1)]
            let mixed = 1_664_525 &* Self.folded(words[place(k)] ^ words[place(k + near)] ^ before)
            let seed = k == 0 ? UInt32(truncatingIfNeeded: seeds.count) : UInt32(truncatingIfNeeded: place(k))
            let sum = mixed &+ seed &+ (k > 0 && k <= seeds.count ? seeds[k - 1] : 0)
            words[place(k + near)] &+= mixed
            words[place(k + far)] &+= sum
            words[place(k)] = sum
        }
        for k in turns..<turns + count {
            let before = words[place(k + count - 1)]
            let mixed = 1_566_083_941 &* Self.folded(words[place(k)] &+ words[place(k + near)] &+ before)
            let difference = mixed &- UInt32(truncatingIfNeeded: place(k))
            words[place(k + near)] ^= mixed
            words[place(k + far)] ^= difference
            words[place(k)] = difference
        }
        return words
    }

    private static func folded(_ word: UInt32) -> UInt32 { word ^ (word &>> 27) }
}
