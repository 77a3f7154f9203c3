import TextCodecs

/// Content-Type and Accept (RFC 9110, 8.3 and 12.5.1), as far as a service of one media type needs them.
enum Negotiation {
    /// - Throws: a 415 for a body that says it is something else than JSON in UTF-8, a 406 for a caller that takes
    ///   nothing that the route has.
    static func check(_ request: ServiceRequest, _ route: Route) throws(Problem) {
        if request.method == "POST", let type = request.contentType { try checkContentType(type) }
        if let accept = request.accept, accept != "*/*", !route.mediaTypes.contains(where: { accepts(accept, $0) }) {
            throw Problem(
                .notAcceptable, detail: "\(route.rawValue) answers \(route.mediaTypes.joined(separator: " or "))")
        }
    }

    private static func checkContentType(_ type: String) throws(Problem) {
        if type == "application/json" { return }
        let parts = parts(type)
        let media = parts.first ?? ""
        // curl -d sends the form type unless told otherwise; the body is read as what it is.
        let isJSON =
            media == "application/json" || media.hasSuffix("+json") || media == "application/x-www-form-urlencoded"
        guard isJSON else {
            throw Problem(.unsupportedMediaType, detail: "application/json expected, \(media.excerpt()) found")
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

    /// A media type and its parameters in lower case, without the spaces around them; a semicolon in quotes separates
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
