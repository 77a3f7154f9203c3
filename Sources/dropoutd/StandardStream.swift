import Glibc

/// One of the three streams that a program starts with, without a buffer.
enum StandardStream: Int32 {
    case input = 0
    case output
    case error

    /// A call of the system that failed.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let chunkBytes = 64 << 10

    /// Whether a person reads or types here.
    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Reads to the end, or a few bytes more than `enough` if there are so many.
    func read(enough: Int = .max) throws(Failure) -> [UInt8] {
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: Self.chunkBytes))
        while bytes.count <= enough {
            let count = Glibc.read(rawValue, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot read from") }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    /// Writes all of `bytes`.
    func write(_ bytes: some Collection<UInt8>) throws(Failure) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot write to") }
            rest = rest.dropFirst(count)
        }
    }

    private func failure(_ what: String) -> Failure {
        Failure(description: "\(what) standard \(self): \(String(cString: strerror(errno)))")
    }
}
