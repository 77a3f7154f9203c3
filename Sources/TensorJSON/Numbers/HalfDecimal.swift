import TextCodecs

/// The nearest number of a type of 16 bits to a decimal text, where a float64 cannot decide.
///
/// The nearest float64 is rounded again, and that is one rounding unless the float64 is in the middle between two numbers of the type.
/// Then the digits of the text are compared with those of the middle, which are finite: m · 2^q = m · 5^-q · 10^q if q < 0.
enum HalfDecimal {
    /// Infinite if the number is too large. Nil if the text is no number.
    ///
    /// - Parameter text: a number by the grammar of JSON, of a bounded length.
    static func nearest(_ text: String, _ type: HalfType) -> Float? {
        guard let double = Double(text) else { return nil }
        guard type.isMiddle(double) else { return type.round(double) }
        let magnitude = double.magnitude
        let (decimal, middle) = (Digits(text), Digits(magnitude))
        let beside =
            decimal == middle ? magnitude : decimal.isAbove(middle) ? magnitude.nextUp : magnitude.nextDown
        return type.round(double < 0 ? -beside : beside)
    }

    /// A decimal other than 0 without its sign: 0.d₁d₂d₃... · 10^point, with d₁ not 0 and no zeros at the end.
    private struct Digits: Equatable {
        private var digits: [UInt8] = []
        private var point = 0

        /// The digits of a text.
        init(_ text: String) {
            var isBehindPoint = false
            for (index, byte) in text.utf8.enumerated() {
                switch byte {
                case UInt8(ascii: "."): isBehindPoint = true
                case UInt8(ascii: "-"): break
                case 0x30...0x39:
                    if !digits.isEmpty || byte != 0x30 { digits.append(byte - 0x30) }
                    if digits.isEmpty { point -= isBehindPoint ? 1 : 0 } else { point += isBehindPoint ? 0 : 1 }
                default:
                    // The exponent, which ends the text.
                    point = point.adding(Int(Substring(text.utf8.dropFirst(index + 1))) ?? 0)
                    trim()
                    return
                }
            }
            trim()
        }

        /// All digits of a middle, whose significand has few bits.
        init(_ middle: Double) {
            let zeros = middle.significandBitPattern.trailingZeroBitCount
            let significand = (middle.significandBitPattern | 1 << 52) >> UInt64(min(zeros, 52))
            let exponent = Int(middle.exponent) - 52 + min(zeros, 52)
            // Limbs of nine digits, the lowest first.
            var limbs = [significand]
            // Eight factors at a time: 5^8 times a limb fits.
            for _ in 0..<abs(exponent) / 8 { Self.multiply(&limbs, by: exponent < 0 ? 390_625 : 256) }
            for _ in 0..<abs(exponent) % 8 { Self.multiply(&limbs, by: exponent < 0 ? 5 : 2) }
            for limb in limbs.reversed() {
                let text = String(limb)
                let padding = digits.isEmpty ? 0 : 9 - text.utf8.count
                digits += [UInt8](repeating: 0, count: padding) + text.utf8.map { $0 - 0x30 }
            }
            point = digits.count + min(0, exponent)
            trim()
        }

        private static func multiply(_ limbs: inout [UInt64], by factor: UInt64) {
            var carry: UInt64 = 0
            for index in limbs.indices {
                let product = limbs[index] * factor + carry
                (carry, limbs[index]) = product.quotientAndRemainder(dividingBy: 1_000_000_000)
            }
            if carry > 0 { limbs.append(carry) }
        }

        private mutating func trim() {
            while digits.last == 0 { digits.removeLast() }
        }

        func isAbove(_ other: Digits) -> Bool {
            if point != other.point { return point > other.point }
            return other.digits.lexicographicallyPrecedes(digits)
        }
    }
}
