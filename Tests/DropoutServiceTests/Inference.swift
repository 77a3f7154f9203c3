import DropoutService

/// An answer to an inference request: its JSON, and the bytes after it.
struct Inference {
    let status: Int
    let headers: [String: String]
    /// The bytes of the JSON, up to the length in the header.
    let reply: Reply
    let tail: [UInt8]

    /// The `data` of an output, as it was sent.
    func data(_ name: String) -> String? { member(of: name, "data") }

    /// A member of an output, as it was sent.
    func member(of output: String, _ member: String) -> String? {
        guard let outputs = try? reply.json("outputs") else { return nil }
        for entry in Reply.items(of: outputs) {
            let members = Reply.members(of: entry)
            guard members.contains(where: { $0.name == "name" && $0.text == "\"\(output)\"" }) else { continue }
            return members.first { $0.name == member }?.text
        }
        return nil
    }
}

/// Asks for an inference without a socket.
///
/// - Parameter tail: raw elements after the JSON. Nil for a request without `Inference-Header-Content-Length`.
func infer(
    _ json: String, tail: [UInt8]? = nil, model: String = "dropout", path: String? = nil, headLength: String? = nil,
    contentType: String? = nil, limits: ServiceLimits = ServiceLimits()
) -> Inference {
    let body = Array(json.utf8) + (tail ?? [])
    return body.withUnsafeBufferPointer { bytes in
        let reply = DropoutAPI(limits: limits).respond(
            to: ServiceRequest(
                method: "POST", path: path ?? "/v2/models/\(model)/infer", contentType: contentType,
                inferenceHeaderLength: headLength ?? tail.map { _ in "\(json.utf8.count)" }, body: bytes))
        var all: [UInt8] = []
        reply.body.forEachChunk { all += $0 }
        let headers = Dictionary(reply.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let length = headers["Inference-Header-Content-Length"].flatMap(Int.init) ?? all.count
        return Inference(
            status: reply.status, headers: headers,
            reply: Reply(
                status: reply.status, text: String(decoding: all.prefix(length), as: UTF8.self), headers: headers),
            tail: Array(all.dropFirst(length)))
    }
}
