import ArgumentParser
import DropoutService

/// `dropoutd answer`: answers one request, or one for each line of a file, without a server.
struct Answer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers requests without a server.",
        discussion: """
            Reads the body from standard input or from FILE, and prints the answer: dropoutd answer /mask < request.json
            A path with a query, or a path that takes no body, is a GET: dropoutd answer '/mask?shape=4,2&rate=0.2'
            With --lines each line is a body, and its answer is a line: dropoutd answer --lines /verify cases.ndjson
            The answers come in the order of the lines. The answer to a line that is refused is its problem. An empty line \
            has no answer, and a question with "samples_format": "ndjson" has several lines of answer.
            The exit code is 0 for an answer, and 1 for a problem and for an answer that a problem cuts short. With --lines \
            it is 0 if every line has its answer, and 1 if a line has a problem.
            """)

    @Flag(help: "Take each line as a body (NDJSON). The path takes a body and has no query.")
    var lines = false

    @Argument(help: "Path of the request, with its query.")
    var target: String

    @Argument(help: "File with the body or, with --lines, with a body in each line; - is standard input.")
    var file = InputFile.standardInput

    /// The path and the query of the target.
    private var parts: [String] {
        target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }

    private var takesBody: Bool { parts.count == 1 && Route.find(parts[0])?.route.takesBody == true }

    func validate() throws {
        if lines, !takesBody { throw ValidationError("--lines needs a path that takes a body, without a query") }
        if file != InputFile.standardInput, !takesBody { throw ValidationError("\(target) takes no body") }
    }

    func run() throws {
        let isWhole =
            lines
            ? try answerLines()
            : try answer(takesBody ? InputFile(file).readAll(limit: .max) : [])
        if !isWhole { throw ExitCode(1) }
    }

    /// Answers each line.
    ///
    /// - Returns: whether every line has its answer.
    private func answerLines() throws -> Bool {
        var reader = LineReader(try InputFile(file))
        var isWhole = true
        while let line = try reader.next() {
            switch line {
            case .text(let body): isWhole = try answer(body) && isWhole
            case .tooLong:
                let problem = Problem(.malformed, detail: "\(LineReader.TooLong(number: reader.number))")
                isWhole = try write(problem.reply(instance: parts[0])) && isWhole
            }
        }
        return isWhole
    }

    /// Answers one request.
    ///
    /// - Returns: whether it has its whole answer.
    private func answer(_ body: [UInt8]) throws -> Bool {
        let reply = body.withUnsafeBufferPointer { body in
            DropoutAPI().respond(
                to: ServiceRequest(
                    method: takesBody ? "POST" : "GET", path: parts[0], query: parts.count > 1 ? parts[1] : nil,
                    body: body))
        }
        return try write(reply)
    }

    private func write(_ reply: ServiceReply) throws -> Bool {
        let isWhole = try reply.body.forEachChunk { bytes throws(StandardStream.Failure) in
            try StandardStream.output.write(bytes)
        }
        return reply.status < 400 && isWhole
    }
}
