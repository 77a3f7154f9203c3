/// A JSON text under construction, so that single fields can be made wrong before it is written.
package indirect enum Node: Sendable {
    /// The finished text of a value.
    case text([UInt8])
    case list([Node])
    case object([(name: String, value: Node)])

    package static func number(_ number: Int) -> Node { .text(Array(String(number).utf8)) }
    package static func literal(_ text: String) -> Node { .text(Array(text.utf8)) }
    /// A text without characters that JSON escapes.
    package static func string(_ text: String) -> Node { .literal("\"\(text)\"") }
    package static func numbers(_ numbers: [Int]) -> Node { .list(numbers.map { .number($0) }) }
    package static func strings(_ texts: [String]) -> Node { .list(texts.map { .string($0) }) }
    package static func bool(_ bool: Bool) -> Node { .literal(bool ? "true" : "false") }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .text(let text): bytes += text
        case .list(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += Array("\"\(member.name)\":".utf8)
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The members of an object as the query of a URL: lists with commas, strings without quotes.
    package var query: String {
        guard case .object(let members) = self else { return "" }
        return members.map { "\($0.name)=\($0.value.queryValue)" }.joined(separator: "&")
    }

    private var queryValue: String {
        switch self {
        case .text(let text): Self.percentCoded(text.filter { $0 != UInt8(ascii: "\"") })
        case .list(let items): items.map(\.queryValue).joined(separator: ",")
        case .object: Self.percentCoded(bytes)
        }
    }

    private static func percentCoded(_ text: [UInt8]) -> String {
        var coded = ""
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                coded.unicodeScalars.append(Unicode.Scalar(byte))
            default: coded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return coded
    }
}
