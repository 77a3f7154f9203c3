/// The results in the Test Anything Protocol, version 14.
struct TAPReport {
    let results: [CaseResult]

    var text: String {
        var text = "TAP version 14\n1..\(results.count)\n"
        for (index, result) in results.enumerated() {
            let title = Self.escaped(PrintableText.line(result.title))
            switch result.outcome {
            case .right: text += "ok \(index + 1) - \(title)\n"
            case .wrong(let mistakes):
                text += "not ok \(index + 1) - \(title)\n  ---\n  verdict: \(PrintableText.quoted(result.verdict))\n"
                text += "  findings:\n"
                for mistake in mistakes {
                    text += "    - mistake: \(PrintableText.quoted(mistake.name))\n"
                    text += "      detail: \(PrintableText.quoted(mistake.detail))\n"
                }
                text += "  ...\n"
            case .unjudged(let reason):
                text += "not ok \(index + 1) - \(title)\n  ---\n  verdict: null\n"
                text += "  message: \(PrintableText.quoted(reason))\n  ...\n"
            }
        }
        return text
    }

    /// A `#` begins a directive, unless there is a backslash before it.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }
}
