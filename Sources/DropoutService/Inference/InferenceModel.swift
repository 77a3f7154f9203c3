import DropoutEngine

/// A model of the inference protocols: one variant of dropout, under the name by which these protocols ask for it.
package struct InferenceModel: Sendable {
    let name: String
    let variant: DropoutVariant

    private init(_ name: String, _ variant: DropoutVariant) {
        (self.name, self.variant) = (name, variant)
    }

    static let all = [
        InferenceModel("dropout", .dropout),
        InferenceModel("alpha_dropout", .alpha),
        InferenceModel("gaussian_dropout", .gaussian),
        InferenceModel("spatial_dropout", .spatial),
        InferenceModel("drop_path", .dropPath),
        InferenceModel("drop_block", .dropBlock),
        InferenceModel("variational_dropout", .variational),
        InferenceModel("concrete_dropout", .concrete),
    ]

    /// The names of all models.
    package static let names = all.map(\.name)

    /// The version that every model has, and no other.
    static let version = "1"

    /// The `platform` of every model.
    static let platform = "dropout-service"

    /// The model that the parameters `model` and `version` of a path name.
    ///
    /// - Throws: a 404 for another name or another version.
    static func find(_ parameters: [String: String]) throws(Problem) -> InferenceModel {
        let name = parameters["model"] ?? ""
        guard let model = all.first(where: { $0.name == name }) else {
            let hint = NearestName.find(name, in: names).map { "; did you mean \($0)?" } ?? ""
            throw Problem(
                .notFound, detail: "no model \(name.excerpt()); the models are \(names.joined(separator: ", "))\(hint)")
        }
        guard let version = parameters["version"], version != Self.version else { return model }
        throw Problem(.notFound, detail: "\(model.name) has version \(Self.version) alone, not \(version.excerpt())")
    }

    /// The outputs. A variant whose noise is a number has no mask.
    var outputs: [InferenceOutput.Name] { variant.record.isContinuous ? [.output] : [.output, .mask] }
}
