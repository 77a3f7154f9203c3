import DropoutEngine
import Stopping
import TensorJSON

/// One variant of dropout: its fields, what it draws, what it does with what is drawn, and what that costs.
///
/// Each variant has its record in a file of its own. Its rule, its backward pass and its moments are in
/// `DropoutEngine/Variants`. Nothing else asks for a variant's name.
final class VariantRecord: Sendable {
    /// What is computed once for all passes, if the operation takes a computation.
    typealias Preparation =
        @Sendable (KeepProbability, VariantFields, StopFlag) throws(DropoutError) -> LayerDropout.Operation

    /// The factor of each uniform.
    typealias Factors =
        @Sendable ([Double], KeepProbability, VariantFields, StopFlag) throws(DropoutError) -> [Double]

    /// The law of the factors, by which a foreign output is judged.
    typealias Law = @Sendable (KeepProbability, VariantFields) throws(DropoutError) -> NoiseLaw

    let variant: DropoutVariant
    /// Whether it is what a question without `variant` asks for. An answer does not name it then.
    let isDefault: Bool
    /// The fields that the variant has besides the probability and what is dropped as one.
    let fields: [String]
    /// A field without which the variant means nothing, and why.
    let required: (field: String, reason: String)?
    /// The granularities that the variant may have, the default first. None if the variant's own rule says what is shared.
    let granularities: [Granularity]
    /// Whether a noise shape says what is drawn. Drop block draws anchors, which are not the elements.
    let hasNoiseShape: Bool
    /// Whether `scheme: classic` has a meaning.
    let knowsClassic: Bool
    /// Whether the weights are drawn rather than the activations.
    let dropsWeights: Bool
    /// Why uniforms are refused. Nil if they are taken.
    let uniformsRefusal: String?
    /// The field that the price of the check is due to, if it is not the size of the tensor.
    let checkField: String?
    /// Writes the variant's fields into an answer.
    let echo: @Sendable (VariantFields, inout JSONWriter) -> Void
    /// The drawing on a tensor. Nil, with an entry, if the variant does not fit the tensor.
    let plan: @Sendable (VariantPlace) throws(DropoutError) -> VariantDrawing?
    let prepare: Preparation?
    /// Nil if the noise is a mask. Else the noise is a number between dropped and kept.
    let factors: Factors?
    /// Nil if the noise is a mask.
    let law: Law?
    let price: VariantPrice

    init(
        _ variant: DropoutVariant, isDefault: Bool = false, fields: [String] = [],
        required: (field: String, reason: String)? = nil,
        granularities: [Granularity] = Granularity.allCases, hasNoiseShape: Bool = true, knowsClassic: Bool,
        dropsWeights: Bool = false, uniformsRefusal: String? = nil, checkField: String? = nil,
        echo: @escaping @Sendable (VariantFields, inout JSONWriter) -> Void = { _, _ in },
        plan: @escaping @Sendable (VariantPlace) throws(DropoutError) -> VariantDrawing?,
        prepare: Preparation? = nil, factors: Factors? = nil, law: Law? = nil, price: VariantPrice
    ) {
        (self.variant, self.isDefault, self.fields, self.required) = (variant, isDefault, fields, required)
        (self.granularities, self.hasNoiseShape) = (granularities, hasNoiseShape)
        (self.knowsClassic, self.dropsWeights) = (knowsClassic, dropsWeights)
        (self.uniformsRefusal, self.checkField) = (uniformsRefusal, checkField)
        (self.echo, self.plan, self.prepare, self.factors) = (echo, plan, prepare, factors)
        (self.law, self.price) = (law, price)
    }

    /// Whether the noise is a number between dropped and kept rather than either.
    var isContinuous: Bool { factors != nil }
}

extension DropoutVariant {
    /// The table of the variants.
    var record: VariantRecord {
        switch self {
        case .dropout: .dropout
        case .alpha: .alpha
        case .gaussian: .gaussian
        case .spatial: .spatial
        case .dropPath: .dropPath
        case .dropBlock: .dropBlock
        case .dropConnect: .dropConnect
        case .variational: .variational
        case .concrete: .concrete
        case .zoneout: .zoneout
        }
    }
}

/// What a variant draws, what it does with it, and the probability with which a bit is drawn as 1.
struct VariantDrawing {
    let noise: NoiseShape
    /// Nil if it has to be prepared first.
    let operation: LayerDropout.Operation?
    let probability: KeepProbability

    init(_ noise: NoiseShape, _ operation: LayerDropout.Operation?, _ probability: KeepProbability) {
        (self.noise, self.operation, self.probability) = (noise, operation, probability)
    }
}
