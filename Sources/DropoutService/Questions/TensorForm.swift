/// The form of a tensor in JSON.
package enum TensorForm: String, CaseIterable, Sendable {
    /// `[[1,2],[3,4]]`. A number alone is a tensor of shape [].
    case nested
    /// `{"shape":[2,2],"data":[1,2,3,4]}`, row-major.
    case flat
    /// `{"shape":[2,2],"dtype":"float32","base64":"..."}`, little-endian.
    case base64
}
