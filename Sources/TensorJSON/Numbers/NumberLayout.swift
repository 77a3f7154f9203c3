/// Where the digits of a number stand that is printed without an exponent, the point behind the first -5...8 of them.
///
/// Whether the point stands among the digits, zeros stand before them (below 1) or none is left behind the point: the same
/// steps lay them out. Stores reach up to ``NumberPrinting/maximumLength`` bytes.
struct NumberLayout: BitwiseCopyable {
    /// Makes the digits as many as are laid out.
    private(set) var factor: UInt64 = 0
    /// A bit in the last digit before the point, so that zeros before the point count.
    private var wholeDigits: UInt64 = 0
    /// The bytes before the digits: `0.` and zeros.
    private var start: UInt8 = 0
    /// Where the point stands.
    private var place: UInt8 = 0
    /// Where the digits behind the point begin; those before it all stand in front then.
    private var behind: UInt8 = 0
    /// Eight times the digits before the point, but the first.
    private var moved: UInt8 = 0
    /// The digits before the point; for numbers below 1 none.
    private var whole: UInt8 = 0
    /// The zeros before the digits, the one before the point among them.
    private var zeros: UInt8 = 0

    init() {}

    init(point: Int, factor: UInt64) {
        self.factor = factor
        let isBelowOne = point <= 0
        start = isBelowOne ? UInt8(2 - point) : 0
        place = isBelowOne ? 1 : UInt8(point)
        behind = isBelowOne ? UInt8(3 - point) : UInt8(point + 1)
        moved = isBelowOne ? 0 : UInt8(8 * (point - 1))
        whole = isBelowOne ? 0 : UInt8(point)
        zeros = isBelowOne ? UInt8(1 - point) : 0
        wholeDigits = point >= 2 ? 1 << UInt64(8 * (point - 2)) : 0
    }

    /// Lays out nine digits: the first one and eight more in place, then those behind the point, a byte further on.
    @inline(__always)
    func nine(_ digits: UInt64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        // In units of 10^8: the first digit, then a fraction of 57 bits.
        let scaled = digits &* Word.hundredMillionth
        let rest = Word.digits(fraction: scaled & Word.fraction)
        let text = rest | Word.zeros
        Word.store(0x3030_3030_3030_2E30, to: bytes)
        bytes[Int(start)] = 0x30 | UInt8(truncatingIfNeeded: scaled >> 57)
        Word.store(text, to: bytes + (Int(start) &+ 1))
        bytes[Int(place)] = UInt8(ascii: ".")
        Word.store(text &>> UInt64(moved), to: bytes + Int(behind))
        return length(9 &- (rest | wholeDigits).byteSwapped.trailingZeroBitCount >> 3)
    }

    @inline(__always)
    func seventeen(_ digits: UInt64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        let nine = digits / 100_000_000
        let scaled = nine &* Word.hundredMillionth
        let upper = Word.digits(fraction: scaled & Word.fraction)
        let lower = Word.digits(fraction: (digits &- nine &* 100_000_000) &* Word.hundredMillionth)
        let upperText = upper | Word.zeros
        let lowerText = lower | Word.zeros
        let moved = UInt64(moved)
        Word.store(0x3030_3030_3030_2E30, to: bytes)
        bytes[Int(start)] = 0x30 | UInt8(truncatingIfNeeded: scaled >> 57)
        Word.store(upperText, to: bytes + (Int(start) &+ 1))
        bytes[Int(place)] = UInt8(ascii: ".")
        Word.store(upperText &>> moved | (lowerText &<< 1) &<< (63 &- moved), to: bytes + Int(behind))
        Word.store(lowerText &>> moved, to: bytes + (Int(behind) &+ 8))
        let long = 17 &- lower.byteSwapped.trailingZeroBitCount >> 3
        let short = 9 &- (upper | wholeDigits).byteSwapped.trailingZeroBitCount >> 3
        return length(lower == 0 ? short : long)
    }

    /// The bytes of a number of `count` digits, among them all before the point.
    @inline(__always)
    private func length(_ count: Int) -> Int {
        count &+ Int(truncatingIfNeeded: UInt64(bitPattern: Int64(Int(whole) &- count)) >> 63) &+ Int(zeros)
    }
}
