/// One request as the contract sees it: no sockets, no header list, a body that lives as long as the call.
package struct ServiceRequest {
    package let method: String
    /// The path of the target, percent-decoded, without its query.
    package let path: String
    /// The text after the `?`, still percent-encoded.
    package let query: String?
    package let contentType: String?
    package let accept: String?
    /// The value of `Inference-Header-Content-Length`.
    package let inferenceHeaderLength: String?
    package let body: UnsafeBufferPointer<UInt8>

    package init(
        method: String, path: String, query: String? = nil, contentType: String? = nil, accept: String? = nil,
        inferenceHeaderLength: String? = nil, body: UnsafeBufferPointer<UInt8>
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.accept = accept
        self.inferenceHeaderLength = inferenceHeaderLength
        self.body = body
    }
}
