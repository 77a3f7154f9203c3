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
        let parts = type.split(separator: ";").map { trimmed($0).lowercased() }
        let media = parts.first ?? ""
        // curl -d sends the form type unless told otherwise; the body is read as what it is.
        let isJSON =
            media == "application/json" || media.hasSuffix("+json") || media == "application/x-www-form-urlencoded"
        guard isJSON else {
            throw Problem(.unsupportedMediaType, detail: "application/json expected, \(media.excerpt()) found")
        }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?.dropFirst(8).filter { $0 != "\"" }
        guard charset == nil || charset == "utf-8" || charset == "us-ascii" else {
            throw Problem(.unsupportedMediaType, detail: "charset utf-8 expected, \(charset?.excerpt() ?? "") found")
        }
    }

    private static func accepts(_ accept: String, _ mediaType: String) -> Bool {
        let group = mediaType.prefix { $0 != "/" } + "/*"
        var best: (specificity: Int, isAccepted: Bool) = (-1, false)
        let ranges = accept.split(separator: ",").prefix(64)
        if ranges.isEmpty { return true }
        for range in ranges {
            let parts = range.split(separator: ";").map { trimmed($0).lowercased() }
            let specificity =
                switch parts.first ?? "" {
                case mediaType: 2
                case String(group): 1
                case "*/*": 0
                default: -1
                }
            guard specificity > best.specificity else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            best = (specificity, quality > 0)
        }
        return best.isAccepted
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
