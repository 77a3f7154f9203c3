/// The floating-point types of 16 bits. Their numbers are held as `Float`, which has all of them exactly.
///
/// | | exponent | fraction | largest | smallest above 0 |
/// | --- | --- | --- | --- | --- |
/// | float16 (IEEE 754 binary16) | 5 bits | 10 bits | 65504 | 2^-24 |
/// | bfloat16 (the upper half of a float32) | 8 bits | 7 bits | 3.39e38 | 2^-133 |
package enum HalfType: Sendable, Hashable {
    case float16, bfloat16

    @inlinable package var fractionBits: Int { self == .float16 ? 10 : 7 }

    /// The exponent of the smallest normal number.
    @inlinable package var leastExponent: Int { self == .float16 ? -14 : -126 }

    /// The distance from 1 to the next number.
    @inlinable package var ulpOfOne: Float { self == .float16 ? 0x1p-10 : 0x1p-7 }

    @inlinable package var leastNormalMagnitude: Float { self == .float16 ? 0x1p-14 : 0x1p-126 }

    @inlinable package var leastNonzeroMagnitude: Float { self == .float16 ? 0x1p-24 : 0x1p-133 }

    @inlinable package var greatestFiniteMagnitude: Float { self == .float16 ? 65504 : 0x1.fep127 }

    /// The number of the type with this significand and exponent: c · 2^q of a finite number.
    package func significand(of number: Float) -> (c: UInt64, q: Int) {
        guard number != 0 else { return (0, leastExponent - fractionBits) }
        let q = max(Int(number.exponent), leastExponent) - fractionBits
        // A power of two at a time, since 2^133 is no float32.
        let whole = Double(number.magnitude) * Double(sign: .plus, exponent: -q, significand: 1)
        return (UInt64(whole), q)
    }
}

// MARK: Rounding

extension HalfType {
    /// The nearest number of the type, ties to even. NaN becomes quiet and keeps the upper bits of its payload.
    @inlinable package func round(_ number: Float) -> Float {
        let bits = number.bitPattern
        switch self {
        case .bfloat16:
            let rounded = (bits &+ 0x7FFF &+ (bits &>> 16 & 1)) & 0xFFFF_0000
            return Float(bitPattern: number != number ? (bits | 0x0040_0000) & 0xFFFF_0000 : rounded)
        case .float16:
            let sign = bits & 0x8000_0000
            let normal = (bits &+ 0x0FFF &+ (bits &>> 13 & 1)) & 0xFFFF_E000
            // A unit of the last place of 0.5 is 2^-24, the distance of subnormal numbers.
            let subnormal = ((number.magnitude + 0.5) - 0.5).bitPattern | sign
            let finite = number.magnitude < 0x1p-14 ? subnormal : normal
            let rounded = number.magnitude < 65520 ? finite : 0x7F80_0000 | sign
            return Float(bitPattern: number != number ? (bits | 0x0040_0000) & 0xFFFF_E000 : rounded)
        }
    }

    /// The nearest number of the type to a float64, rounded once.
    package func round(_ number: Double) -> Float {
        guard number.isFinite, number != 0 else { return round(Float(number)) }
        let unit = Double(sign: .plus, exponent: unitExponent(number), significand: 1)
        // Below 2^12, to which adding 2^52 leaves no fraction. The standard library's rounding would take libm.
        let rounded = (number.magnitude / unit + 0x1p52 - 0x1p52) * unit
        let magnitude = rounded <= Double(greatestFiniteMagnitude) ? Float(rounded) : .infinity
        return number < 0 ? -magnitude : magnitude
    }

    /// The nearest number of the type to a whole number, rounded once.
    package func round<Whole: FixedWidthInteger>(whole: Whole) -> Float {
        let magnitude = UInt64(whole.magnitude)
        // A bit below 52 others says whether anything is cut off.
        let sticky = magnitude >> 53 == 0 ? magnitude : (magnitude >> 12 | (magnitude & 0xFFF == 0 ? 0 : 1)) << 12
        return round(whole < 0 ? -Double(sticky) : Double(sticky))
    }

    /// Whether a finite number is exactly in the middle between two neighbours, so that a number nearby may be rounded otherwise.
    package func isMiddle(_ number: Double) -> Bool {
        guard number.isFinite, number != 0 else { return false }
        // Below 2^13: the significand of the type has at most 11 bits.
        let halves = number.magnitude / Double(sign: .plus, exponent: unitExponent(number) - 1, significand: 1)
        let whole = UInt64(halves)
        return Double(whole) == halves && whole & 1 == 1
    }

    /// The exponent of a unit of the last place at a finite number other than 0.
    private func unitExponent(_ number: Double) -> Int { max(Int(number.exponent), leastExponent) - fractionBits }
}

// MARK: Bits

extension HalfType {
    /// The bits of a number of the type.
    @inlinable package func bits(_ number: Float) -> UInt16 {
        let bits = number.bitPattern
        if self == .bfloat16 { return UInt16(truncatingIfNeeded: bits &>> 16) }
        let sign = bits &>> 16 & 0x8000
        let magnitude = number.magnitude
        let rest: UInt32
        if !number.isFinite {
            rest = 0x7C00 | bits &>> 13 & 0x3FF
        } else if magnitude < 0x1p-14 {
            rest = UInt32(magnitude * 0x1p24)
        } else {
            rest = bits &>> 13 &- 112 &<< 10 & 0x7FFF
        }
        return UInt16(truncatingIfNeeded: sign | rest & 0x7FFF)
    }

    /// The number with these bits.
    @inlinable package func number(bits: UInt16) -> Float {
        let wide = UInt32(bits)
        if self == .bfloat16 { return Float(bitPattern: wide &<< 16) }
        let (sign, magnitude) = (wide &<< 16 & 0x8000_0000, wide & 0x7FFF)
        if magnitude < 0x0400 { return Float(bitPattern: (Float(magnitude) * 0x1p-24).bitPattern | sign) }
        let exponent: UInt32 = magnitude < 0x7C00 ? 112 &<< 23 : 224 &<< 23
        return Float(bitPattern: sign | (magnitude &<< 13 &+ exponent))
    }
}
