/// The path of a route, in which a segment in braces is a parameter: `/models/{name}/infer`.
package struct RoutePath: Sendable {
    private enum Segment: Sendable {
        case fixed(String)
        case parameter(String)
    }

    /// The path as it was declared.
    let text: String
    private let segments: [Segment]

    package init(_ text: String) {
        self.text = text
        segments = Self.split(text).map { segment in
            segment.first == "{" && segment.last == "}"
                ? .parameter(String(segment.dropFirst().dropLast())) : .fixed(String(segment))
        }
    }

    /// The values of the parameters in a path, by their names. Nil for a path that does not fit.
    ///
    /// A parameter is one segment and is not empty.
    ///
    /// - Parameter path: percent-decoded, so that an encoded slash separates segments as well.
    package func parameters(of path: String) -> [String: String]? {
        let parts = Self.split(path)
        guard parts.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .fixed(let name): guard part == name else { return nil }
            case .parameter(let name):
                guard !part.isEmpty else { return nil }
                parameters[name] = String(part)
            }
        }
        return parameters
    }

    private static func split(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}
