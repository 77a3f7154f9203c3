package import TextCodecs

/// The floating-point type in which a library draws its uniforms and holds the probability it compares them with.
package enum DrawType: String, Sendable, Hashable, CaseIterable {
    case float64, float32, float16, bfloat16

    /// The type of tensors of 16 bits.
    package init(_ half: HalfType) { self = half == .float16 ? .float16 : .bfloat16 }

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

    /// The integer that a uniform K · 2^-bits is compared with: ceil(p · 2^bits), exactly, p being `probability` rounded to
    /// the type.
    ///
    ///     K · 2^-bits <  p  exactly if K <  threshold
    ///     K · 2^-bits >= p  exactly if K >= threshold
    ///
    /// Example: keep 0.8 and 24 bits in float32. The nearest float32 of 0.8 is 13421773 · 2^-24, so the threshold is
    /// 13421773 and the largest kept K is 13421772.
    ///
    /// - Parameters:
    ///   - probability: in 0...1, as ``KeepProbability`` holds it.
    ///   - bits: at most 63.
    func threshold(_ probability: Double, bits: Int) -> UInt64 {
        UInt64((rounded(probability) * Double(sign: .plus, exponent: bits, significand: 1)).rounded(.up))
    }
}
