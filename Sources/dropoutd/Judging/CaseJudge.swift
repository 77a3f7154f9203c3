import DropoutService
import TensorFiles
import TensorJSON

/// Asks the service about cases, one after another.
struct CaseJudge {
    private static let path = "/verify"

    private let api = DropoutAPI()
    /// The fields of the command line, for files with arrays.
    let given: [(name: String, text: String)]
    private(set) var results: [CaseResult] = []
    private var bar: ProgressBar

    init(given: [(name: String, text: String)], _ bar: ProgressBar) { (self.given, self.bar) = (given, bar) }

    /// Judges all cases of a file. One that cannot be read is a case that could not be judged.
    mutating func judge(_ file: CaseFile) {
        guard file.kind == .lines else {
            judge(file.path, file.name) { [given] () throws in try file.question(given) }
            bar.finishFile(cases: results.count)
            return
        }
        var isEmpty = true
        do {
            var reader = LineReader(try InputFile(file.path))
            while let line = try reader.next() {
                isEmpty = false
                judge(file.path, "line \(reader.number)") { () throws in
                    guard case .text(let body) = line else {
                        throw LineReader.TooLong(number: reader.number)
                    }
                    return CaseQuestion(body: body, contentType: nil)
                }
                bar.show(bytesOfFile: reader.readBytes, cases: results.count)
            }
            if isEmpty { add(file.path, "no line", .unjudged("the file has no case"), .zero) }
        } catch {
            add(file.path, "the file", .unjudged("\(error)"), .zero)
        }
        bar.finishFile(cases: results.count)
    }

    /// Ends the judging.
    mutating func finish() { bar.clear() }

    private mutating func judge(_ file: String, _ name: String, _ question: () throws -> CaseQuestion) {
        var outcome = CaseResult.Outcome.right
        let duration = ContinuousClock().measure {
            do {
                outcome = judgement(try question())
            } catch let error as TensorFileError {
                outcome = .unjudged(Self.explanation(error))
            } catch {
                outcome = .unjudged("\(error)")
            }
        }
        add(file, name, outcome, duration)
    }

    private mutating func add(_ file: String, _ name: String, _ outcome: CaseResult.Outcome, _ duration: Duration) {
        results.append(CaseResult(file: file, name: name, outcome: outcome, duration: duration))
    }

    private static func explanation(_ error: TensorFileError) -> String {
        if case .notTheFormat(let format) = error { return "the file is not a \(format) file" }
        return error.explanation
    }

    // MARK: The service's answer

    private func judgement(_ question: CaseQuestion) -> CaseResult.Outcome {
        let reply = question.body.withUnsafeBufferPointer { body in
            api.respond(
                to: ServiceRequest(method: "POST", path: Self.path, contentType: question.contentType, body: body))
        }
        var bytes: [UInt8] = []
        reply.body.forEachChunk { bytes += $0 }
        let value = bytes.withUnsafeBufferPointer {
            try? JSONDocument.parse($0, elementType: .float64, limits: JSONLimits())
        }
        guard case .object(let answer)? = value else { return .unjudged("the service has no answer") }
        guard reply.status < 400 else { return .unjudged(answer.text("detail") ?? "status \(reply.status)") }
        guard case .bool(let isDropout)? = answer["is_dropout"] else { return .unjudged("the answer has no verdict") }
        if isDropout { return .right }
        guard case .array(let findings)? = answer["findings"] else { return .wrong([]) }
        return .wrong(
            findings.compactMap { finding in
                guard case .object(let finding) = finding, let name = finding.text("mistake") else { return nil }
                return CaseResult.Mistake(name: name, detail: finding.text("detail") ?? "")
            })
    }
}

extension JSONObject {
    fileprivate func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }
}
