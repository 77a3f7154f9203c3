import TextCodecs

// Printing, step 2 of 4 for types of 16 bits: ``NestedPrinting`` asks for each number, and ``ShortestDecimal`` computes its digits.

extension NumberPrinting {
    /// Prints a number of a type of 16 bits and returns the length of its text. These types have no scales.
    static func print(_ x: Float, _ type: HalfType, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        if let name = NonFiniteNumber(x) { return text(name.quoted, to: bytes) }
        guard x != 0 else { return text(x.sign == .minus ? "-0.0" : "0", to: bytes) }
        let start = x.sign == .minus ? 1 : 0
        bytes[0] = UInt8(ascii: "-")
        return start + layout(ShortestDecimal(x, type), to: bytes + start)
    }
}
