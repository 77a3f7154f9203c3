import DropoutEngine

extension Problem {
    /// The problem for an error of the engine, at a place of the question.
    ///
    /// A computation that was stopped is the deadline's problem, and an internal contradiction is a fault. All other errors
    /// are the question's.
    init(_ error: DropoutError, at pointer: String, file: StaticString = #fileID, line: UInt = #line) {
        switch error {
        case .stopped: self = .stopped
        case .impossible(let reason): self = .fault("\(reason)", file: file, line: line)
        default: self.init(unanswerable: [.init(pointer: pointer, detail: error.explanation)])
        }
    }

    /// The deadline of the computation passed, or nobody wants the answer any more.
    static var stopped: Problem {
        Problem(.deadline, detail: "the computation was stopped because its deadline passed")
    }

    /// A fault of the service itself. The reason and the place go to the log alone.
    static func fault(_ reason: String, file: StaticString = #fileID, line: UInt = #line) -> Problem {
        Problem(
            .fault, detail: "the service failed; its log has the reason under the X-Request-Id of this answer",
            fault: "\(reason) (\(file):\(line))")
    }
}

/// Runs work of the engine, whose errors are problems of the question at `pointer`.
func computing<Result>(
    _ pointer: String = "", file: StaticString = #fileID, line: UInt = #line,
    _ work: () throws(DropoutError) -> Result
) throws(Problem) -> Result {
    do {
        return try work()
    } catch {
        throw Problem(error, at: pointer, file: file, line: line)
    }
}
