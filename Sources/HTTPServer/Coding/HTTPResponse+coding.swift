extension HTTPResponse {
    /// Whether compression saves more than it costs: text of more than a packet.
    package var isWorthCompressing: Bool {
        switch body {
        case .bytes(let bytes) where bytes.count < 1400: false
        case .bytes, .chunks, .parts: !isEncoded
        }
    }

    var isEncoded: Bool { headers.contains { $0.name == "Content-Encoding" } }

    /// The answer in a content coding, or as it is if zlib has no memory.
    package func encoded(_ coding: ContentCoding) -> HTTPResponse {
        guard let deflated = body.deflated(coding) else { return self }
        var response = self
        response.body = deflated
        response.headers.append(("Content-Encoding", coding.rawValue))
        return response
    }

    /// Bytes that the response holds until it is sent. One that is computed while it is sent may hold all that its plan
    /// holds.
    func unsentBytes(_ price: HTTPPrice) -> Int {
        switch body {
        case .bytes(let bytes): bytes.count
        case .parts: heldBytes + min(price.printedBytes, AnswerStream.textBytes)
        case .chunks: max(heldBytes, price.answerBytes)
        }
    }
}
