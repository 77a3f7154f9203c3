/// Where the digits of a number stand that is printed without an exponent, the point behind the first -5...8 of them.
///
/// Whether the point stands among the digits, zeros stand before them (below 1) or none is left behind the point: the same
/// steps lay them out, with places from a table. Stores reach up to ``NumberPrinting/maximumLength`` bytes.
extension NumberPrinting {
    struct Layout {
        let point: Int
        private let places: UInt64
        private let index: Int

        @inline(__always)
        init?(point: Int) {
            let index = point &+ 5
            guard UInt(bitPattern: index) <= 13 else { return nil }
            self.point = point
            self.index = index
            places = Self.places.withUnsafeBufferPointer { $0[index] }
        }

        /// The bytes before the digits: `0.` and zeros.
        @inline(__always)
        private var start: Int { Int(truncatingIfNeeded: places & 0xFF) }

        /// Where the point stands.
        @inline(__always)
        private var place: Int { Int(truncatingIfNeeded: places >> 8 & 0xFF) }

        /// Where the digits behind the point begin; those before it all stand in front then.
        @inline(__always)
        private var behind: Int { Int(truncatingIfNeeded: places >> 16 & 0xFF) }

        /// Eight times the digits before the point, but the first.
        @inline(__always)
        private var moved: UInt64 { places >> 24 & 0xFF }

        /// The first digit and eight more in place, then those behind the point, a byte further on.
        @inline(__always)
        func nine(_ digits: UInt64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
            let first = digits >> 57
            let rest = Word.digits(fraction: digits & Word.fraction)
            let text = rest | Word.zeros
            Word.store(0x3030_3030_3030_2E30, to: bytes)
            bytes[start] = 0x30 | UInt8(truncatingIfNeeded: first)
            Word.store(text, to: bytes + (start &+ 1))
            bytes[place] = UInt8(ascii: ".")
            Word.store(text &>> moved, to: bytes + behind)
            return length(9 &- (rest | wholeDigits).byteSwapped.trailingZeroBitCount >> 3)
        }

        @inline(__always)
        func seventeen(_ digits: UInt64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
            let first = digits / 10_000_000_000_000_000
            let others = digits &- first &* 10_000_000_000_000_000
            let upper = others / 100_000_000
            let upperDigits = Word.digits(UInt32(truncatingIfNeeded: upper))
            let lowerDigits = Word.digits(UInt32(truncatingIfNeeded: others &- upper &* 100_000_000))
            let upperText = upperDigits | Word.zeros
            let lowerText = lowerDigits | Word.zeros
            Word.store(0x3030_3030_3030_2E30, to: bytes)
            bytes[start] = 0x30 | UInt8(truncatingIfNeeded: first)
            Word.store(upperText, to: bytes + (start &+ 1))
            bytes[place] = UInt8(ascii: ".")
            Word.store(upperText &>> moved | (lowerText &<< 1) &<< (63 &- moved), to: bytes + behind)
            Word.store(lowerText &>> moved, to: bytes + (behind &+ 8))
            let long = 17 &- lowerDigits.byteSwapped.trailingZeroBitCount >> 3
            let short = 9 &- (upperDigits | wholeDigits).byteSwapped.trailingZeroBitCount >> 3
            return length(lowerDigits == 0 ? short : long)
        }

        /// A bit in the last digit before the point, so that zeros before the point count.
        @inline(__always)
        private var wholeDigits: UInt64 { Self.wholeDigits.withUnsafeBufferPointer { $0[index] } }

        /// The bytes of a number of `count` digits, among them all before the point.
        @inline(__always)
        private func length(_ count: Int) -> Int {
            let hasPoint = Int(truncatingIfNeeded: UInt64(bitPattern: Int64(point &- count)) >> 63)
            return count &+ hasPoint &+ Int(truncatingIfNeeded: places >> 32)
        }

        /// For each place of the point from -5 on, lowest byte first: ``start``, ``place``, ``behind``, ``moved`` and the
        /// zeros that stand between the point and the digits, with the one before the point.
        private static let places: [UInt64] = [
            0x06_00_08_01_07, 0x05_00_07_01_06, 0x04_00_06_01_05, 0x03_00_05_01_04, 0x02_00_04_01_03, 0x01_00_03_01_02,
            0x00_00_02_01_00, 0x00_08_03_02_00, 0x00_10_04_03_00, 0x00_18_05_04_00, 0x00_20_06_05_00, 0x00_28_07_06_00,
            0x00_30_08_07_00, 0x00_38_09_08_00,
        ]

        private static let wholeDigits: [UInt64] = [
            0, 0, 0, 0, 0, 0, 0, 1, 1 << 8, 1 << 16, 1 << 24, 1 << 32, 1 << 40, 1 << 48,
        ]
    }
}
