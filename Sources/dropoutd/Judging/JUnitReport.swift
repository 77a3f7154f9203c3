/// The results as JUnit's XML, which servers for continuous integration read: a suite for each file.
///
/// A wrong case is a failure, and one that could not be judged is an error.
struct JUnitReport {
    let results: [CaseResult]

    var text: String {
        var suites: [(file: String, results: [CaseResult])] = []
        for result in results {
            if suites.last?.file == result.file {
                suites[suites.count - 1].results.append(result)
            } else {
                suites.append((result.file, [result]))
            }
        }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"dropoutd verify\" \(Self.counts(results))>\n"
        for suite in suites {
            text += "  <testsuite name=\"\(PrintableText.xml(suite.file))\" \(Self.counts(suite.results))>\n"
            for result in suite.results { text += Self.element(result) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func counts(_ results: [CaseResult]) -> String {
        let count = CaseCount(results)
        let duration = results.reduce(Duration.zero) { $0 + $1.duration }
        return "tests=\"\(count.all)\" failures=\"\(count.wrong)\" errors=\"\(count.unjudged)\" skipped=\"0\" "
            + "time=\"\(PrintableText.seconds(duration))\""
    }

    private static func element(_ result: CaseResult) -> String {
        let (file, name) = (PrintableText.xml(result.file), PrintableText.xml(result.name))
        let start =
            "    <testcase classname=\"\(file)\" name=\"\(name)\" time=\"\(PrintableText.seconds(result.duration))\""
        let (element, type, lines): (String, String, [String])
        switch result.outcome {
        case .right: return start + "/>\n"
        case .wrong(let mistakes):
            (element, type) = ("failure", result.verdict)
            lines = mistakes.map { "\($0.name): \($0.detail)" }
        case .unjudged(let reason): (element, type, lines) = ("error", result.verdict, [reason])
        }
        let attributes = "type=\"\(PrintableText.xml(type))\" message=\"\(PrintableText.xml(result.detail))\""
        let body = lines.map { PrintableText.xml($0) }.joined(separator: "\n")
        return start + ">\n      <\(element) \(attributes)>\(body)</\(element)>\n    </testcase>\n"
    }
}
