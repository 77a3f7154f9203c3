package import Stopping

/// What becomes of a request after it is parsed and checked. Nothing has been computed yet.
package enum ServicePlan: Sendable {
    /// The answer needs no computation: a refusal, a probe, a fixed text.
    case reply(ServiceReply)
    case work(ServiceWork)

    /// What a client gets that has stored the answer with this tag, without a computation. Nil if nobody may store it.
    package var unchanged: ServiceReply? {
        switch self {
        case .reply(let reply): reply.unchanged
        case .work(let work): work.unchanged
        }
    }
}

/// A checked question with its price. It owns its tensors, so the request's body is not needed any more.
package struct ServiceWork: Sendable {
    package let price: Price
    /// Bytes that the question holds while it waits.
    package let questionBytes: Int
    package let urgency: Urgency
    /// What a client gets that has stored the answer. Nil if nobody may store it.
    package let unchanged: ServiceReply?
    /// Computes the answer.
    ///
    /// The flag may be set at any time. The answer is then a problem with status 503, which says that the deadline passed. If
    /// the flag is set while the chunks of the answer's body are made, the body is cut. Parts are short and are printed to
    /// their ends.
    package let run: @Sendable (StopFlag) -> ServiceReply

    package init(
        price: Price, questionBytes: Int, urgency: Urgency = .usual, unchanged: ServiceReply? = nil,
        run: @escaping @Sendable (StopFlag) -> ServiceReply
    ) {
        self.price = price
        self.questionBytes = questionBytes
        self.urgency = urgency
        self.unchanged = unchanged
        self.run = run
    }
}
