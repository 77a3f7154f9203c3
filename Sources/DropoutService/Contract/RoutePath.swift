/// The path of a route, in which a name in braces is a parameter: `/models/{name}/infer`, `/models/{name}:predict`.
package struct RoutePath: Sendable {
    private enum Segment: Sendable {
        case fixed(String)
        /// A parameter, and what follows it in its segment.
        case parameter(String, suffix: String)
    }

    /// The path as it was declared.
    let text: String
    private let segments: [Segment]

    package init(_ text: String) {
        self.text = text
        segments = Self.split(text).map { segment -> Segment in
            guard segment.first == "{", let end = segment.firstIndex(of: "}") else { return .fixed(String(segment)) }
            let name = segment[..<end].dropFirst()
            return .parameter(String(name), suffix: String(segment[end...].dropFirst()))
        }
    }

    /// The values of the parameters in a path, by their names. Nil for a path that does not fit.
    ///
    /// A parameter is in one segment and is not empty.
    ///
    /// - Parameter path: percent-decoded, so that an encoded slash separates segments as well.
    package func parameters(of path: String) -> [String: String]? {
        let parts = Self.split(path)
        guard parts.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .fixed(let name): guard part == name else { return nil }
            case .parameter(let name, let suffix):
                guard part.hasSuffix(suffix), part.utf8.count > suffix.utf8.count else { return nil }
                parameters[name] = String(part.dropLast(suffix.count))
            }
        }
        return parameters
    }

    private static func split(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}
