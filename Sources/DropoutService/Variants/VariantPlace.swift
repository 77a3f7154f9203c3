import DropoutEngine

/// Where a variant is to drop.
struct VariantPlace {
    let question: Question
    let drop: DropFields
    /// The activation's shape, of a block that of the whole tensor.
    let shape: Shape
    /// The shape of the tensor that is there: that of the activation, or of a block of it.
    let block: Shape
    let layout: Layout
    /// [out, in] of the layer. Nil for a tensor.
    let weights: Shape?

    var probability: KeepProbability { drop.probability }
    var fields: VariantFields { drop.variant }

    func refuse(_ field: String, _ detail: String) -> VariantDrawing? {
        question.wrong(field, detail)
        return nil
    }

    /// A drawing that shares its draws as `granularity` or `noise_shape` says.
    func shared(_ operation: LayerDropout.Operation?) -> VariantDrawing? {
        drop.noise(for: shape, layout: layout, question).map { VariantDrawing($0, operation, probability) }
    }
}
