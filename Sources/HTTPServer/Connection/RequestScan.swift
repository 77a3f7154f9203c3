import TextCodecs

/// Follows the bytes of one request from the first to the last and says where its header and its body end.
///
/// It judges no more than it must: what the request line and the fields mean is the codec's to say. It keeps the bounds
/// that the codec has not, and notes what the codec does not tell of the request line.
package struct RequestScan {
    package enum Body: Sendable, Equatable {
        case bytes(UInt64)
        case chunked
    }

    package enum Stop: Equatable {
        /// The request goes on behind these bytes.
        case nowhere
        /// At the blank line; the body must be told before it goes on.
        case behindHeader
        case behindRequest
        case refused(HTTPRefusal)
    }

    private enum Place: Equatable {
        case emptyLines, method, target, version(Int), fields
        case awaitingBody, body(UInt64)
        case chunkLine(isInSize: Bool), chunk(UInt64), trailers
        case ended
    }

    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D
    private static let space: UInt8 = 0x20
    private static let version = Array("HTTP/_.".utf8)

    private let maximumTargetBytes: Int
    private let maximumHeaderBytes: Int
    private let maximumBodyBytes: Int
    private var place = Place.emptyLines
    /// Bytes of the part that is measured.
    private var measured = 0
    private var isLineEmpty = true
    private var chunkSize: UInt64 = 0

    /// Whether the method, as far as it has come, is made of letters.
    package private(set) var hasMethodOfLetters = false
    /// Where in the bytes of the last step a minor version above 1 stands.
    package private(set) var laterMinorVersion: Int?

    package init(_ configuration: HTTPServerConfiguration) {
        maximumTargetBytes = configuration.maximumTargetBytes
        maximumHeaderBytes = configuration.maximumHeaderBytes
        maximumBodyBytes = configuration.maximumBodyBytes
    }

    package var hasStarted: Bool { place != .emptyLines }
    package var awaitsBody: Bool { place == .awaitingBody }
    package var hasEnded: Bool { place == .ended }

    /// Tells what follows the header.
    package mutating func expect(_ body: Body) {
        switch body {
        case .bytes(0): place = .ended
        case .bytes(let count): place = .body(count)
        case .chunked: beginChunk()
        }
    }

    /// The number of bytes up to the next stop, at most all of them.
    package mutating func advance(_ bytes: UnsafeRawBufferPointer) -> (count: Int, stop: Stop) {
        laterMinorVersion = nil
        var index = 0
        while index < bytes.count {
            var refusal: HTTPRefusal?
            switch place {
            case .awaitingBody, .ended: return (index, .nowhere)
            case .body(let left), .chunk(let left):
                let count = Int(min(left, UInt64(bytes.count - index)))
                index += count
                skip(count, of: left)
            case .fields, .trailers:
                let end = bytes[index...].firstIndex(of: Self.lineFeed).map { $0 + 1 } ?? bytes.count
                refusal = field(bytes[index..<end])
                index = end
            case .emptyLines, .method, .target, .version:
                refusal = requestLine(bytes[index], at: index)
                index += 1
            case .chunkLine(let isInSize):
                refusal = chunkLine(bytes[index], isInSize)
                index += 1
            }
            if let refusal { return (index, .refused(refusal)) }
            if awaitsBody { return (index, .behindHeader) }
            if hasEnded { return (index, .behindRequest) }
        }
        return (index, .nowhere)
    }

    private mutating func skip(_ count: Int, of left: UInt64) {
        let left = left - UInt64(count)
        if case .body = place {
            place = left == 0 ? .ended : .body(left)
        } else if left == 0 {
            beginChunk()
        } else {
            place = .chunk(left)
        }
    }

    private mutating func beginChunk() {
        place = .chunkLine(isInSize: true)
        chunkSize = 0
        measured = 0
    }

    // MARK: Lines

    private mutating func requestLine(_ byte: UInt8, at index: Int) -> HTTPRefusal? {
        if place == .emptyLines, byte == Self.lineFeed || byte == Self.carriageReturn { return measure(1) }
        if byte == Self.lineFeed {
            begin(.fields)
            return nil
        }
        switch (place, byte) {
        case (.emptyLines, _):
            begin(.method)
            hasMethodOfLetters = Self.isLetter(byte)
        case (.method, Self.space): begin(.target)
        case (.method, _): hasMethodOfLetters = hasMethodOfLetters && Self.isLetter(byte)
        case (.target, Self.space):
            if measured == 0 { return HTTPRefusal(400, .malformed, "the request line has no target") }
            place = .version(0)
        case (.target, _):
            measured += 1
            if measured > maximumTargetBytes {
                return HTTPRefusal(414, .tooLarge, "the target is longer than \(maximumTargetBytes) bytes")
            }
        case (.version(let column), _): return version(byte, column, at: index)
        default: break
        }
        return nil
    }

    /// HTTP/1.2 and so on are read as HTTP/1.1 (RFC 9110, 2.5). Anything but "HTTP/", a digit, "." and a digit is no
    /// version, which the codec says.
    private mutating func version(_ byte: UInt8, _ column: Int, at index: Int) -> HTTPRefusal? {
        place = .version(column + 1)
        switch (column, byte) {
        case (0, Self.space): return HTTPRefusal(400, .malformed, "the request line has more than two spaces")
        case (5, UInt8(ascii: "0")), (5, UInt8(ascii: "2")...UInt8(ascii: "9")):
            return HTTPRefusal(505, .malformed, "HTTP/1.1 or HTTP/1.0 expected")
        case (7, UInt8(ascii: "2")...UInt8(ascii: "9")): laterMinorVersion = index
        case (5, UInt8(ascii: "1")), (7, _): break
        case (..<7, _) where byte == Self.version[column]: break
        default: place = .version(8)
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }

    /// A field line, or what has come of it.
    private mutating func field(_ bytes: Slice<UnsafeRawBufferPointer>) -> HTTPRefusal? {
        isLineEmpty = isLineEmpty && (bytes.first == Self.carriageReturn || bytes.first == Self.lineFeed)
        guard bytes.last == Self.lineFeed else { return isLineEmpty ? nil : measure(bytes.count) }
        if isLineEmpty {
            place = place == .fields ? .awaitingBody : .ended
            return nil
        }
        isLineEmpty = true
        return measure(bytes.count)
    }

    private mutating func chunkLine(_ byte: UInt8, _ isInSize: Bool) -> HTTPRefusal? {
        if byte == Self.lineFeed {
            // The codec refuses what is cut.
            if chunkSize > UInt64(maximumBodyBytes), chunkSize < .max { return .bodyTooLarge(maximumBodyBytes) }
            if chunkSize == 0 { begin(.trailers) } else { place = .chunk(min(chunkSize, .max - 2) + 2) }
            return nil
        }
        measured += 1
        guard measured <= maximumHeaderBytes else {
            return HTTPRefusal(400, .malformed, "the line of a chunk's size is larger than \(maximumHeaderBytes) bytes")
        }
        if byte == Self.carriageReturn { return nil }
        if isInSize, let digit = Hexadecimal.value(byte) {
            chunkSize = chunkSize >> 60 == 0 ? chunkSize << 4 | UInt64(digit) : .max
        } else {
            place = .chunkLine(isInSize: false)
        }
        return nil
    }

    private mutating func begin(_ part: Place) {
        place = part
        measured = 0
        isLineEmpty = true
    }

    private mutating func measure(_ count: Int) -> HTTPRefusal? {
        measured += count
        guard measured > maximumHeaderBytes else { return nil }
        return HTTPRefusal(431, .tooLarge, "the header is larger than \(maximumHeaderBytes) bytes")
    }
}

extension RequestScan.Body {
    /// Whether the body is read even where it is not wanted, so that the connection can go on.
    var isShort: Bool {
        switch self {
        case .bytes(let count): count <= 64 << 10
        case .chunked: false
        }
    }
}
