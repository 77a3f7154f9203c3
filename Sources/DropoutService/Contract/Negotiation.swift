import TextCodecs

/// Content-Type and Accept (RFC 9110, 8.3 and 12.5.1), compared with what a route takes and answers.
struct Negotiation {
    /// The type of the request's body: the one that Content-Type says, else the route's first.
    let body: BodyType
    /// The type that `Accept` prefers; of several with one weight the route's first.
    ///
    /// Lines of JSON are the exception: `samples_format` or a body of lines asks for them.
    let answer: MediaType

    /// - Parameter answers: the types of an answer, the usual one first.
    /// - Throws: a 400 for a QUERY without a type, a 415 for a body of a type that the route does not take, a 406 for a caller
    ///   that takes nothing that the route answers.
    init(
        _ request: ServiceRequest, _ method: RouteMethod, _ route: Route, _ answers: [MediaType]
    ) throws(Problem) {
        var body = route.takes.first ?? .json
        if method.place == .body, let type = request.contentType {
            body = try Self.bodyType(type, route)
        } else if method == .query {
            // RFC 10008, 2: a QUERY without a type must fail.
            let names = route.takes.map(\.rawValue).joined(separator: " or ")
            throw Problem(.transport(status: 400), detail: "QUERY needs Content-Type: \(names) expected, none found")
        }
        self.body = body
        answer = try Self.answerType(request.accept, route, body == .lines ? [.jsonLines, .json] : answers)
    }

    private static func answerType(
        _ accept: String?, _ route: Route, _ answers: [MediaType]
    ) throws(Problem) -> MediaType {
        guard let usual = answers.first else { return .json }
        guard let accept, accept != "*/*" else { return usual }
        var best: (type: MediaType, weight: Double)?
        for type in answers {
            let weight = weight(of: type.name, in: accept)
            if weight > best?.weight ?? 0 { best = (type, weight) }
        }
        guard let best else {
            let names = answers.map(\.name).joined(separator: " or ")
            throw Problem(.notAcceptable, detail: "\(route.path) answers \(names)")
        }
        return best.type
    }

    private static func bodyType(_ type: String, _ route: Route) throws(Problem) -> BodyType {
        if let body = route.takes.first(where: { $0.rawValue == type }) { return body }
        let parts = parts(type)
        let media = parts.first ?? ""
        guard let body = route.takes.first(where: { $0.reads(media) }) else {
            let names = route.takes.map(\.rawValue).joined(separator: " or ")
            throw Problem(.unsupportedMediaType, detail: "\(names) expected, \(media.excerpt()) found")
        }
        guard body.isText else { return body }
        let charsets = parts.dropFirst().filter { $0.hasPrefix("charset=") }.map {
            $0.dropFirst(8).filter { $0 != "\"" }
        }
        guard charsets.count <= 1 else {
            throw Problem(.unsupportedMediaType, detail: "one charset expected, \(charsets.count) found")
        }
        guard charsets.allSatisfy({ ["utf-8", "utf8", "us-ascii"].contains($0) }) else {
            throw Problem(.unsupportedMediaType, detail: "charset utf-8 expected, \(charsets[0].excerpt()) found")
        }
        return body
    }

    /// A media type and its parameters in lower case, without the spaces around them.
    private static func parts(_ type: String) -> [String] {
        QuotedList.split(type[...], at: ";").map { OptionalWhiteSpace.trimmed($0).lowercased() }
    }

    /// The weight that `Accept` gives a media type: that of the most specific range which has it, 0 if there is none.
    ///
    /// Our types in JSON and as files have no parameters. A range with parameters is taken for the type, unless there is one without.
    private static func weight(of mediaType: String, in accept: String) -> Double {
        let group = mediaType.prefix { $0 != "/" } + "/*"
        let ranges = QualityList(accept).members
        // A list without members says nothing.
        if ranges.isEmpty { return 1 }
        var best: (specificity: Int, weight: Double) = (-1, 0)
        for range in ranges {
            let specificity =
                switch range.name {
                case mediaType: range.hasParameters ? 2 : 3
                case String(group): 1
                case "*/*": 0
                default: -1
                }
            if specificity > best.specificity { best = (specificity, range.weight) }
        }
        return best.weight
    }
}
