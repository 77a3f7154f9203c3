/// A non-negative number as all of its decimal digits: significand · 2^exponent, without rounding.
struct ExactDecimal {
    /// The digits, the last of them not 0 (but for zero itself), to be multiplied by 10^`exponent`.
    private(set) var digits: String
    private(set) var exponent: Int

    init(_ significand: UInt64, timesTwoTo binaryExponent: Int) {
        // Nine digits a limb, lowest first.
        var limbs: [UInt64] = [significand % 1_000_000_000, significand / 1_000_000_000 % 1_000_000_000]
        limbs.append(significand / 1_000_000_000_000_000_000)
        exponent = min(binaryExponent, 0)
        // 2^-n = 5^n · 10^-n.
        let factor: UInt64 = binaryExponent < 0 ? 5 : 2
        var left = Int(binaryExponent.magnitude)
        while left > 0 {
            let step = min(left, 12)
            let power = (0..<step).reduce(UInt64(1)) { product, _ in product * factor }
            var carry: UInt64 = 0
            for i in limbs.indices {
                let product = limbs[i] * power + carry
                limbs[i] = product % 1_000_000_000
                carry = product / 1_000_000_000
            }
            if carry > 0 { limbs.append(carry) }
            left -= step
        }
        let text = limbs.reversed().map { limb in
            let digits = String(limb)
            return String(repeating: "0", count: 9 - digits.utf8.count) + digits
        }
        digits = String(text.joined().drop { $0 == "0" })
        while digits.hasSuffix("0") {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty { (digits, exponent) = ("0", 0) }
    }

    /// The number as JSON, exactly.
    var text: String { "\(digits)e\(exponent)" }

    /// The number and the tiniest bit more, in a text with `zeros` zeros before it.
    func justAbove(zeros: Int = 0) -> String {
        "\(digits)\(String(repeating: "0", count: zeros))1e\(exponent - zeros - 1)"
    }

    /// The positive number less the tiniest bit, in a text with `nines` nines at its end.
    func justBelow(nines: Int = 1) -> String {
        let last = (digits.utf8.last ?? 0x31) - 1
        let head = String(digits.dropLast()) + String(UnicodeScalar(last))
        let significant = head.drop { $0 == "0" }
        return "\(significant)\(String(repeating: "9", count: nines))e\(exponent - nines)"
    }

    /// The number cut to its first `count` digits, and the next number of as many; nil where it has no more digits.
    func cut(to count: Int) -> (below: String, above: String)? {
        guard digits.utf8.count > count, let head = UInt64(digits.prefix(count)) else { return nil }
        let power = exponent + digits.utf8.count - count
        return ("\(head)e\(power)", "\(head + 1)e\(power)")
    }

    /// The number without an exponent, as a point among its digits or zeros around them.
    var plainText: String {
        if exponent >= 0 { return digits + String(repeating: "0", count: exponent) }
        let point = digits.utf8.count + exponent
        if point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
        return digits.prefix(point) + "." + digits.dropFirst(point)
    }
}
