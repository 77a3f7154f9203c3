/// The SHA-1 digest of a byte string, for deriving keys as Flax does; nothing here relies on it for security.
///
/// Source: FIPS 180-4, sections 5.1.1, 5.3.1 and 6.1.2.
package enum SHA1 {
    /// The five words of the digest, most significant first.
    package static func digest(_ message: [UInt8]) -> (UInt32, UInt32, UInt32, UInt32, UInt32) {
        var padded = message
        padded.append(0x80)
        while padded.count % 64 != 56 { padded.append(0) }
        let bitCount = UInt64(message.count) &<< 3
        for byte in 0..<8 {
            padded.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * byte)))
        }

        var state: (UInt32, UInt32, UInt32, UInt32, UInt32) =
            (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0)
        var schedule = [UInt32](repeating: 0, count: 80)
        for start in stride(from: 0, to: padded.count, by: 64) {
            for t in 0..<16 {
                let at = start + 4 * t
                schedule[t] =
                    UInt32(padded[at]) << 24 | UInt32(padded[at + 1]) << 16
                    | UInt32(padded[at + 2]) << 8 | UInt32(padded[at + 3])
            }
            for t in 16..<80 {
                schedule[t] = rotated(
                    schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16], by: 1)
            }
            absorb(schedule, into: &state)
        }
        return state
    }

    private static func absorb(
        _ schedule: [UInt32], into state: inout (UInt32, UInt32, UInt32, UInt32, UInt32)
    ) {
        var (a, b, c, d, e) = state
        for (t, word) in schedule.enumerated() {
            let (mixed, constant): (UInt32, UInt32) =
                switch t {
                case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
                case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = rotated(a, by: 5) &+ mixed &+ e &+ constant &+ word
            (a, b, c, d, e) = (next, a, rotated(b, by: 30), c, d)
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
    }

    private static func rotated(_ word: UInt32, by count: UInt32) -> UInt32 {
        (word &<< count) | (word &>> (32 &- count))
    }
}
