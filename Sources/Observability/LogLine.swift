import TextCodecs

/// The form of the lines of the log.
package enum LogFormat: String, Sendable {
    case json
    /// Words, for people.
    case text
}

/// One line of the log, of bounded length: a JSON object, or words for people.
///
///     {"time":"2026-01-31T23:59:59.007Z","level":"info","message":"request","status":200,"path":"/a b"}
///     2026-01-31T23:59:59.007Z info request status=200 path="/a b"
///
/// In words, time, level, label and message have no names. Only a value that needs quotation marks has them.
///
/// In a text `"`, `\` and control characters are escaped. So are U+007F to U+009F, U+2028 and U+2029, which are commands for some
/// terminals and line ends for some readers. A text that is longer than ``maximumTextBytes`` is cut and ends with "…".
///
/// Of members with the same name only the first is written. Members that do not fit into ``maximumBytes`` are left out. Then
/// `"truncated":true` or `truncated=true` ends the line.
package struct LogLine: ~Copyable {
    /// The most bytes of a line, with its newline. A pipe takes so many in one piece (PIPE_BUF on Linux).
    package static let maximumBytes = 4096
    package static let maximumTextBytes = 1024

    private let format: LogFormat
    private var bytes: [UInt8] = []
    private var names: Set<String> = []
    private var isTruncated = false

    package init(_ format: LogFormat = .json) {
        self.format = format
        bytes.reserveCapacity(512)
    }

    package mutating func add(_ name: String, _ value: LogValue) {
        guard names.insert(name).inserted else { return }
        let length = bytes.count
        switch format {
        case .json:
            bytes.append(UInt8(ascii: length == 0 ? "{" : ","))
            Self.append(text: name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            value.append(to: &bytes)
        case .text:
            if length > 0 { bytes.append(UInt8(ascii: " ")) }
            appendWords(name, value)
        }
        guard bytes.count + end.utf8.count > Self.maximumBytes else { return }
        bytes.removeLast(bytes.count - length)
        isTruncated = true
    }

    private mutating func appendWords(_ name: String, _ value: LogValue) {
        guard case .text(let text) = value else {
            Self.append(unquoted: name, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            return value.append(to: &bytes)
        }
        switch name {
        case "time", "level", "message": return Self.append(unquoted: text, to: &bytes)
        case "label":
            Self.append(unquoted: text, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
        default:
            Self.append(unquoted: name, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            let isWord = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C }
            if isWord { Self.append(unquoted: text, to: &bytes) } else { Self.append(text: text, to: &bytes) }
        }
    }

    package consuming func finish() -> [UInt8] {
        if isTruncated { return bytes + (bytes.isEmpty && format == .json ? "{" + end.dropFirst() : end).utf8 }
        return bytes + (format == .text ? "\n" : bytes.isEmpty ? "{}\n" : "}\n").utf8
    }

    /// The end of a line of which members were left out.
    private var end: String { format == .json ? ",\"truncated\":true}\n" : " truncated=true\n" }

    static func append(text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        append(unquoted: text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a text that is short and has nothing to escape, as most are. Over memory that is a few instructions a byte.
    ///
    /// - Returns: whether it has.
    private static func appendPlain(_ text: String, to bytes: inout [UInt8]) -> Bool {
        var text = text
        return text.withUTF8 { utf8 in
            guard utf8.count <= maximumTextBytes,
                utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
            else { return false }
            bytes += utf8
            return true
        }
    }

    private static func append(unquoted text: String, to bytes: inout [UInt8]) {
        if appendPlain(text, to: &bytes) { return }
        var length = 0
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= maximumTextBytes else {
                bytes += "…".utf8
                break
            }
            switch scalar.value {
            case 0x22, 0x5C, 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029:
                JSONEscape.append(UInt16(truncatingIfNeeded: scalar.value), to: &bytes)
            default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
    }
}

/// The value of a member of a log line.
package enum LogValue: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    case unsigned(UInt64)
    /// A number in its shortest form that reads back. Those that are not finite are the texts "NaN", "Infinity" and "-Infinity".
    case number(Double)
    case bool(Bool)
    case array([LogValue])

    fileprivate func append(to bytes: inout [UInt8]) {
        switch self {
        case .text(let text): LogLine.append(text: text, to: &bytes)
        case .integer(let value): bytes += "\(value)".utf8
        case .unsigned(let value): bytes += "\(value)".utf8
        case .number(let value):
            if let name = NonFiniteNumber(value) { return bytes += name.quoted.description.utf8 }
            let text = "\(value)"
            bytes += (text.hasSuffix(".0") ? text.dropLast(2) : text[...]).utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                // A member that is longer than a line is left out anyway.
                guard bytes.count <= 2 * LogLine.maximumBytes else { break }
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }
}
