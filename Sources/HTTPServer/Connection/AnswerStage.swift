import NIOCore

/// One stage of a request's way through the workers.
enum AnswerStage: Sendable {
    case inflate(HTTPRequest, ContentCoding)
    case read(HTTPRequest)
    case compute(HTTPWork)

    /// The rank among the waiting requests of the caller, if it is known.
    var rank: UInt64 { if case .compute(let work) = self { work.rank } else { .max } }

    /// The price of the stage.
    ///
    /// Reading is taken to hold at most `limitBytes`, what the computing half of the budget has, so that it is always possible
    /// for a request that is alone.
    func price(_ exchange: any HTTPExchange, limitBytes: Int) -> HTTPPrice {
        switch self {
        case .inflate(let request, _):
            // How much comes out shows only later: most often some three times as much, at five nanoseconds a byte.
            return HTTPPrice(nanoseconds: 15 * request.body.readableBytes, heldBytes: min(64 << 10, limitBytes))
        case .read(let request):
            var price = exchange.readingPrice(bodyBytes: request.body.readableBytes)
            price.heldBytes = min(price.heldBytes, limitBytes)
            return price
        case .compute(let work): return work.price
        }
    }
}
