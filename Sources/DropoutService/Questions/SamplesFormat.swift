import TensorJSON

/// How the passes of `samples` are sent.
enum SamplesFormat: String, CaseIterable {
    /// Mean, variance and intervals in one JSON text.
    case summary
    /// Each pass as a line of JSON when it is computed, the summary last (application/x-ndjson).
    case ndjson

    /// Refuses lines of passes in the answer to a question that is a line itself.
    static func refuseLines(_ question: Question) {
        if case .string(let name)? = question.fields["samples_format"], name == ndjson.rawValue {
            question.wrong(
                "samples_format", "a line has one answer on one line; ask for passes as lines in a request alone")
        }
    }

    /// - Parameter question: refuses the field without `samples`.
    init(_ question: Question) {
        self = question.choice("samples_format", SamplesFormat.self) ?? .summary
        if question.isGiven("samples_format"), !question.has("samples") {
            question.wrong("samples_format", "`samples_format` needs `samples`, the number of passes")
        }
    }
}
