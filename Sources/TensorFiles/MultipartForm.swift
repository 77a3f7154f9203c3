package import Stopping

/// The parts of a `multipart/form-data` body (RFC 7578), such as array files and the fields that belong to them.
///
///     --boundary
///     Content-Disposition: form-data; name="input"; filename="x.npy"
///     Content-Type: application/octet-stream
///
///     the content
///     --boundary--
///
/// Lines end with CRLF. Nothing comes before the first boundary, and nothing but a line end after the last. A header field that RFC 7578
/// does not name is ignored. The contents are not touched: each part has its place in the body.
package struct MultipartForm: Sendable {
    package struct Part: Sendable, Equatable {
        package let name: String
        /// Nil if the part has none.
        package let fileName: String?
        /// The value of Content-Type. Nil if the part has none.
        package let contentType: String?
        /// The place of the content in the body.
        package let content: Range<Int>

        package init(name: String, fileName: String?, contentType: String?, content: Range<Int>) {
            (self.name, self.fileName, self.contentType, self.content) = (name, fileName, contentType, content)
        }
    }

    /// A question has fewer fields.
    static let maximumParts = 64

    /// In the order of the body.
    package let parts: [Part]

    /// - Throws: any ``MultipartError``.
    /// - Complexity: O(bytes).
    package init(
        _ body: UnsafeRawBufferPointer, boundary: String, stop: StopFlag = .never
    ) throws(MultipartError) {
        var scanner = MultipartScanner(body, boundary: boundary, stop: stop)
        guard scanner.skipBoundary() else {
            throw .malformed("the body does not begin with its boundary, --\(boundary)")
        }
        var parts: [Part] = []
        while try !scanner.isAtEnd() {
            guard parts.count < Self.maximumParts else {
                throw .malformed("the body has more than \(Self.maximumParts) parts")
            }
            let header = try MultipartHeader(&scanner, part: parts.count + 1)
            let content = try scanner.content(of: header.name)
            parts.append(
                Part(
                    name: header.name, fileName: header.fileName, contentType: header.contentType, content: content))
        }
        self.parts = parts
    }
}
