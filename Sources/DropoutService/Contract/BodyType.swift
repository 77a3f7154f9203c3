/// A media type in which a route takes a question's body.
enum BodyType: String, Sendable {
    case json = "application/json"
    /// NumPy's array file: one tensor of the question. The other fields are in the query.
    case npy = "application/x-npy"

    /// Whether a body is read as this type.
    ///
    /// - Parameter mediaType: the type that the request names, in lower case and without parameters.
    func reads(_ mediaType: String) -> Bool {
        switch self {
        case .json:
            // curl -d sends the form type unless another one is named. The body is read as what it is.
            mediaType == rawValue || mediaType.hasSuffix("+json") || mediaType == "application/x-www-form-urlencoded"
        case .npy: mediaType == rawValue
        }
    }
}
