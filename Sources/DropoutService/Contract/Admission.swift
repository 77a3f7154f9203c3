/// The result of the check of a request's header.
package enum HeaderVerdict: Sendable {
    /// The header alone decides the answer.
    case decided(ServiceReply)
    case admitted(Admission)
}

/// What the header of a request has settled: everything but the question.
package struct Admission: Sendable {
    let route: Route
    /// The parameters of the path.
    let parameters: [String: String]
    let method: RouteMethod
    let types: Negotiation
    /// How to answer.
    let options: QueryOptions

    /// Whether the body has several questions, whose reading takes long even if it is short.
    package var hasLines: Bool { types.body == .lines }

    init(_ match: Route.Match, _ method: RouteMethod, _ types: Negotiation, _ options: QueryOptions) {
        (route, parameters) = (match.route, match.parameters)
        (self.method, self.types, self.options) = (method, types, options)
    }
}
