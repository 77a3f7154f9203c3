import TextCodecs

/// Scans the raw bytes of one request before NIO's decoder gets them. Finds the end of its header and of its body, enforces
/// the limits that the decoder lacks, and records what the decoder drops.
///
/// The grammar is that of RFC 9112, and this is what the scan checks of it:
///
/// ```
/// HTTP-message    = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]      (2.1)
/// request-line    = method SP request-target SP HTTP-version                        (3)
/// HTTP-version    = HTTP-name "/" DIGIT "." DIGIT                                   (2.3)
/// field-line      = field-name ":" OWS field-value OWS                              (5)
/// chunked-body    = *chunk last-chunk trailer-section CRLF                          (7.1)
/// chunk           = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
/// last-chunk      = 1*("0") [ chunk-ext ] CRLF
/// trailer-section = *( field-line CRLF )                                            (7.1.2)
/// ```
///
/// | part | checked here |
/// | --- | --- |
/// | empty lines before the request-line (2.2) | length, as that of a header: 431 |
/// | method | whether it is made of letters, so that an unknown method is told from bytes that are no HTTP |
/// | request-target | not empty: 400; length: 414 |
/// | HTTP-version | major version: 505; no second space before it: 400; a later minor version is found and read as 1.1 (RFC 9110, 2.5) |
/// | field-lines together, trailer-section | length with the line ends: 431 |
/// | chunk-size | at most the length of a body: 413 |
/// | chunk-size with chunk-ext | length: 400 |
///
/// NIO's decoder checks everything else in these lines: the characters of each part, CR before LF, the colon, white space,
/// folded lines, the digits of a size and the line end after chunk-data. It also counts the fields. ``RequestTarget`` and
/// ``RequestHead`` check what the parts mean: the form of the target, Host, the lengths and codings of the body.
package struct RequestScan {
    package enum Body: Sendable, Equatable {
        case bytes(UInt64)
        case chunked
    }

    package enum Stop: Equatable {
        /// The request goes on after these bytes.
        case nowhere
        /// The header has ended with its empty line. The scan goes on after ``expect(_:)``.
        case behindHeader
        /// The request has ended.
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
    /// Length so far of the part that has a limit: the target, the field-lines, the trailer-section or a chunk's line.
    private var measured = 0
    /// Whether the present field-line has nothing but its line end so far.
    private var isLineEmpty = true
    /// The size of the present chunk; the largest number if the size is larger.
    private var chunkSize: UInt64 = 0

    /// Whether the method is made of letters so far.
    package private(set) var hasMethodOfLetters = false
    /// The place of the minor version in the bytes of the last step, if it is above 1.
    package private(set) var laterMinorVersion: Int?

    package init(_ configuration: HTTPServerConfiguration) {
        maximumTargetBytes = configuration.maximumTargetBytes
        maximumHeaderBytes = configuration.maximumHeaderBytes
        maximumBodyBytes = configuration.maximumBodyBytes
    }

    package var hasStarted: Bool { place != .emptyLines }
    package var awaitsBody: Bool { place == .awaitingBody }
    package var hasEnded: Bool { place == .ended }

    /// Goes on after the header, which `body` follows.
    package mutating func expect(_ body: Body) {
        switch body {
        case .bytes(0): place = .ended
        case .bytes(let count): place = .body(count)
        case .chunked: beginChunk()
        }
    }

    /// Scans `bytes` up to the next stop, and returns the number of bytes before it.
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

    /// One byte of the HTTP-version. After a byte that is wrong, the rest of the line is the decoder's to refuse.
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

    /// A field-line, or the part of it that has come.
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
            // The decoder refuses a size that does not fit into 64 bits.
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
    /// Whether the body is read even if it is not wanted, so that the connection can go on.
    var isShort: Bool {
        switch self {
        case .bytes(let count): count <= 64 << 10
        case .chunked: false
        }
    }
}
