import NIOCore

/// What a worker does for one request: inflates the body, has the request answered and compresses the answer.
struct AnswerJob: Sendable {
    struct Result: Sendable {
        let answer: Swift.Result<HTTPResponse, HTTPRefusal>
        /// Taken from the memory budget for the inflated body.
        let reservedBytes: Int
        let queue: Duration
        let compute: Duration
    }

    private let call: HTTPCall
    private let request: HTTPRequest
    private let bodyCoding: ContentCoding?
    private let answerCoding: ContentCoding?
    private let maximumBodyBytes: Int
    private let budget: MemoryBudget

    init(
        _ incoming: IncomingRequest, _ exchange: Exchange, _ configuration: HTTPServerConfiguration,
        _ budget: MemoryBudget
    ) {
        call = incoming.call
        request = incoming.request
        bodyCoding = incoming.coding
        answerCoding = exchange.isHead ? nil : exchange.coding
        maximumBodyBytes = configuration.maximumBodyBytes
        self.budget = budget
    }

    /// - Parameter admitted: when the request began to wait for a worker.
    func run(admitted: NIODeadline) -> Result {
        let queue = Duration(since: admitted)
        let start = NIODeadline.now()
        var reserved = 0
        let answer: Swift.Result<HTTPResponse, HTTPRefusal>
        do throws(HTTPRefusal) {
            answer = .success(try self.answer(&reserved))
        } catch {
            answer = .failure(error)
        }
        return Result(answer: answer, reservedBytes: reserved, queue: queue, compute: Duration(since: start))
    }

    private func answer(_ reserved: inout Int) throws(HTTPRefusal) -> HTTPResponse {
        var request = request
        if let bodyCoding {
            request.body = try Inflater.inflate(request.body, bodyCoding, maximumBytes: maximumBodyBytes) { bytes in
                guard budget.reserve(bytes) else { return false }
                reserved += bytes
                return true
            }
        }
        guard let working = budget.beginComputation(call.workingBytes(request)) else {
            throw HTTPRefusal(503, .memory, "the requests in work take all the memory that they may")
        }
        let response = call.answer(request)
        budget.endComputation(working)
        guard let answerCoding, response.isWorthCompressing else { return response }
        return response.encoded(answerCoding)
    }
}

extension HTTPResponse {
    /// Whether compression saves more than it costs: text of more than a packet.
    var isWorthCompressing: Bool {
        switch body {
        case .bytes(let bytes) where bytes.count < 1400: false
        case .bytes, .chunks, .parts: !isEncoded
        }
    }

    var isEncoded: Bool { headers.contains { $0.name == "Content-Encoding" } }

    /// The answer in a content coding, or as it is where zlib has no memory.
    func encoded(_ coding: ContentCoding) -> HTTPResponse {
        guard let deflated = body.deflated(coding) else { return self }
        var response = self
        response.body = deflated
        response.headers.append(("Content-Encoding", coding.rawValue))
        return response
    }
}
