import ArgumentParser
import DropoutService

/// `dropoutd answer`: answers one request without a server.
struct Answer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers one request without a server.",
        discussion: """
            Reads the body from standard input and prints the answer: dropoutd answer /mask < request.json
            A path with a query, or a path that takes no body, is a GET: dropoutd answer '/mask?shape=4,2&rate=0.2'
            The exit code is 0 for an answer, and 1 for a problem and for an answer that a problem cuts short.
            """)

    @Argument(help: "Path of the request, with its query.")
    var target: String

    func run() throws {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isPost = parts.count == 1 && Route.find(parts[0])?.route.takesBody == true
        let body = isPost ? try StandardStream.input.read() : []
        let reply = body.withUnsafeBufferPointer { body in
            DropoutAPI().respond(
                to: ServiceRequest(
                    method: isPost ? "POST" : "GET", path: parts[0], query: parts.count > 1 ? parts[1] : nil,
                    body: body))
        }
        let isWhole = try reply.body.forEachChunk { bytes throws(StandardStream.Failure) in
            try StandardStream.output.write(bytes)
        }
        if reply.status >= 400 || !isWhole { throw ExitCode(1) }
    }
}
