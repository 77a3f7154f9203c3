import Glibc

/// The lines of a file, one at a time. Lines of white space alone are passed over.
struct LineReader {
    enum Line {
        case text([UInt8])
        /// More bytes than a line may have. They are passed over.
        case tooLong
    }

    /// A line that is longer than a line may be.
    struct TooLong: Error, CustomStringConvertible {
        let number: Int
        var description: String { "line \(number) has more than \(LineReader.maximumBytes) bytes" }
    }

    /// The most bytes of a line: those of a server's largest body, unless its settings say otherwise.
    static let maximumBytes = Setting.maxBodyBytes.standardNumber ?? 0

    private let file: InputFile
    /// What is read and not yet returned, from `start` on.
    private var bytes: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// The number of the last line, from 1.
    private(set) var number = 0
    /// The bytes of all lines up to the last one.
    private(set) var readBytes = 0

    init(_ file: InputFile) { self.file = file }

    /// The next line without its line feed. Nil at the end.
    mutating func next() throws(InputFile.Failure) -> Line? {
        while let line = try nextOfAll() {
            if case .text(let text) = line, text.allSatisfy(Self.isSpace) { continue }
            return line
        }
        return nil
    }

    private mutating func nextOfAll() throws(InputFile.Failure) -> Line? {
        var scanned = start
        var isTooLong = false
        while true {
            if let end = lineFeed(from: scanned) {
                return line(to: end, next: end + 1, isTooLong)
            }
            if isAtEnd {
                return start == bytes.count && !isTooLong ? nil : line(to: bytes.count, next: bytes.count, isTooLong)
            }
            if bytes.count - start > Self.maximumBytes {
                isTooLong = true
                readBytes += bytes.count - start
                start = bytes.count
            }
            if start > 0 {
                bytes.removeFirst(start)
                start = 0
            }
            scanned = bytes.count
            isAtEnd = try file.read(InputFile.chunkBytes, to: &bytes) == 0
        }
    }

    private mutating func line(to end: Int, next: Int, _ isTooLong: Bool) -> Line {
        let text = bytes[start..<end]
        number += 1
        readBytes += next - start
        start = next
        return isTooLong || text.count > Self.maximumBytes ? .tooLong : .text(Array(text))
    }

    private func lineFeed(from place: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard place < buffer.count, let base = buffer.baseAddress,
                let found = memchr(base + place, 0x0A, buffer.count - place)
            else { return nil }
            return base.distance(to: UnsafeRawPointer(found))
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
