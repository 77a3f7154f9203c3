package import TextCodecs

// Reading, step 4 of 5: any number. ``JSONScanner/decimal()`` scans the text, and the properties here round the decimal. If they
// return nil, ``JSONScanner/double(_:)`` or ``JSONScanner/float(_:)`` read the text again.

/// A decimal as the text has it: (-1)^isNegative · significand · 10^exponent.
package struct ScannedDecimal {
    package var significand: UInt64
    package var exponent: Int
    package var isNegative: Bool
    /// Whether the text has more than 19 significant digits. Then the significand means nothing, since it is taken modulo 2^64.
    package var isTruncated: Bool
}

extension ScannedDecimal {
    /// The nearest float64, ties to even; nil if only the text can decide.
    ///
    /// A significand up to 2^53 and the powers of ten up to 10^22 = 5^22 · 2^22 are float64 numbers, since 5^22 < 2^53. One product
    /// or quotient of exact operands is rounded once, so it is the nearest. Other decimals go to ``eiselLemire``.
    ///
    /// Source: Clinger, "How to read floating point numbers accurately", 1990.
    @inline(__always)
    package var double: Double? {
        if isTruncated { return nil }
        if significand <= 1 << 53, exponent >= -22, exponent <= 22 {
            let exact = Double(significand)
            let value =
                exponent < 0 ? exact / Self.exactPowers[-exponent] : exact * Self.exactPowers[exponent]
            return isNegative ? -value : value
        }
        return slowDouble
    }

    /// The nearest float32, rounded once; nil if only the text can decide.
    ///
    /// The middle between two normal float32 numbers is a float64. A decimal on one side of it is rounded to a float64 on that
    /// side or to the middle itself. So only a float64 that is a middle leaves the side open. Subnormal numbers and those that
    /// overflow have other middles.
    @inline(__always)
    package var float: Float? {
        guard let double else { return nil }
        let magnitude = double.magnitude
        if magnitude == 0 { return Float(double) }
        guard magnitude >= 0x1p-126, magnitude < 0x1.fffffep127 else { return nil }
        guard magnitude.bitPattern & 0x1FFF_FFFF != 0x1000_0000 else { return nil }
        return Float(double)
    }

    /// The nearest number of a type of 16 bits, rounded once and infinite if it is too large; nil if only the text can decide.
    ///
    /// As for ``float``, only a float64 in the middle of two numbers leaves the side open. Exact operands tell it: the product with
    /// the power of ten is compared with the significand by one rounding, which keeps the sign of their difference.
    package func half(_ type: HalfType) -> Float? {
        guard let double else { return nil }
        guard type.isMiddle(double) else { return type.round(double) }
        guard significand <= 1 << 53, exponent >= -22, exponent <= 22 else { return nil }
        let (whole, power) = (Double(significand), Self.exactPowers[abs(exponent)])
        // The decimal minus the float64, times 10^-exponent if that is a whole number.
        let excess =
            exponent < 0
            ? whole.addingProduct(-double.magnitude, power) : (-double.magnitude).addingProduct(whole, power)
        let beside = excess == 0 ? double.magnitude : excess > 0 ? double.magnitude.nextUp : double.magnitude.nextDown
        return type.round(isNegative ? -beside : beside)
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

    /// The nearest float64 by a product of 64 × 128 bits; nil if its error could change the rounding, for subnormal numbers and for
    /// overflow.
    ///
    ///     w = significand, shifted to 64 bits        g = 5^exponent to 128 bits
    ///     high = upper word of w · g: 53 bits, one bit to round, and 9 or 10 bits below it
    ///
    /// The upper word of g suffices unless the lowest 9 bits of `high` are all 1, so that a carry could reach the rounding bit. The
    /// lower word then decides. If the product's middle word is all 1 after that, only exponents from -27 to 55 are certain.
    ///
    /// A decimal can be exactly in the middle only for exponents from -4 to 23: otherwise 5^exponent has too many bits, or w cannot
    /// have the factor. There a half with an even neighbour below is rounded down.
    ///
    /// Source: Lemire, "Number parsing at a gigabyte per second", 2021, which is Eisel's algorithm.
    private var eiselLemire: Double? {
        let shift = significand.leadingZeroBitCount
        let w = significand << UInt64(shift)
        var (powerHigh, powerLow) = PowersOfFive.floor(exponent)
        if (-27..<0).contains(exponent) {
            // A power below 1 is not exact and is rounded up, so that exact products do not fall short.
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
