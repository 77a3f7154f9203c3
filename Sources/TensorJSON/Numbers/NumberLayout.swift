// Printing, step 4 of 4: the text of a usual number. ``NumberPrinting`` brings the digits from ``PrintingScale``. The text is then in
// the part of the answer.

/// The places of the digits and the point of a number that is printed without an exponent.
///
/// The point is after the first -5...8 digits: among them, before them with zeros between (below 1), or after all. The same stores
/// lay out all three, without a branch. They reach up to ``NumberPrinting/maximumLength`` bytes.
///
///     0.0123  ->  `0.0` and the digits          start 3, place 1, behind 4
///     12.3    ->  the digits, then the point over the third byte, then the digits after it once more
package struct NumberLayout: BitwiseCopyable {
    /// The power of ten that makes the digits nine or seventeen.
    package private(set) var factor: UInt64 = 0
    /// A bit in the last digit before the point, so that zeros before the point are not cut off.
    private var wholeDigits: UInt64 = 0
    /// The number of bytes before the digits: `0.` and zeros.
    private var start: UInt8 = 0
    /// The place of the point.
    private var place: UInt8 = 0
    /// The place of the first digit after the point.
    private var behind: UInt8 = 0
    /// The bits by which the digits are shifted for the store after the point: 8 for each digit before the point except the first.
    private var moved: UInt8 = 0
    /// The number of digits before the point; 0 for numbers below 1.
    private var whole: UInt8 = 0
    /// The number of zeros before the digits, with the one before the point.
    private var zeros: UInt8 = 0

    init() {}

    /// - Parameters:
    ///   - point: the number of digits before the point; 0 or less for zeros after the point.
    ///   - factor: makes the digits nine (float32) or seventeen (float64).
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

    /// Writes nine digits, for float32, and returns the length of the text. Zeros at the end of a fraction are not counted.
    ///
    /// The first digit and eight more are stored without a point, then the point, then the digits after it a byte further on.
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

    /// Writes seventeen digits, for float64, in the same way: a digit and two words of eight.
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

    /// The length of the text of `count` digits, which include all before the point: one more if there is a point among or before
    /// them, and the zeros before them.
    @inline(__always)
    private func length(_ count: Int) -> Int {
        count &+ Int(truncatingIfNeeded: UInt64(bitPattern: Int64(Int(whole) &- count)) >> 63) &+ Int(zeros)
    }
}
