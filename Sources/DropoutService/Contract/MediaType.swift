/// A media type that a route answers.
struct MediaType: Sendable, Equatable {
    /// The type without parameters, in lower case, by which `Accept` chooses.
    let name: String
    /// The value of Content-Type.
    let field: String

    /// - Parameter parameters: for Content-Type alone.
    init(_ name: String, parameters: String = "") {
        (self.name, field) = (name, name + parameters)
    }

    static let json = MediaType("application/json")
    /// One JSON text a line.
    static let jsonLines = MediaType("application/x-ndjson")
    /// Prometheus' text format.
    static let metrics = MediaType("text/plain", parameters: "; version=0.0.4; charset=utf-8")
    /// NumPy's array file.
    static let npy = MediaType("application/x-npy")
    /// An inference answer: JSON, and raw elements after it.
    static let octets = MediaType("application/octet-stream")
    /// Named tensors, and the rest of an answer in the metadata.
    static let safetensors = MediaType("application/vnd.safetensors")
    static let yaml = MediaType("application/yaml")
    // The files of pages.
    static let html = MediaType("text/html", parameters: "; charset=utf-8")
    static let svg = MediaType("image/svg+xml")
    static let css = MediaType("text/css", parameters: "; charset=utf-8")
    static let javaScript = MediaType("text/javascript", parameters: "; charset=utf-8")
}
