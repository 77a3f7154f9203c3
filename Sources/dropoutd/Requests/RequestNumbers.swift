import Synchronization

/// Random numbers to name requests and spans by: unlike those of any other process, but no secret.
///
/// SplitMix64 over one counter for all threads, started by the system's generator; it asks the system once, not for each request.
struct RequestNumbers: RandomNumberGenerator {
    private static let counter = Atomic(UInt64.random(in: .min ... .max))

    mutating func next() -> UInt64 {
        var z = Self.counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
