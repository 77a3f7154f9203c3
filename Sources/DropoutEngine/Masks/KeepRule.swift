package import Stopping

/// The comparison of a uniform u with a probability, as a program makes it.
package enum KeepRule: String, Sendable, CaseIterable {
    /// Kept if u < keep.
    case below
    /// Kept if u > rate.
    case above
    /// Kept if u >= rate.
    case from
}

/// A generator that keeps if u < keep, under another rule: `rand(*shape) > rate` and `rand(*shape) >= rate`.
///
/// The uniforms are K · 2^-bits. The rate is rounded to their type. K is not below floor(rate · 2^bits) + 1 if u > rate, and
/// not below ceil(rate · 2^bits) where u >= rate.
///
/// Edge cases: at rate 0 a uniform of 0 is dropped by `above`, as `0 > 0` is false. At rate 1 both rules keep none.
package struct ComparedGenerator: MaskGenerator {
    private let base: any MaskGenerator
    private let rule: KeepRule
    private let bits: Int
    private let type: DrawType

    /// - Parameters:
    ///   - base: keeps if K < ceil(keep · 2^bits), keep rounded to `type`.
    ///   - bits: at most 53.
    package init(_ base: any MaskGenerator, _ rule: KeepRule, bits: Int, type: DrawType) {
        (self.base, self.rule, self.bits, self.type) = (base, rule, bits, type)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        if rule == .below { return try base.kept(shape, probability: probability, offset: offset, stop: stop) }
        let scale = Double(sign: .plus, exponent: bits, significand: 1)
        let rate = type.rounded(probability.rate) * scale
        let dropped = min(rule == .above ? rate.rounded(.down) + 1 : rate.rounded(.up), scale)
        var mask = try base.kept(
            shape, probability: try KeepProbability(keep: dropped / scale), offset: offset, stop: stop)
        for block in Blocks(0..<mask.count) {
            try stop.ask()
            for index in block { mask[index] ^= 1 }
        }
        return mask
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        try base.drawnUniforms(shape, offset: offset, stop: stop)
    }
}
