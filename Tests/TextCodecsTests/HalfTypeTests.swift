import Testing
import TextCodecs

/// Swift's own Float16 is the outside truth for float16. bfloat16 is the upper half of a float32 by definition.
@Suite("Numbers of 16 bits")
struct HalfTypeTests {
    @Test("All float16 have the bits and the numbers of Swift's Float16")
    func float16() {
        let half = HalfType.float16
        let wrong = (0...UInt16.max).filter { bits in
            let (number, expected) = (half.number(bits: bits), Float16(bitPattern: bits))
            let isSame = expected.isNaN ? number.isNaN : number.bitPattern == Float(expected).bitPattern
            return !isSame || half.bits(number) != bits
        }
        #expect(wrong == [])
    }

    @Test("All bfloat16 are the upper halves of float32")
    func bfloat16() {
        let half = HalfType.bfloat16
        let wrong = (0...UInt16.max).filter { bits in
            half.number(bits: bits).bitPattern != UInt32(bits) << 16 || half.bits(half.number(bits: bits)) != bits
        }
        #expect(wrong == [])
    }

    @Test("A number of the type is rounded to itself", arguments: [HalfType.float16, .bfloat16])
    func fixed(_ half: HalfType) {
        let wrong = (0...UInt16.max).filter { bits in
            let number = half.number(bits: bits)
            return !number.isNaN
                && (half.round(number).bitPattern != number.bitPattern
                    || half.round(Double(number)).bitPattern != number.bitPattern)
        }
        #expect(wrong == [])
    }

    /// The middle between each two neighbours, and the float32 and float64 next to it on either side.
    @Test(
        "Middles go to the even neighbour, and what is beside them to the nearer one",
        arguments: [HalfType.float16, .bfloat16])
    func middles(_ half: HalfType) {
        let infinity: UInt16 = half == .float16 ? 0x7C00 : 0x7F80
        let wrong = (0..<infinity).filter { bits in
            let below = Double(half.number(bits: bits))
            // Beyond the largest number the next one would be a power of two.
            let next =
                bits + 1 == infinity ? (half == .float16 ? 0x1p16 : 0x1p128) : Double(half.number(bits: bits + 1))
            let middle = (below + next) / 2
            let even = bits & 1 == 0 ? bits : bits + 1
            return !half.isMiddle(middle) || half.isMiddle(middle.nextUp) || half.isMiddle(middle.nextDown)
                || half.bits(half.round(middle)) != even || half.bits(half.round(-middle)) != even | 0x8000
                || half.bits(half.round(middle.nextDown)) != bits || half.bits(half.round(middle.nextUp)) != bits + 1
                || half.bits(half.round(Float(middle))) != even
                || half.bits(half.round(Float(middle).nextDown)) != bits
                || half.bits(half.round(Float(middle).nextUp)) != bits + 1
        }
        #expect(wrong == [])
    }

    @Test(
        "Whole numbers are rounded once",
        arguments: [
            (0, 0), (1, 0x3F80), (-257, 0xC380), (257, 0x4380), (259, 0x4382), (.max, 0x5F00), (.min, 0xDF00),
            // The middle of two bfloat16, and one more, which a float64 cannot tell.
            (257 << 52, 0x5D80), ((257 << 52) + 1, 0x5D81),
        ] as [(Int64, UInt16)])
    func whole(_ number: Int64, _ bits: UInt16) {
        #expect(HalfType.bfloat16.bits(HalfType.bfloat16.round(whole: number)) == bits)
    }

    @Test("NaN becomes quiet and keeps the upper bits of its payload", arguments: [HalfType.float16, .bfloat16])
    func nan(_ half: HalfType) {
        let rounded = half.round(Float(bitPattern: 0x7FA0_0001))
        #expect(rounded.bitPattern == 0x7FE0_0000)
    }

    @Test("A number is its significand times a power of two", arguments: [HalfType.float16, .bfloat16])
    func significand(_ half: HalfType) {
        let infinity: UInt16 = half == .float16 ? 0x7C00 : 0x7F80
        let wrong = (0..<infinity).filter { bits in
            let (c, q) = half.significand(of: half.number(bits: bits))
            return Double(c) * Double(sign: .plus, exponent: q, significand: 1) != Double(half.number(bits: bits))
        }
        #expect(wrong == [])
    }
}
