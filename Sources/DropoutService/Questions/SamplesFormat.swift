/// How the passes of `samples` are sent.
enum SamplesFormat: String, CaseIterable {
    /// Mean, variance and intervals in one JSON text.
    case summary
    /// Each pass as a line of JSON when it is computed, the summary last (application/x-ndjson).
    case ndjson

    /// - Parameter question: refuses the field without `samples`.
    init(_ question: Question) {
        self = question.choice("samples_format", SamplesFormat.self) ?? .summary
        if question.isGiven("samples_format"), !question.has("samples") {
            question.wrong("samples_format", "`samples_format` needs `samples`, the number of passes")
        }
    }
}
