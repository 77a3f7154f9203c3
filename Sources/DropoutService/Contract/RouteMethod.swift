/// A method that a route may take. OPTIONS is not among them, since every route takes it.
enum RouteMethod: String, CaseIterable, Sendable {
    case get = "GET"
    /// The server sends the header alone. HEAD goes wherever GET goes.
    case head = "HEAD"
    case post = "POST"
    /// Asks like POST, with the question in the body, and changes nothing like GET (RFC 10008).
    case query = "QUERY"

    /// The place of the question in a request.
    enum Place: Sendable { case query, body }

    var place: Place {
        switch self {
        case .get, .head: .query
        case .post, .query: .body
        }
    }

    /// Whether the method asks and changes nothing, so that its answers may be stored (RFC 9110, 9.2.1 and 9.2.3).
    var isSafe: Bool {
        switch self {
        case .get, .head, .query: true
        case .post: false
        }
    }

    /// The value of `Allow` for a resource that takes these methods.
    static func allow(_ methods: [RouteMethod]) -> String {
        (methods.map(\.rawValue) + ["OPTIONS"]).joined(separator: ", ")
    }
}
