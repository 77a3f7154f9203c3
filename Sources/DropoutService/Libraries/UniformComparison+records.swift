import DropoutEngine

/// The comparisons of the records.
extension Generator {
    /// u < keep in one type.
    static func below(_ type: DrawType) -> Comparison { { _ in UniformComparison(.below, type) } }

    /// u >= rate in one type.
    static func from(_ type: DrawType) -> Comparison { { _ in UniformComparison(.from, type) } }

    /// The comparison in the type in which the uniforms are drawn.
    static func ofDrawType(_ rule: KeepRule) -> Comparison { { UniformComparison(rule, $0.drawType) } }

    /// u < keep in the type of JAX's probability. Keys other than threefry's draw in float32 alone.
    static let belowOfRateType: Comparison = {
        UniformComparison(.below, $0.keyType == .threefry2x32 ? $0.rateType : .float32)
    }
}

extension Randomness {
    /// How a draw's uniform numbers are compared with its probability. Nil if the generator compares none.
    func comparison(of draw: DrawSchedule.Draw) -> UniformComparison? {
        let parameters = draw.parameters ?? parameters
        guard let comparison = generator.comparison?(parameters) else { return nil }
        // Where nothing is drawn, no number may decide otherwise: u >= 0 keeps all, and u >= 1 none.
        if decides(draw) { return UniformComparison(.from, .float64) }
        let alpha = draw.variant == .alpha ? generator.alphaUniforms : nil
        let rule = alpha == nil ? parameters.keepWhen : .from
        guard rule != .below, let uniforms = alpha ?? generator.uniforms else { return comparison }
        return UniformComparison(rule, uniforms.comparison(parameters).type)
    }
}

extension Question {
    /// Notes `uniforms` among the parts of an answer whose generator has none.
    func checkUniforms(_ include: Set<String>, _ generator: Generator) {
        guard include.contains(DrawnUniforms.name), generator.comparison == nil else { return }
        wrong(
            "include",
            "\(generator.name) has no `\(DrawnUniforms.name)`: its library makes masks without uniform numbers that are "
                + "compared with the probability")
    }
}
