/// The floating-point type in which a library draws its uniforms and holds the probability it compares them with.
package enum DrawType: String, Sendable, Hashable, CaseIterable {
    case float64, float32, float16, bfloat16

    /// The number of stored significand bits, which is the number of random bits in a uniform of the type.
    package var significandBits: Int {
        switch self {
        case .float64: 52
        case .float32: 23
        case .float16: 10
        case .bfloat16: 7
        }
    }

    /// `probability` rounded to the type, to nearest and ties to even; bfloat16 by way of float32, as libraries do.
    func rounded(_ probability: Double) -> Double {
        switch self {
        case .float64: return probability
        case .float32: return Double(Float(probability))
        case .float16: return Double(Float16(probability))
        case .bfloat16:
            let bits = Float(probability).bitPattern
            let halfway: UInt32 = 0x7FFF &+ ((bits &>> 16) & 1)
            return Double(Float(bitPattern: (bits &+ halfway) & 0xFFFF_0000))
        }
    }
}

/// The integer that stands for a probability in a comparison with uniforms of the form K · 2^-bits.
enum ProbabilityThreshold {
    /// ceil(probability · 2^bits), exactly: `K · 2^-bits < probability` where K is below it, and `>=` where it is
    /// not.
    ///
    /// `probability` is in 0...1, as ``KeepProbability`` holds it, and `bits` at most 63.
    static func ceiling(of probability: Double, bits: Int) -> UInt64 {
        UInt64((probability * Double(sign: .plus, exponent: bits, significand: 1)).rounded(.up))
    }
}
