import DropoutEngine

/// A mask or uniforms given by the caller, the uniforms with the shape they came in.
enum GivenRandomness {
    case mask(GivenMask)
    case uniforms([Double], Shape)
}

extension Question {
    /// The fields `mask` or `uniforms`. Both at once are refused.
    ///
    /// - Parameter format: the question's `mask_format`.
    func givenRandomness(_ format: MaskFormat) throws(Problem) -> GivenRandomness? {
        if has("mask"), has("uniforms") {
            wrong("uniforms", "give `mask` or `uniforms`, not both")
            return nil
        }
        if let uniforms = try tensor("uniforms", of: Double.self) {
            return .uniforms(uniforms.tensor.elements, uniforms.tensor.shape)
        }
        return try givenMask(format).map { .mask($0) }
    }
}
