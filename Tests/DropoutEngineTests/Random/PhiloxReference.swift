import DropoutEngine

/// Philox4x32-10 and the masks drawn from it, one word at a time, straight from the paper and the contract.
enum PhiloxReference {
    /// Ten rounds; the key is raised between two rounds.
    static func block(_ counter: [UInt32], key: [UInt32]) -> [UInt32] {
        var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
        var (k0, k1) = (key[0], key[1])
        var round = 1
        while round <= 10 {
            let (a, b) = (UInt64(c0) &* 0xd251_1f53, UInt64(c2) &* 0xcd9e_8d57)
            c0 = UInt32(b &>> 32) ^ c1 ^ k0
            c2 = UInt32(a &>> 32) ^ c3 ^ k1
            c1 = UInt32(b & 0xffff_ffff)
            c3 = UInt32(a & 0xffff_ffff)
            k0 = k0 &+ 0x9e37_79b9
            k1 = k1 &+ 0xbb67_ae85
            round &+= 1
        }
        return [c0, c1, c2, c3]
    }

    /// key = (low, high words of seed), counter = (low, high words of floor(i/4), stream, step), word i mod 4.
    static func word(_ i: UInt64, seed: UInt64, step: UInt32, stream: UInt32) -> UInt32 {
        let quarter = i / 4
        let counter = [UInt32(quarter & 0xffff_ffff), UInt32(quarter >> 32), stream, step]
        return block(counter, key: [UInt32(seed & 0xffff_ffff), UInt32(seed >> 32)])[Int(i % 4)]
    }

    /// Kept where word / 2^32 < keep: no whole number lies between keep · 2^32 and its ceiling.
    static func kept(
        _ count: Int, keep: Double, seed: UInt64, step: UInt32 = 0, stream: UInt32 = 0, offset: UInt64 = 0
    ) -> [UInt8] {
        (0..<count).map { i in
            let word = word(offset + UInt64(i), seed: seed, step: step, stream: stream)
            return Double(word) * 0x1p-32 < keep ? 1 : 0
        }
    }
}

extension PhiloxGenerator {
    /// The word of unit `i`, by the reference.
    func word(at i: UInt64) -> UInt32 { PhiloxReference.word(i, seed: seed, step: step, stream: stream) }
}
