import TextCodecs

/// The query parameters that say how to answer, whatever the route, and the query without them.
///
/// There is one: `pretty=1` breaks an answer in JSON over lines.
struct QueryOptions {
    static let pretty = "pretty"

    /// Whether an answer in JSON is broken over lines.
    let isPretty: Bool
    /// What is wrong with an option. Nil if nothing is.
    let wrong: Problem.Entry?
    /// The other parameters, still percent-encoded.
    let rest: String

    init(_ query: String?) {
        // Most queries have no option, and no name that hides one.
        guard let query, query.contains(Self.pretty) || query.contains("%") else {
            (isPretty, wrong, rest) = (false, nil, query ?? "")
            return
        }
        let pairs = query.split(separator: "&")
        let options = pairs.filter(Self.isOption)
        guard !options.isEmpty else {
            (isPretty, wrong, rest) = (false, nil, query)
            return
        }
        rest = pairs.filter { !Self.isOption($0) }.joined(separator: "&")
        let values = options.map { Self.decoded($0.drop { $0 != "=" }.dropFirst()) }
        let value = Self.values[values[0] ?? "%"]
        isPretty = value ?? false
        let detail: String? =
            if options.count > 1 {
                "the parameter is in the query twice; give it once"
            } else if value == nil {
                "`pretty` is 1 or 0, and \(values[0].map { "\"\($0.excerpt())\"" } ?? "broken percent-encoding") was found"
            } else {
                nil
            }
        wrong = detail.map { Problem.Entry(pointer: "/\(Self.pretty)", detail: $0) }
    }

    private static let values = ["1": true, "true": true, "": true, "0": false, "false": false]

    private static func isOption(_ pair: Substring) -> Bool { decoded(pair.prefix { $0 != "=" }) == pretty }

    private static func decoded(_ text: Substring) -> String? {
        PercentCoding.bytes(text.utf8, plusIsSpace: true).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
