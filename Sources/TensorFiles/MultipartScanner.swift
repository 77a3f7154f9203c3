import Stopping

/// Walks a form from boundary to boundary.
struct MultipartScanner {
    /// More than a name, a file name and a media type take.
    private static let maximumHeaderBytes = 4096
    /// After how many bytes the stop flag is asked: some tens of microseconds.
    private static let blockBytes = 1 << 16
    private static let lineEnd: [UInt8] = [0x0D, 0x0A]

    private let body: UnsafeRawBufferPointer
    /// The line end before a boundary, and the boundary.
    private let delimiter: [UInt8]
    private let stop: StopFlag
    private var position = 0

    init(_ body: UnsafeRawBufferPointer, boundary: String, stop: StopFlag) {
        (self.body, self.stop) = (body, stop)
        delimiter = Self.lineEnd + Array("--\(boundary)".utf8)
    }

    /// Passes over the first boundary. False if the body does not begin with it.
    mutating func skipBoundary() -> Bool {
        position = delimiter.count - Self.lineEnd.count
        return body.starts(with: delimiter.dropFirst(Self.lineEnd.count))
    }

    /// Passes over what follows a boundary: a line end, or the two hyphens after the last one.
    mutating func isAtEnd() throws(MultipartError) -> Bool {
        if isHere(Self.lineEnd) {
            position += Self.lineEnd.count
            return false
        }
        guard isHere([UInt8(ascii: "-"), UInt8(ascii: "-")]) else {
            throw .malformed("a line end or -- expected after the boundary, at byte \(position)")
        }
        position += 2
        if isHere(Self.lineEnd) { position += Self.lineEnd.count }
        guard position == body.count else {
            throw .malformed("\(body.count - position) bytes after the last boundary")
        }
        return true
    }

    /// The lines of a header, up to the empty one.
    mutating func headerLines(part: Int) throws(MultipartError) -> [String] {
        var lines: [String] = []
        let start = position
        while true {
            var end = position
            while end < body.count, body[end] != 0x0D, body[end] != 0x0A {
                guard end - start < Self.maximumHeaderBytes else {
                    throw .malformed("the header of part \(part) has more than \(Self.maximumHeaderBytes) bytes")
                }
                end += 1
            }
            guard end < body.count else { throw .malformed("the header of part \(part) has no end") }
            let line = body[position..<end]
            position = end
            guard isHere(Self.lineEnd) else {
                throw .malformed("a line of the header of part \(part) does not end with CRLF")
            }
            position += Self.lineEnd.count
            if line.isEmpty { return lines }
            let isPlain =
                line.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } && line.first.map { $0 > 0x20 } ?? false
            guard isPlain, let text = String(validating: line, as: UTF8.self) else {
                throw .malformed("the header of part \(part) has a line that is not text, or that goes on with a space")
            }
            lines.append(text)
        }
    }

    /// The place of a content, up to the next boundary, which is passed over.
    mutating func content(of name: String) throws(MultipartError) -> Range<Int> {
        let start = position
        var nextStop = position
        while let end = lineEnd(from: position, nextStop: &nextStop) {
            position = end
            if isHere(delimiter), isBoundaryEnd(end + delimiter.count) {
                position = end + delimiter.count
                return start..<end
            }
            position += 1
        }
        guard !stop.isSet else { throw .stopped }
        throw .malformed(
            "no boundary after the part \"\(name.prefix(40))\"; the body is cut, or its boundary is another")
    }

    /// Whether the bytes after a boundary are those that may follow it. A longer line is content.
    private func isBoundaryEnd(_ place: Int) -> Bool {
        guard body.count - place >= 2 else { return false }
        return body[place] == 0x0D && body[place + 1] == 0x0A
            || body[place] == UInt8(ascii: "-") && body[place + 1] == UInt8(ascii: "-")
    }

    private func isHere(_ bytes: [UInt8]) -> Bool {
        guard body.count - position >= bytes.count else { return false }
        return bytes.indices.allSatisfy { body[position + $0] == bytes[$0] }
    }

    /// The next carriage return. Nil if there is none, or if the flag is set.
    private func lineEnd(from start: Int, nextStop: inout Int) -> Int? {
        var place = start
        while place < body.count {
            if place >= nextStop {
                guard !stop.isSet else { return nil }
                nextStop = place + Self.blockBytes
            }
            // Eight bytes at once that have no carriage return: a byte of the difference that is 0 would borrow.
            if body.count - place >= 8 {
                let word = body.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ 0x0D0D_0D0D_0D0D_0D0D
                if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 == 0 {
                    place += 8
                    continue
                }
            }
            if body[place] == 0x0D { return place }
            place += 1
        }
        return nil
    }
}
