// A tool of reading and printing: ``NumberRun``, ``NumberWindow`` and ``NumberLayout`` handle text in words of eight bytes.

/// Eight bytes of text in one integer, the first one in the lowest bits.
package enum Word {
    /// The text `00000000`.
    package static let zeros: UInt64 = 0x3030_3030_3030_3030
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    package static func load(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    static func store(_ word: UInt64, to bytes: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(bytes).storeBytes(of: word.littleEndian, as: UInt64.self)
    }

    /// Sets the high bit of the first byte over 9. Higher bits are unspecified, but none is set if no byte is over 9.
    @inline(__always)
    static func overNine(_ word: UInt64) -> UInt64 { ((word &+ 0x7676_7676_7676_7676) | word) & highBits }

    /// Sets the high bit of the first byte that cannot be part of a number: anything but 0-9, `-`, `.` and `/`. Higher bits are
    /// unspecified.
    @inline(__always)
    package static func outsideNumber(_ word: UInt64) -> UInt64 {
        let shifted = word &- 0x2D2D_2D2D_2D2D_2D2D
        return (shifted | (shifted &+ 0x7373_7373_7373_7373)) & highBits
    }

    /// The same as ``outsideNumber(_:)``, computed in another way. The compiler would join two equal computations in a vector
    /// register, from which the results come back slowly.
    @inline(__always)
    static func outsideNumberAlso(_ word: UInt64) -> UInt64 {
        let shifted = word &- 0x2D2D_2D2D_2D2D_2D2D
        return (shifted | ~(0x8C8C_8C8C_8C8C_8C8C &- shifted)) & highBits
    }

    /// Sets the high bit of the first byte that is a quotation mark. Higher bits are unspecified.
    @inline(__always)
    static func quotes(_ word: UInt64) -> UInt64 {
        let differing = word ^ 0x2222_2222_2222_2222
        return (differing &- 0x0101_0101_0101_0101) & ~differing & highBits
    }

    /// Sets the high bit of the first byte that is a backslash. Higher bits are unspecified.
    @inline(__always)
    static func backslashes(_ word: UInt64) -> UInt64 {
        let differing = word ^ 0x5C5C_5C5C_5C5C_5C5C
        return (differing &- 0x0101_0101_0101_0101) & ~differing & highBits
    }

    /// Sets the high bit of the first byte below 0x20. Higher bits are unspecified.
    @inline(__always)
    static func controls(_ word: UInt64) -> UInt64 { (word &- 0x2020_2020_2020_2020) & ~word & highBits }

    /// Sets all bits of the bytes before the first one whose high bit is in `highBits`; all bits if `highBits` is 0.
    @inline(__always)
    static func below(_ highBits: UInt64) -> UInt64 { ((highBits & (0 &- highBits)) >> 7) &- 1 }

    /// The number that eight digits make. Each byte is from 0 to 9, and the first one counts most.
    ///
    /// Three multiplications instead of eight: pairs of digits become numbers below 100, and each of two products adds two
    /// pairs with their weights 10^6, 10^4, 10^2 and 1 in its upper half.
    ///
    /// Source: Lemire, "Number parsing at a gigabyte per second", 2021.
    @inline(__always)
    package static func eightDigits(_ digits: UInt64) -> UInt64 {
        let pairs = digits &* 10 &+ digits >> 8
        let upper = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let lower = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (upper &+ lower) >> 32
    }

    /// The lowest 57 bits, which hold a fraction.
    package static let fraction: UInt64 = 1 << 57 - 1

    /// The first eight digits of a fraction of 57 bits. Each byte is from 0 to 9, and the first digit is in the lowest byte.
    ///
    /// A fraction times 100 has a pair of digits before the point, which is above bit 57. 57 + 7 = 64, so a product with 100 fits.
    /// Larger products lose their highest bits, which are masked off anyway.
    /// A pair becomes two digits by 103 / 1024, which is 1 / 10 for whole numbers below 100.
    @inline(__always)
    package static func digits(fraction: UInt64) -> UInt64 {
        // The four pairs do not wait for each other: each has its own product of the fraction.
        let first = fraction &* 100
        let second = (first & Self.fraction) &* 100
        let third = (fraction &* 10_000 & Self.fraction) &* 100
        let fourth = (fraction &* 1_000_000 & Self.fraction) &* 100
        let pairs =
            first >> 57 | (second >> 57) << 16 | (third >> 57) << 32 | (fourth >> 57) << 48
        let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F_000F
        return tens | (pairs &- tens &* 10) << 8
    }

    /// 2^57 / 10^8, rounded up. A number n of nine digits times this is n / 10^8 in units of 2^-57: one digit and a fraction.
    ///
    /// The rounding adds less than n · 2^-57 < 10^-8, a unit of the last digit, so ``digits(fraction:)`` cuts to the right digits.
    package static let hundredMillionth: UInt64 = 1_441_151_881

    /// The values of four digits with a comma after each, in the bytes 0, 2, 4 and 6; nil for any other word.
    @inline(__always)
    static func fourDigits(_ word: UInt64) -> UInt64? {
        let digits = word ^ 0x2C30_2C30_2C30_2C30
        return overNine(digits) | (digits & 0xFF00_FF00_FF00_FF00) == 0 ? digits : nil
    }
}
