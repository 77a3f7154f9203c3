/// Breaks a JSON text over lines, one piece after another.
///
/// Each member of an object and each row of a nested array begins a line, indented by two spaces a level. An array without arrays
/// and objects stays on one line, and so does all that is below the eighth level. Strings and numbers keep their bytes:
///
///     {"mask":[[1,1],[0,1]],"size":4}
///
///     {
///       "mask": [
///         [1, 1],
///         [0, 1]
///       ],
///       "size": 4
///     }
///
/// The text has no white space between its tokens, as ``JSONWriter`` makes it. White space after the text stays as it is.
package struct JSONLineBreaker: Sendable {
    /// Deeper levels are not broken, so that no byte of the text becomes more than ``maximumGrowth``.
    static let maximumLevel = 8
    /// A comma, a line feed and the spaces of the deepest level.
    package static let maximumGrowth = 2 + 2 * maximumLevel

    private enum Place {
        case outside, string, escape
        /// After an opening bracket. The next byte decides whether its members have lines of their own.
        case opened(UInt8)
    }

    private var place = Place.outside
    /// Whether the members of each open bracket have lines of their own, the outermost first.
    private var isBroken: [Bool] = []

    package init() {}

    /// The next piece of the text, broken over lines. A piece may end anywhere.
    package mutating func broken(_ piece: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(2 * piece.count)
        for byte in piece { add(byte, to: &lines) }
        return lines
    }

    private mutating func add(_ byte: UInt8, to lines: inout [UInt8]) {
        switch place {
        case .string:
            lines.append(byte)
            if byte == UInt8(ascii: "\"") { place = .outside }
            if byte == UInt8(ascii: "\\") { place = .escape }
            return
        case .escape:
            lines.append(byte)
            place = .string
            return
        case .opened(let bracket):
            place = .outside
            // An empty array or object stays together.
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { return lines.append(byte) }
            let hasRows = bracket == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
            isBroken.append(hasRows && isBroken.count < Self.maximumLevel && isBroken.last != false)
            breakLine(&lines)
        case .outside: break
        }
        switch byte {
        case UInt8(ascii: "\""):
            lines.append(byte)
            place = .string
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            lines.append(byte)
            place = .opened(byte)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if isBroken.popLast() == true { endLine(&lines) }
            lines.append(byte)
        case UInt8(ascii: ","):
            lines.append(byte)
            if isBroken.last == true { breakLine(&lines) } else { lines.append(UInt8(ascii: " ")) }
        case UInt8(ascii: ":"):
            lines.append(byte)
            lines.append(UInt8(ascii: " "))
        default: lines.append(byte)
        }
    }

    /// Begins a line for a member of the innermost bracket, if its members have lines.
    private func breakLine(_ lines: inout [UInt8]) {
        if isBroken.last == true { endLine(&lines) }
    }

    private func endLine(_ lines: inout [UInt8]) {
        lines.append(0x0A)
        for _ in 0..<isBroken.count {
            lines.append(0x20)
            lines.append(0x20)
        }
    }
}
