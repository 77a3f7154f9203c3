#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// What tells one state of a file from another without reading it.
///
/// The time of the last change of the inode cannot be set, so a copy that keeps the time of its original is seen too.
package struct FileFigures: Sendable, Equatable {
    package var device = UInt64(0)
    package var inode = UInt64(0)
    package var byteCount = Int64(0)
    /// The time of the last write, in seconds and nanoseconds.
    package var written = [Int64(0), 0]
    /// The time of the last change of content, name, owner or rights, in seconds and nanoseconds.
    package var changed = [Int64(0), 0]

    package init() {}

    /// The figures of the file to which `path` leads, through symbolic links; nil if there is none.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        byteCount = Int64(status.st_size)
        written = Self.words(status.st_mtim)
        changed = Self.words(status.st_ctim)
    }

    /// The seconds and the nanoseconds of a `timespec`. A static build does not see its members, because there another module
    /// declares them.
    private static func words<Time>(_ time: Time) -> [Int64] {
        withUnsafeBytes(of: time) { bytes in
            stride(from: 0, through: bytes.count - 8, by: 8).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self)
            }
        }
    }
}
