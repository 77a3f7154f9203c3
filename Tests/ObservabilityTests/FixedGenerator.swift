/// SplitMix64, for draws that a test can foretell.
struct FixedGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

/// Zeros first, as a generator may well draw them.
struct ZerosFirst: RandomNumberGenerator {
    private var count = 0

    mutating func next() -> UInt64 {
        count += 1
        return count <= 2 ? 0 : UInt64(count)
    }
}
