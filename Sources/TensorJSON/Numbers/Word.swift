/// Eight bytes of text in one integer, the first one lowest.
enum Word {
    static let zeros: UInt64 = 0x3030_3030_3030_3030
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    static func load(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    static func store(_ word: UInt64, to bytes: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(bytes).storeBytes(of: word.littleEndian, as: UInt64.self)
    }

    /// The high bit of each byte over 9, up to the first of them for sure; none if there is none.
    @inline(__always)
    static func overNine(_ word: UInt64) -> UInt64 { ((word &+ 0x7676_7676_7676_7676) | word) & highBits }

    /// The high bit of the first byte that no number has in it, be it not `-`, `.`, `/` or a digit; bits above mean nothing.
    @inline(__always)
    static func outsideNumber(_ word: UInt64) -> UInt64 {
        let shifted = word &- 0x2D2D_2D2D_2D2D_2D2D
        return (shifted | (shifted &+ 0x7373_7373_7373_7373)) & highBits
    }

    /// The same by another way, which keeps two words in a row out of vector registers: they are slow to come back from.
    @inline(__always)
    static func outsideNumberAlso(_ word: UInt64) -> UInt64 {
        let shifted = word &- 0x2D2D_2D2D_2D2D_2D2D
        return (shifted | ~(0x8C8C_8C8C_8C8C_8C8C &- shifted)) & highBits
    }

    /// The high bit of the first byte that is a quotation mark; bits above mean nothing.
    @inline(__always)
    static func quotes(_ word: UInt64) -> UInt64 {
        let differing = word ^ 0x2222_2222_2222_2222
        return (differing &- 0x0101_0101_0101_0101) & ~differing & highBits
    }

    /// The high bit of the first byte that is a backslash, in the same way.
    @inline(__always)
    static func backslashes(_ word: UInt64) -> UInt64 {
        let differing = word ^ 0x5C5C_5C5C_5C5C_5C5C
        return (differing &- 0x0101_0101_0101_0101) & ~differing & highBits
    }

    /// The high bit of the first byte below 0x20, in the same way.
    @inline(__always)
    static func controls(_ word: UInt64) -> UInt64 { (word &- 0x2020_2020_2020_2020) & ~word & highBits }

    /// All bits of the bytes below the lowest of `highBits`; all there are where it is 0.
    @inline(__always)
    static func below(_ highBits: UInt64) -> UInt64 { ((highBits & (0 &- highBits)) >> 7) &- 1 }

    /// The number of eight digits, each byte from 0 to 9, the first one the highest.
    @inline(__always)
    static func eightDigits(_ digits: UInt64) -> UInt64 {
        let pairs = digits &* 10 &+ digits >> 8
        let upper = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let lower = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (upper &+ lower) >> 32
    }

    static let fraction: UInt64 = 1 << 57 - 1

    /// The first eight digits of a fraction of 57 bits, each byte from 0 to 9, the first one lowest.
    @inline(__always)
    static func digits(fraction: UInt64) -> UInt64 {
        // The first pair, and what is left behind one, two and three pairs, each apart from the others.
        let first = fraction &* 100
        let second = (first & Self.fraction) &* 100
        let third = (fraction &* 10_000 & Self.fraction) &* 100
        let fourth = (fraction &* 1_000_000 & Self.fraction) &* 100
        let pairs =
            first >> 57 | (second >> 57) << 16 | (third >> 57) << 32 | (fourth >> 57) << 48
        let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F_000F
        return tens | (pairs &- tens &* 10) << 8
    }

    /// 2^57 / 10^8, rounded up: with it a number of nine digits becomes one digit and a fraction of 57 bits, which is less than
    /// one in the last digit too much.
    static let hundredMillionth: UInt64 = 1_441_151_881

    /// The values of four digits with a comma behind each, in the word's bytes 0, 2, 4 and 6; nil for anything else.
    @inline(__always)
    static func fourDigits(_ word: UInt64) -> UInt64? {
        let digits = word ^ 0x2C30_2C30_2C30_2C30
        return overNine(digits) | (digits & 0xFF00_FF00_FF00_FF00) == 0 ? digits : nil
    }
}
