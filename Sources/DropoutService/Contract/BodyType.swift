/// A media type in which a route takes a question's body.
enum BodyType: String, Sendable {
    case json = "application/json"
    /// A question in JSON on each line. The answers are lines too.
    case lines = "application/x-ndjson"
    /// NumPy's array file: one tensor of the question. The other fields are in the query.
    case npy = "application/x-npy"
    /// Named tensors. The other fields are in the file's metadata or in the query.
    case safetensors = "application/vnd.safetensors"
    /// Array files and fields as text, each in a part of its own (RFC 7578).
    case form = "multipart/form-data"
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
        // The name before the registration.
        case .safetensors: mediaType == rawValue || mediaType == "application/x-safetensors"
        case .lines, .npy, .form, .octets: mediaType == rawValue
        }
    }

    /// Whether the body is an array file or has array files.
    var isArrayFile: Bool {
        switch self {
        case .npy, .safetensors, .form: true
        case .json, .lines, .octets: false
        }
    }

    /// Whether the body is text, which has a charset. A charset of any other body says nothing.
    var isText: Bool {
        switch self {
        case .json, .lines: true
        case .npy, .safetensors, .form, .octets: false
        }
    }
}
