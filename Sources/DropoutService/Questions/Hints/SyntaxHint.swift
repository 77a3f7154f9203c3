/// What to do about a text that is not JSON, by what is found at the wrong byte.
enum SyntaxHint {
    /// The advice, such as "; JSON writes true", or nothing.
    static func text(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> String {
        let rest = word(bytes, from: offset)
        guard let first = rest.first else {
            return bytes.allSatisfy(isSpace) ? "; the body is empty: send the question as a JSON object" : ""
        }
        if bytes.prefix(offset).allSatisfy(isSpace), first.isLetter, isForm(bytes) {
            return "; the body is name=value: send the question as a JSON object, such as {\"rate\": 0.5}"
        }
        if let hint = words.first(where: { rest.hasPrefix($0.prefix) })?.hint { return "; \(hint)" }
        let before = last(bytes, before: offset)
        switch first {
        case "'": return "; JSON has the quotation marks \" alone"
        case "#": return "; JSON has no comments"
        case "/" where rest.hasPrefix("//") || rest.hasPrefix("/*"): return "; JSON has no comments"
        case "(": return "; JSON writes a tuple as a list: [ ]"
        case ".": return "; write a digit before the point, such as 0.5"
        case "+": return "; a number has no + before it"
        case "@" where offset == 0: return "; curl reads a file with -d @file or --data-binary @file"
        case "]", "}":
            if before == UInt8(ascii: ",") { return "; delete the comma before it" }
            return before == UInt8(ascii: ".") ? "; \(numPy)" : ""
        case " " where before == UInt8(ascii: "."), "," where before == UInt8(ascii: "."): return "; \(numPy)"
        case "0"..."9", "-", "[":
            // Only between two items of a list.
            guard let before, isDigit(before) || before == UInt8(ascii: "]") || before == UInt8(ascii: ".") else {
                return ""
            }
            return "; put commas between the items, as json.dumps(array.tolist()) does"
        case "A"..."Z", "a"..."z", "_":
            return [UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "[")].contains(before)
                ? "; put names and texts in quotation marks" : ""
        default: return ""
        }
    }

    private static let numPy = "write a digit after the point, as json.dumps(array.tolist()) does"

    /// What other languages write.
    private static let words: [(prefix: String, hint: String)] = [
        ("True", "JSON writes true"), ("False", "JSON writes false"), ("None", "JSON writes null"),
        ("undefined", "JSON writes null"), ("NaN", "write \"NaN\" in quotation marks"),
        ("nan", "write \"NaN\" in quotation marks"),
        ("Inf", "write \"Infinity\" or \"-Infinity\" in quotation marks"),
        ("inf", "write \"Infinity\" or \"-Infinity\" in quotation marks"),
        ("array(", "send json.dumps(array.tolist())"), ("tensor(", "send json.dumps(tensor.tolist())"),
        ("np.", "send json.dumps(array.tolist())"), ("\u{FEFF}", "delete the byte order mark"),
    ]

    /// The text from the wrong byte on, as far as a hint looks.
    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, from offset: Int) -> String {
        String(decoding: bytes[min(offset, bytes.count)..<min(offset + 16, bytes.count)], as: UTF8.self)
    }

    /// The last byte before `offset` that is no white space.
    private static func last(_ bytes: UnsafeBufferPointer<UInt8>, before offset: Int) -> UInt8? {
        bytes[max(0, offset - 256)..<offset].last { !isSpace($0) }
    }

    /// Whether the text begins like a form: a name and an equals sign.
    private static func isForm(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let name = bytes.prefix(64).prefix { $0 == UInt8(ascii: "_") || isDigit($0) || isLetter($0) || isSpace($0) }
        return name.endIndex < bytes.count && bytes[name.endIndex] == UInt8(ascii: "=")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
