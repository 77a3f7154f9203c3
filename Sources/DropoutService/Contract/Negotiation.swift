import TextCodecs

/// Content-Type and Accept (RFC 9110, 8.3 and 12.5.1), compared with what a route takes and answers.
enum Negotiation {
    /// - Throws: a 415 for a body of a type that the route does not take, a 406 for a caller that takes nothing that the
    ///   route answers.
    static func check(_ request: ServiceRequest, _ method: RouteMethod, _ route: Route) throws(Problem) {
        if method.place == .body, let type = request.contentType { try checkContentType(type, route) }
        if let accept = request.accept, accept != "*/*", !route.answers.contains(where: { accepts(accept, $0.name) }) {
            let names = route.answers.map(\.name).joined(separator: " or ")
            throw Problem(.notAcceptable, detail: "\(route.path) answers \(names)")
        }
    }

    private static func checkContentType(_ type: String, _ route: Route) throws(Problem) {
        if route.takes.contains(where: { $0.rawValue == type }) { return }
        let parts = parts(type)
        let media = parts.first ?? ""
        guard route.takes.contains(where: { $0.reads(media) }) else {
            let names = route.takes.map(\.rawValue).joined(separator: " or ")
            throw Problem(.unsupportedMediaType, detail: "\(names) expected, \(media.excerpt()) found")
        }
        let charsets = parts.dropFirst().filter { $0.hasPrefix("charset=") }.map {
            $0.dropFirst(8).filter { $0 != "\"" }
        }
        guard charsets.count <= 1 else {
            throw Problem(.unsupportedMediaType, detail: "one charset expected, \(charsets.count) found")
        }
        guard charsets.allSatisfy({ $0 == "utf-8" || $0 == "us-ascii" }) else {
            throw Problem(.unsupportedMediaType, detail: "charset utf-8 expected, \(charsets[0].excerpt()) found")
        }
    }

    /// A media type and its parameters in lower case, without the spaces around them. A semicolon in quotes separates
    /// nothing.
    private static func parts(_ type: String) -> [String] {
        var (isQuoted, isEscaped) = (false, false)
        return
            type.split { character in
                defer { isEscaped = isQuoted && !isEscaped && character == "\\" }
                if character == "\"", !isEscaped { isQuoted.toggle() }
                return character == ";" && !isQuoted
            }
            .map { OptionalWhiteSpace.trimmed($0).lowercased() }
    }

    private static func accepts(_ accept: String, _ mediaType: String) -> Bool {
        let group = mediaType.prefix { $0 != "/" } + "/*"
        var best: (specificity: Int, isAccepted: Bool) = (-1, false)
        let ranges = QualityList(accept).members
        if ranges.isEmpty { return true }
        for range in ranges {
            let specificity =
                switch range.name {
                case mediaType: 2
                case String(group): 1
                case "*/*": 0
                default: -1
                }
            guard specificity > best.specificity else { continue }
            best = (specificity, range.weight > 0)
        }
        return best.isAccepted
    }
}
