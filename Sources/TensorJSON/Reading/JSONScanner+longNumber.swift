import TextCodecs

// Reading, step 5 of 5: a number that ``ScannedDecimal`` cannot round. The value goes back to the caller of step 4.

extension JSONScanner {
    /// The nearest float64 to a number token; infinite or nil if it is too large.
    func double(_ range: Range<Int>) -> Double? { Double(shortNumber(range)) }

    /// The nearest float32, rounded once.
    func float(_ range: Range<Int>) -> Float? { Float(shortNumber(range)) }

    /// The nearest number of a type of 16 bits, rounded once; infinite or nil if it is too large.
    func half(_ range: Range<Int>, _ type: HalfType) -> Float? { HalfDecimal.nearest(shortNumber(range), type) }

    /// The text of a number token, or a shorter text with the same nearest number of each type.
    ///
    /// A token may have as many digits as the request has bytes, and the standard library's conversion asks no flag. A boundary
    /// between two neighbouring float64s has at most 768 significant digits. So after 800 digits only one fact matters: whether
    /// a digit other than 0 follows. A last digit 1 says so.
    ///
    ///     0.000...(5,000 zeros)...0123e4000  ->  123000000000000000000000e-1024
    func shortNumber(_ range: Range<Int>) -> String {
        guard range.count > 2048 else { return string(range) }
        var scanner = self
        scanner.position = range.lowerBound
        var (digits, exponent, hasMore) = ([UInt8](), 0, false)
        digits.reserveCapacity(Self.significantDigits + 1)
        let isNegative = scanner.current == UInt8(ascii: "-")
        if isNegative { scanner.position += 1 }
        var isBehindPoint = false
        steps: while scanner.position < range.upperBound {
            for place in scanner.position..<min(scanner.position + Self.stepBytes, range.upperBound) {
                let byte = text[place]
                scanner.position = place + 1
                if byte == UInt8(ascii: ".") {
                    isBehindPoint = true
                } else if byte | 0x20 == UInt8(ascii: "e") {
                    break steps
                } else if digits.isEmpty, byte == 0x30 {
                    if isBehindPoint { exponent -= 1 }
                } else if digits.count < Self.significantDigits {
                    digits.append(byte)
                    if isBehindPoint { exponent -= 1 }
                } else {
                    hasMore = hasMore || byte != 0x30
                    if !isBehindPoint { exponent += 1 }
                }
            }
            scanner.ask()
        }
        exponent += scanner.writtenExponent(to: range.upperBound)
        if hasMore {
            digits.append(0x31)
            exponent -= 1
        }
        if digits.isEmpty { digits.append(0x30) }
        return (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self) + "e\(exponent)"
    }

    private static var significantDigits: Int { 800 }

    /// The exponent whose sign or first digit is at the place; 0 at `end`. It is cut far beyond the range of float64.
    private mutating func writtenExponent(to end: Int) -> Int {
        let isNegative = current == UInt8(ascii: "-")
        if isNegative || current == UInt8(ascii: "+") { position += 1 }
        var exponent = 0
        while position < end {
            for place in position..<min(position + Self.stepBytes, end) where exponent < 1 << 48 {
                exponent = exponent * 10 + Int(text[place] &- 0x30)
            }
            position = min(position + Self.stepBytes, end)
            ask()
        }
        return isNegative ? -exponent : exponent
    }
}
