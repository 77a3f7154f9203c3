extension HTTPResponse {
    /// Whether compression can save a packet: the body has more bytes than one, or its length is not known.
    package var isWorthCompressing: Bool {
        switch body {
        case .bytes(let bytes) where bytes.count < 1400: false
        case .bytes, .pulled: !isEncoded
        }
    }

    var isEncoded: Bool { headers.contains { $0.name == "Content-Encoding" } }

    /// The answer in the coding that the client wants, or as it is if zlib has no memory.
    package func encoded(_ codings: AnswerCodings) -> HTTPResponse {
        guard let coding = codings.coding(for: self), let deflated = body.deflated(coding) else { return self }
        var response = self
        response.body = deflated
        response.headers = headers(in: coding)
        return response
    }

    /// The fields of the answer in a coding, which has a strong tag of its own.
    func headers(in coding: ContentCoding) -> [(name: String, value: String)] {
        headers.map { field in
            guard field.name == "ETag", field.value.hasSuffix("\"") else { return field }
            return (field.name, "\(coding.tag(field.value.dropLast()))\"")
        } + [("Content-Encoding", coding.rawValue)]
    }

    /// Bytes that the response holds until it is sent. One that is computed while it is sent may hold all that its plan
    /// holds.
    func unsentBytes(_ price: HTTPPrice) -> Int {
        switch body {
        case .bytes(let bytes): bytes.count
        case .pulled(.parts): heldBytes + min(price.printedBytes, AnswerStream.textBytes)
        case .pulled(.chunks): max(heldBytes, price.answerBytes)
        }
    }
}
