/// What caches between the service and its caller may do with an answer (RFC 9111).
package enum Caching: Sendable, Equatable {
    /// The answer is not stored. Chance, time or the caller decides it too, or nobody asks for it twice.
    case noStore
    /// The answer is the same until the service has another version. A cache asks before each use whether it still is.
    case revalidated(tag: String)
    /// The answer is a function of the question and never another.
    case immutable(tag: String)

    /// The value of Cache-Control.
    package var control: String {
        switch self {
        case .noStore: "no-store"
        case .revalidated: "no-cache"
        case .immutable: "public, max-age=31536000, immutable"
        }
    }

    /// The text between the quotation marks of the strong ETag, without a mark for the content coding. Nil if the answer is not
    /// stored.
    package var tag: String? {
        switch self {
        case .noStore: nil
        case .revalidated(let tag), .immutable(let tag): tag
        }
    }

    /// The caching of the same answer in another form, which the mark names.
    func marked(_ mark: String) -> Caching {
        switch self {
        case .noStore: .noStore
        case .revalidated(let tag): .revalidated(tag: "\(tag)-\(mark)")
        case .immutable(let tag): .immutable(tag: "\(tag)-\(mark)")
        }
    }
}
