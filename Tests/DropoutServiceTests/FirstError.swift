import Testing

/// One wrong question, with the first entry of the refusal.
struct FirstError: Sendable, CustomTestStringConvertible {
    /// What is wrong, as a sentence.
    let testDescription: String
    let target: String
    /// Nil: it is all in the URL.
    let body: String?
    let contentType: String?
    let status: Int
    let pointer: String
    let detail: String

    init(
        _ sentence: String, _ target: String, _ body: String?, contentType: String? = nil, _ status: Int = 422,
        at pointer: String, _ detail: String
    ) {
        (testDescription, self.target, self.body) = (sentence, target, body)
        (self.contentType, self.status, self.pointer, self.detail) = (contentType, status, pointer, detail)
    }

    func check() {
        let reply = ask(target, body ?? "", method: body == nil ? "GET" : "POST", contentType: contentType)
        #expect(reply.status == status)
        let first = Self.errors(reply).first
        #expect(first?.pointer == pointer)
        #expect(first?.detail == detail)
    }

    /// The entries of a refusal; the refusal itself if it has none.
    static func errors(_ reply: Reply) -> [(pointer: String, detail: String)] {
        guard let detail = reply.object["detail"] as? String else { return [] }
        let errors = reply.object["errors"] as? [[String: String]] ?? []
        return errors.isEmpty ? [("", detail)] : errors.map { ($0["pointer"] ?? "", $0["detail"] ?? "") }
    }
}
