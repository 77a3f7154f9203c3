import TensorJSON

/// Texts of files and answers as reports may have them.
enum PrintableText {
    /// A text of one line without control characters, which could steer a terminal.
    static func line(_ text: some StringProtocol) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }

    /// A text between quotation marks, as JSON and YAML have it.
    static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        var json = writer.finish()
        return String(decoding: json.allBytes(), as: UTF8.self)
    }

    /// A text inside an element or an attribute of XML. A character that XML 1.0 cannot have becomes U+FFFD.
    static func xml(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;".unicodeScalars
            case "<": escaped += "&lt;".unicodeScalars
            case ">": escaped += "&gt;".unicodeScalars
            case "\"": escaped += "&quot;".unicodeScalars
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);".unicodeScalars
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// Seconds with three digits after the point.
    static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = "\(attoseconds / 1_000_000_000_000_000)"
        return "\(seconds)." + String(repeating: "0", count: max(0, 3 - milliseconds.utf8.count)) + milliseconds
    }
}
