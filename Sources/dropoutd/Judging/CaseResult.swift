/// What became of one case.
struct CaseResult {
    enum Outcome {
        case right
        /// All mistakes, the most important first: at least one.
        case wrong([Mistake])
        /// The file could not be read, or the question was refused.
        case unjudged(String)
    }

    struct Mistake {
        /// The name that the service gives it, such as `not_scaled`.
        let name: String
        let detail: String
    }

    let file: String
    let name: String
    let outcome: Outcome
    let duration: Duration

    /// The word for the outcome: the verdict of the service.
    var verdict: String {
        switch outcome {
        case .right: "dropout"
        case .wrong(let mistakes): mistakes.first?.name ?? "wrong"
        case .unjudged: "not judged"
        }
    }

    /// What is wrong. Empty if nothing is.
    var detail: String {
        switch outcome {
        case .right: ""
        case .wrong(let mistakes):
            (mistakes.first?.detail ?? "") + (mistakes.count > 1 ? " (and \(mistakes.count - 1) more)" : "")
        case .unjudged(let reason): reason
        }
    }

    /// The file and the case, as one name.
    var title: String { "\(file) \(name)" }
}

/// How many cases have which outcome.
struct CaseCount {
    private(set) var right = 0
    private(set) var wrong = 0
    private(set) var unjudged = 0

    init(_ results: some Sequence<CaseResult>) {
        for result in results {
            switch result.outcome {
            case .right: right += 1
            case .wrong: wrong += 1
            case .unjudged: unjudged += 1
            }
        }
    }

    var all: Int { right + wrong + unjudged }

    /// 1 if a case is wrong, else 2 if one could not be judged, else 0.
    var exitCode: Int32 { wrong > 0 ? 1 : unjudged > 0 ? 2 : 0 }
}
