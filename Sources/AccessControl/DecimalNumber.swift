/// Whole numbers in settings and in the keys file.
enum DecimalNumber {
    /// The value of 1 to 9 digits without a sign and without a leading zero. Nil for any other text.
    static func read(_ text: some Collection<UInt8>) -> Int? {
        guard (1...9).contains(text.count), text.count == 1 || text.first != UInt8(ascii: "0") else { return nil }
        var value = 0
        for digit in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
