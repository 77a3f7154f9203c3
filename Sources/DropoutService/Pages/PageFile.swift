/// A file that a browser shows or loads, embedded in the program.
///
/// Its answer has a strong tag, so that a browser asks again with `If-None-Match`, and is compressed like any other. An embedded
/// file is `PackageResources.name_type` in Swift, so two pages have no files of the same name.
struct PageFile: Sendable {
    /// The last segment of its path.
    let name: String
    let type: MediaType
    let reply: ServiceReply

    init(_ name: String, _ type: MediaType, _ bytes: [UInt8]) {
        (self.name, self.type) = (name, type)
        reply = ServiceReply(fixed: bytes, type, headers: Self.fields)
    }

    /// What a page may load: the files of this server and nothing else. No other page may frame it.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    private static let fields = [
        (name: "Content-Security-Policy", value: policy), (name: "Referrer-Policy", value: "no-referrer"),
    ]
}
