/// One request and its answer, as far as they have come.
struct RequestProgress {
    /// Whether the first byte has come and the outcome was not reported.
    var isOpen = false
    /// Whether no body may be sent.
    var isHead = false
    /// Whether the request is of HTTP/1.0, which has no chunks and closes unless asked.
    var isHTTP10 = false
    /// Whether another request may follow.
    var isKeepAlive = true
    /// The path of the target, if it is known.
    var path: String?
    /// The header, if it was accepted.
    var head: RequestHead?
    /// Whether the decoder has reported the end of the request.
    var hasEnded = false
    /// The content coding of the body.
    var bodyCoding: ContentCoding?
    /// How the answer may be encoded.
    var codings = AnswerCodings(acceptEncoding: nil)
    /// The answer if the header alone has decided.
    var verdict: HTTPResponse?
    var outcome = HTTPOutcome()
    /// The price of the plan, from its answer on.
    var price = HTTPPrice()
    /// Bytes of the answer's body, as far as they are known before it is printed.
    var answerBytes = 0
    /// Whether the answer was replaced because it could not be sent.
    var isReplaced = false
    /// Whether the answer ends before its end.
    var isCut = false

    mutating func know(_ received: ReceivedHead) {
        isHead = received.isHead
        isHTTP10 = received.isHTTP10
        path = received.path
        guard case .success(let head) = received.checked else { return }
        self.head = head
        codings = head.answerCodings
    }
}
