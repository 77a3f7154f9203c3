/// The choices that make a question: drawn from a seed, or read from the bytes of a fuzzer.
///
/// The same seed, or the same bytes, make the same choices in every run. After the last byte every choice is 0.
package struct Choices: Sendable {
    private enum Source: Sendable {
        case seed(UInt64)
        case bytes([UInt8], next: Int)
    }

    private var source: Source

    package init(seed: UInt64) { source = .seed(seed) }

    package init(bytes: some Sequence<UInt8>) { source = .bytes(Array(bytes), next: 0) }

    /// The next 64 bits: SplitMix64 of the seed, or the next eight bytes.
    package mutating func word() -> UInt64 {
        switch source {
        case .seed(let state):
            let next = state &+ 0x9E37_79B9_7F4A_7C15
            source = .seed(next)
            var word = (next ^ next >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        case .bytes: return natural(bytes: 8)
        }
    }

    /// A number from 0 to `bound` - 1; 0 if the bound is below 1.
    ///
    /// A seed gives a word for every choice, so that a question of another size has the same form. A fuzzer spends as few
    /// bytes as it can.
    package mutating func below(_ bound: Int) -> Int {
        switch source {
        case .seed:
            let word = word()
            return bound > 1 ? Int(word % UInt64(bound)) : 0
        case .bytes:
            guard bound > 1 else { return 0 }
            return Int(natural(bytes: bound <= 1 << 8 ? 1 : bound <= 1 << 16 ? 2 : 8) % UInt64(bound))
        }
    }

    private mutating func natural(bytes count: Int) -> UInt64 {
        guard case .bytes(let bytes, let next) = source else { return 0 }
        var word: UInt64 = 0
        for index in next..<next + count { word = word << 8 | UInt64(index < bytes.count ? bytes[index] : 0) }
        source = .bytes(bytes, next: min(next + count, bytes.count))
        return word
    }

    /// True in about `percent` of 100 cases. The choice 0 is false.
    package mutating func chance(_ percent: Int) -> Bool { below(100) >= 100 - percent }

    package mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

    /// A number from 1 to `most`, small ones as likely as large ones: the logarithm is uniform.
    package mutating func magnitude(_ most: Int) -> Int {
        let bits = below(Int.bitWidth - max(1, most).leadingZeroBitCount)
        return min(max(1, most), 1 << bits + below(1 << bits))
    }
}
