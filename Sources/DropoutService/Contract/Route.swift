/// A route of the contract: the one record of all that the program knows about it.
///
/// Each route is a value in a file of its name in `Routes`. `GET /`, the refusals of wrong paths, methods and media types, the
/// check of keys, the log and the metrics all ask the record. Nothing else compares paths.
package final class Route: Sendable {
    /// Who asks.
    package enum Audience: Sendable {
        /// Callers, each with a key if the server has keys.
        case callers
        /// Browsers that show a page, and whoever reads the contract. They need no key, and the rate is that of their address.
        case readers
        /// Collectors of metrics. The settings say whether they need a key.
        case collectors
        /// Orchestrators that ask whether the process lives. They know no key and are answered even if the server is busy.
        case probes
    }

    /// The function that answers a request. Its case says how the request is priced.
    enum Handler: Sendable {
        /// A reply that takes no computation and has no price.
        case reply(@Sendable (ServiceStatus) -> ServiceReply)
        /// The same in the type that `Accept` prefers.
        case typed(@Sendable (MediaType, ServiceStatus) -> ServiceReply)
        /// A reply that a worker makes, at the same price for every request.
        case work(Price, @Sendable (ServiceStatus) -> ServiceReply)
        /// A question and the parameters of the path become a plan, which knows its price.
        case question(@Sendable (Question, [String: String]) throws(Problem) -> any Plan)
        /// A reply about what the parameters of the path name. It has no price.
        case item(@Sendable ([String: String], ServiceStatus) throws(Problem) -> ServiceReply)
        /// A request that the route reads itself becomes a plan.
        case request(@Sendable (RouteRequest) throws(Problem) -> any Plan)
    }

    private let pattern: RoutePath
    /// The methods besides OPTIONS, which every route takes.
    let methods: [RouteMethod]
    /// The media types of a request's body.
    let takes: [BodyType]
    /// The media types of an answer, the usual one first. A refusal has its own.
    private let answers: [MediaType]
    /// The same on a server that shows its page.
    private let answersWithPage: [MediaType]
    /// The line of the route in `GET /`.
    let summary: String
    package let audience: Audience
    /// Whether a query parameter that the route does not know is ignored. Foreign protocols want that. Otherwise a question
    /// with such a parameter is refused.
    let ignoresUnknownQuery: Bool
    let handler: Handler

    /// - Parameters:
    ///   - path: the path, in which a segment in braces is a parameter: `/models/{name}`.
    ///   - pageAnswers: media types that only a server with its page answers. A route that has no others is not there without
    ///     the page.
    init(
        _ path: String, _ methods: [RouteMethod], takes: [BodyType] = [], answers: [MediaType],
        pageAnswers: [MediaType] = [], summary: String, for audience: Audience = .callers,
        ignoresUnknownQuery: Bool = false, _ handler: Handler
    ) {
        pattern = RoutePath(path)
        (self.methods, self.takes) = (methods, takes)
        (self.answers, answersWithPage) = (answers, answers + pageAnswers)
        (self.summary, self.audience, self.handler) = (summary, audience, handler)
        self.ignoresUnknownQuery = ignoresUnknownQuery
    }

    /// The path as it was declared, by which the metrics tell routes apart.
    package var path: String { pattern.text }

    /// Whether the question may come in a body.
    package var takesBody: Bool { methods.contains { $0.place == .body } }

    /// The media types of an answer, the usual one first.
    func answers(withPage showsPage: Bool) -> [MediaType] { showsPage ? answersWithPage : answers }

    /// The request's field that decides the type of an answer, for caches. Empty if there is one type.
    func vary(withPage showsPage: Bool) -> [(name: String, value: String)] {
        answers(withPage: showsPage).count > 1 ? [("Vary", "Accept")] : []
    }

    /// The value of `Accept-Query` (RFC 10008, 3): the types of a body of QUERY. Nil if the route does not take QUERY.
    var acceptQuery: String? {
        methods.contains(.query) ? takes.map(\.rawValue).joined(separator: ", ") : nil
    }

    /// The value of `Allow`.
    var allow: String { RouteMethod.allow(methods) }

    /// Whether it computes with the model that the parameter `model` of its path names.
    var isInference: Bool { if case .request = handler { true } else { false } }

    /// The parameters of a path that is this route's. Nil for any other path.
    func parameters(of path: String) -> [String: String]? { pattern.parameters(of: path) }
}
