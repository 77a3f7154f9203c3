package import TensorJSON

/// The body of an answer.
package enum ServiceBody: Sendable {
    case bytes([UInt8])
    /// Pulled one chunk at a time, nil at the end. Each call computes the next lines.
    case chunks(@Sendable () -> ServiceChunk?)
    /// Pulled in order, nil at the end, and printed by any free thread. Together the parts are the text of a large answer.
    case parts(@Sendable () -> JSONPart?)

    /// All bytes, one after another.
    ///
    /// - Returns: whether the body is whole. It is not if it was cut.
    @discardableResult
    package func forEachChunk<Failure>(_ take: ([UInt8]) throws(Failure) -> Void) throws(Failure) -> Bool {
        switch self {
        case .bytes(let bytes): try take(bytes)
        case .chunks(let next):
            while let chunk = next() {
                try take(chunk.bytes)
                if chunk.isCut { return false }
            }
        case .parts(let next): while let part = next() { try take(part.bytes()) }
        }
        return true
    }
}

/// The next lines of an answer that is sent while it is computed.
package struct ServiceChunk: Sendable {
    package let bytes: [UInt8]
    /// The answer could not be finished. These bytes are its last, and it must not end as a whole answer ends.
    package let isCut: Bool
    /// The time of one core that the next chunk takes, by its price. 0 if it is short or not known.
    package let nextNanoseconds: Int

    package init(_ bytes: [UInt8], isCut: Bool = false, nextNanoseconds: Int = 0) {
        self.bytes = bytes
        self.isCut = isCut
        self.nextNanoseconds = nextNanoseconds
    }
}
