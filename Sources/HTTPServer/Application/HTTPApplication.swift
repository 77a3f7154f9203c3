package import Stopping

/// Who answers requests. The server has one, and asks it for an exchange for each request.
package protocol HTTPApplication: Sendable {
    /// Begins an exchange. The header of the request has come, and its body is still to come.
    ///
    /// Called on the event loop, so it must not wait.
    ///
    /// - Parameter request: nil if the request is refused before its header could be read.
    func begin(_ request: HTTPRequest?) -> any HTTPExchange
}

/// One request, from its header to the last byte of its answer.
package protocol HTTPExchange: Sendable {
    /// What the header alone decides.
    var verdict: HTTPVerdict { get }
    /// Whether the request is answered even on a connection too many. A probe asks whether the server lives, and the answer must
    /// not be that the server is busy.
    var isVital: Bool { get }
    /// Who asks, for fair shares: the name of the key, else the address of the client, of IPv6 the first 64 bits.
    var caller: String { get }

    /// The response that is sent instead of any other, before the body is read. Nil if the request goes on.
    ///
    /// Called once, on a worker, if ``verdict`` is ``HTTPVerdict/later``. Not called if the client has left.
    func check() -> HTTPResponse?

    /// Whether a worker reads the body, however short it is. Asked after ``verdict``.
    var isReadByWorker: Bool { get }

    /// The price of ``plan(_:stop:)`` for a body of so many bytes, before anything of it is read.
    func readingPrice(bodyBytes: Int) -> HTTPPrice

    /// Parses and checks the request.
    ///
    /// Called once: on the event loop if the body is short and not compressed, else on a worker. ``isReadByWorker`` may ask for a
    /// worker.
    func plan(_ request: HTTPRequest, stop: StopFlag) -> HTTPPlan

    /// A refusal of the server as a response.
    func response(to refusal: HTTPRefusal) -> HTTPResponse

    /// Takes what became of the request. Called once, at the end, on the event loop.
    func ended(_ outcome: HTTPOutcome)
}

extension HTTPExchange {
    /// A short body is most often read on the event loop.
    package var isReadByWorker: Bool { false }
}

/// What the header of a request alone decides.
package enum HTTPVerdict: Sendable {
    /// The response that is sent instead of any other, before the body is read. Nil if the request goes on.
    case now(HTTPResponse?)
    /// ``HTTPExchange/check()`` finds the response, which takes too long for an event loop. Until then nothing more of the request
    /// is read, and 100 Continue is not sent.
    case later
}
