import TensorJSON
import Testing

/// The table of powers, each entry against whole-number arithmetic of any length.
@Suite struct PowersOfFiveTests {
    /// A whole number of 32-bit digits, the lowest first.
    private struct Whole {
        var digits: [UInt32]

        /// A power of two.
        init(powerOfTwo exponent: Int) {
            digits = [UInt32](repeating: 0, count: exponent / 32) + [1 << (exponent % 32)]
        }

        mutating func multiplyByFive() {
            var carry: UInt64 = 0
            for index in digits.indices {
                let product = UInt64(digits[index]) * 5 + carry
                digits[index] = UInt32(truncatingIfNeeded: product)
                carry = product >> 32
            }
            if carry > 0 { digits.append(UInt32(carry)) }
        }

        /// Rounds down.
        mutating func divideByFive() {
            var remainder: UInt64 = 0
            for index in digits.indices.reversed() {
                let dividend = remainder << 32 + UInt64(digits[index])
                digits[index] = UInt32(dividend / 5)
                remainder = dividend % 5
            }
            if digits.last == 0 { digits.removeLast() }
        }

        /// The highest 128 bits, rounded down. Zeros follow a shorter number.
        var highest: (high: UInt64, low: UInt64) {
            var bits: [UInt64] = []
            for digit in digits.reversed() {
                for place in (0..<32).reversed() { bits.append(UInt64(digit >> UInt32(place) & 1)) }
            }
            bits = Array(bits.drop { $0 == 0 }.prefix(128))
            bits += [UInt64](repeating: 0, count: 128 - bits.count)
            func word(_ bits: ArraySlice<UInt64>) -> UInt64 { bits.reduce(0) { $0 << 1 | $1 } }
            return (word(bits[..<64]), word(bits[64...]))
        }
    }

    @Test("Each power from 5^0 to 5^308 is right to its last bit, rounded down and up")
    func powers() {
        var power = Whole(powerOfTwo: 0)
        for exponent in 0...308 {
            Self.expect(exponent, power.highest, isExact: exponent <= 55)
            power.multiplyByFive()
        }
    }

    @Test("Each power from 5^-1 to 5^-342 is right to its last bit, rounded down and up")
    func inversePowers() {
        // floor(floor(x / 5) / 5) = floor(x / 25). 2^1024 / 5^342 still has 229 bits.
        var power = Whole(powerOfTwo: 1024)
        for exponent in 1...342 {
            power.divideByFive()
            Self.expect(-exponent, power.highest, isExact: false)
        }
    }

    private static func expect(_ exponent: Int, _ expected: (high: UInt64, low: UInt64), isExact: Bool) {
        let floor = PowersOfFive.floor(exponent)
        #expect(floor == expected, "5^\(exponent)")
        let (low, carry) = expected.low.addingReportingOverflow(isExact ? 0 : 1)
        let ceiling = PowersOfFive.ceiling(exponent)
        #expect(ceiling == (expected.high + (carry ? 1 : 0), low), "5^\(exponent)")
    }
}
