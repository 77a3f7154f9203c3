/// JSON pointers (RFC 6901).
package enum JSONPointer {
    /// A member's name as a part of a pointer: `~` is written `~0`, and `/` is written `~1`.
    package static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        // Scalars: a character may be a slash with an accent.
        return name.unicodeScalars.reduce(into: "") { pointer, scalar in
            switch scalar {
            case "~": pointer += "~0"
            case "/": pointer += "~1"
            default: pointer.unicodeScalars.append(scalar)
            }
        }
    }
}
