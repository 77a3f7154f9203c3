import TensorJSON

/// The JSON text at the beginning of an inference request, and the place of the raw elements after it.
struct InferenceHead {
    /// The header field with the number of bytes of the JSON text, in requests and in answers.
    static let field = "Inference-Header-Content-Length"

    let text: RequestText
    /// The bytes of the body after the text.
    let tail: Range<Int>

    /// - Throws: a 400 for a length that is no number of bytes of the body.
    init(_ request: RouteRequest) throws(Problem) {
        let body = request.body
        var length = body.count
        if let value = request.inferenceHeaderLength {
            guard let number = JSONValue.digits(value).flatMap({ Int(exactly: $0) }), number <= body.count else {
                throw Problem(
                    .malformed,
                    detail:
                        "`\(Self.field)` is the number of bytes of the JSON; a number up to the \(body.count) bytes "
                        + "of the body expected, \(value.excerpt()) found")
            }
            length = number
        }
        text = RequestText(
            UnsafeBufferPointer(rebasing: body[..<length]), limits: request.limits.json,
            concurrency: request.concurrency, stop: request.stop)
        tail = length..<body.count
    }

    /// The question that the text is.
    ///
    /// - Throws: a 400 for text that is not JSON, a 422 for text over a limit or that is no object.
    func question(_ limits: ServiceLimits) throws(Problem) -> Question {
        // The guess saves a second reading.
        let isFloat = try text.mentions("\"FP32\"")
        return try Question(text, elementType: isFloat ? .float32 : .float64, limits: limits)
    }
}
