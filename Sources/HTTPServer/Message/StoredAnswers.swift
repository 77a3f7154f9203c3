import TextCodecs

/// The stored answers that a client names in If-None-Match (RFC 9110, 13.1.2).
package struct StoredAnswers: Sendable, Equatable {
    /// The opaque texts of the tags. A tag may be weak, since the comparison is weak (8.8.3.2).
    package let tags: Set<String>
    /// Whether the field is `*`, which is any answer.
    package let isAny: Bool

    /// - Parameter value: the value of If-None-Match. What follows a member that is no tag is ignored, so that the answer is sent.
    package init(ifNoneMatch value: String) {
        guard OptionalWhiteSpace.trimmed(value[...]) != "*" else {
            (tags, isAny) = ([], true)
            return
        }
        var tags: Set<String> = []
        var rest = value[...]
        while true {
            rest = rest.drop { $0 == "," || $0 == " " || $0 == "\t" }
            if rest.hasPrefix("W/") { rest = rest.dropFirst(2) }
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else { break }
            tags.insert(String(rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        (self.tags, isAny) = (tags, false)
    }

    /// The tag of a stored answer that is still the right one, in a coding that the client takes. Nil if there is none.
    ///
    /// - Parameter tag: the tag of the answer without a coding.
    package func current(_ tag: String, _ codings: AnswerCodings) -> String? {
        if isAny { return tag }
        if !codings.isIdentityRefused, tags.contains(tag) { return tag }
        return ContentCoding.allCases.lazy.filter(codings.accepted.contains).map { $0.tag(tag) }.first(
            where: tags.contains)
    }
}

extension ContentCoding {
    /// The tag of an answer in this coding. Two codings of an answer have two strong tags (RFC 9110, 8.8.3.3).
    func tag(_ tag: some StringProtocol) -> String { "\(tag)-\(rawValue)" }
}

extension HTTPRequest {
    /// The tag of an answer that the client has stored and that is still the right one. Nil if the answer is to be sent.
    ///
    /// - Parameter tag: the text between the quotation marks of the answer's ETag, without a coding.
    package func storedTag(_ tag: String) -> String? {
        guard let value = header("If-None-Match") else { return nil }
        return StoredAnswers(ifNoneMatch: value).current(tag, AnswerCodings(acceptEncoding: header("Accept-Encoding")))
    }
}
