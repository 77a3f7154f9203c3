/// The form of a tensor in an answer.
package enum TensorForm: String, Sendable {
    /// `[[1,2],[3,4]]`. A number alone is a tensor of shape [].
    case nested
    /// `{"shape":[2,2],"data":[1,2,3,4]}`, row-major.
    case flat
    /// `{"shape":[2,2],"dtype":"float32","base64":"..."}`, little-endian.
    case base64
    /// The tensor is in the file that the answer is, and the text names it. `Accept` chooses this form and no field.
    case file
}

extension TensorForm: CaseIterable {
    /// The forms that a field names.
    package static let allCases: [TensorForm] = [.nested, .flat, .base64]
}
