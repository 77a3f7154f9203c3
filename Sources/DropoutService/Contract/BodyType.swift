/// A media type in which a route takes a question's body.
enum BodyType: String, Sendable {
    case json = "application/json"
    /// NumPy's array file: one tensor of the question. The other fields are in the query.
    case npy = "application/x-npy"
    /// An inference request: JSON, and raw elements after it.
    case octets = "application/octet-stream"

    /// Whether a body is read as this type.
    ///
    /// - Parameter mediaType: the type that the request names, in lower case and without parameters.
    func reads(_ mediaType: String) -> Bool {
        switch self {
        case .json:
            // curl -d sends the form type and a browser's fetch sends plain text, unless another type is named. The body is
            // read as what it is.
            mediaType == rawValue || mediaType.hasSuffix("+json") || mediaType == "application/x-www-form-urlencoded"
                || mediaType == "text/plain"
        case .npy, .octets: mediaType == rawValue
        }
    }

    /// Whether the body is text, which has a charset. A charset of any other body says nothing.
    var isText: Bool {
        switch self {
        case .json: true
        case .npy, .octets: false
        }
    }
}
