import Glibc

/// A file that is read from its beginning to its end, or standard input.
final class InputFile {
    /// A file that cannot be opened or read.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The path that stands for standard input.
    static let standardInput = "-"

    private let descriptor: Int32
    private let name: String
    private let isOwned: Bool

    /// - Parameter path: a path, or `-` for standard input.
    init(_ path: String) throws(Failure) {
        isOwned = path != Self.standardInput
        name = isOwned ? path : "standard input"
        descriptor = isOwned ? open(path, O_RDONLY | O_CLOEXEC) : StandardStream.input.rawValue
        guard descriptor >= 0 else {
            throw Failure(description: "cannot open \(name): \(String(cString: strerror(errno)))")
        }
    }

    deinit { if isOwned { close(descriptor) } }

    /// The length of a regular file. Nil for a pipe or a terminal.
    var byteCount: Int? {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(facts.st_size)
    }

    /// Adds up to `count` bytes to `bytes`.
    ///
    /// - Returns: the number of bytes, which is 0 at the end.
    func read(_ count: Int, to bytes: inout [UInt8]) throws(Failure) -> Int {
        var (found, error) = (0, Int32(0))
        bytes += [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            repeat { found = Glibc.read(descriptor, buffer.baseAddress, count) } while found < 0 && errno == EINTR
            error = errno
            read = max(0, found)
        }
        guard found >= 0 else {
            throw Failure(description: "cannot read \(name): \(String(cString: strerror(error)))")
        }
        return found
    }

    /// All bytes to the end.
    ///
    /// - Throws: also for more than `limit` bytes.
    func readAll(limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        if let byteCount, byteCount <= limit { bytes.reserveCapacity(byteCount + Self.chunkBytes) }
        while try read(Self.chunkBytes, to: &bytes) > 0 {
            guard bytes.count <= limit else {
                throw Failure(description: "\(name) has more than \(limit) bytes")
            }
        }
        return bytes
    }

    static let chunkBytes = 64 << 10
}
