/// A decimal as it stands in the text: (-1)^isNegative · significand · 10^exponent.
struct ScannedDecimal {
    var significand: UInt64
    var exponent: Int
    var isNegative: Bool
    /// More than 19 digits stood in the text, and the significand holds the first 19 of them.
    var isTruncated: Bool
}

extension ScannedDecimal {
    /// The nearest float64, ties to even; nil where only the text can decide.
    ///
    /// Source: Clinger, "How to read floating point numbers accurately", 1990, for exact operands; Lemire, "Number parsing
    /// at a gigabyte per second", 2021, for the rest.
    @inline(__always)
    var double: Double? {
        if isTruncated { return nil }
        if significand <= 1 << 53, exponent >= -22, exponent <= 22 {
            let exact = Double(significand)
            let value =
                exponent < 0 ? exact / Self.exactPowers[-exponent] : exact * Self.exactPowers[exponent]
            return isNegative ? -value : value
        }
        return slowDouble
    }

    /// The nearest float32, rounded once; nil where only the text can decide.
    ///
    /// A float64 that was rounded from the decimal narrows to the right float32 unless it sits on the middle between two
    /// float32 numbers, or where float32 is subnormal or overflows.
    @inline(__always)
    var float: Float? {
        guard let double else { return nil }
        let magnitude = double.magnitude
        if magnitude == 0 { return Float(double) }
        guard magnitude >= 0x1p-126, magnitude < 0x1.fffffep127 else { return nil }
        guard magnitude.bitPattern & 0x1FFF_FFFF != 0x1000_0000 else { return nil }
        return Float(double)
    }

    private static let exactPowers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    @inline(never)
    private var slowDouble: Double? {
        if significand == 0 { return isNegative ? -0.0 : 0.0 }
        if exponent < PowersOfFive.minimumExponent { return isNegative ? -0.0 : 0.0 }
        if exponent > 308 { return nil }
        return eiselLemire
    }

    /// Normal numbers by a 64 × 128 bit product; nil where its error could reach the rounding, for subnormals and for
    /// overflow.
    private var eiselLemire: Double? {
        let shift = significand.leadingZeroBitCount
        let w = significand << UInt64(shift)
        var (powerHigh, powerLow) = PowersOfFive.floor(exponent)
        if (-27..<0).contains(exponent) {
            powerLow &+= 1
            if powerLow == 0 { powerHigh &+= 1 }
        }
        var (high, low) = w.multipliedFullWidth(by: powerHigh)
        if high & 0x1FF == 0x1FF {
            let second = w.multipliedFullWidth(by: powerLow)
            low &+= second.high
            if low < second.high { high &+= 1 }
        }
        if low == .max, !(-27...55).contains(exponent) { return nil }
        let upperBit = Int(high >> 63)
        var mantissa = high >> UInt64(upperBit + 9)
        // 217706 / 2^16 approximates log2(10).
        var binaryExponent = ((217706 * exponent) >> 16) + 64 + upperBit - shift + 1023 - 1
        guard binaryExponent > 0 else { return nil }
        if low <= 1, (-4...23).contains(exponent), mantissa & 3 == 1,
            mantissa << UInt64(upperBit + 9) == high
        {
            mantissa &= ~1
        }
        mantissa += mantissa & 1
        mantissa >>= 1
        if mantissa >= 1 << 53 {
            mantissa = 1 << 52
            binaryExponent += 1
        }
        guard binaryExponent < 0x7FF else { return nil }
        let bits = UInt64(binaryExponent) << 52 | (mantissa & (1 << 52 - 1)) | (isNegative ? 1 << 63 : 0)
        return Double(bitPattern: bits)
    }
}
