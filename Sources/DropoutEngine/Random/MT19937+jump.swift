package import Stopping

extension MT19937 {
    /// Moves past `count` words, any number of them, without drawing them.
    ///
    ///     state after n words = sum of T^i(state) over the coefficients g_i = 1 of g = x^n mod φ(x) · x^31
    ///
    /// The next word depends linearly, over the field of two elements, on the 19968 bits of the state. So one step is a
    /// matrix T, and T annuls its characteristic polynomial φ(x) · x^31. The factor x^31 stands for the 31 bits of the
    /// oldest word that no later word depends on. T^i(state) is the 624 words from word i on, so the sum needs no more than
    /// the next 20,591 words. The place in the block stays.
    ///
    /// Complexity: O(log count) squarings of a polynomial, 20 microseconds each, then a sum of 0.45 ms.
    ///
    /// Source: Haramoto, Matsumoto, Nishimura, Panneton and L'Ecuyer, "Efficient jump ahead for F2-linear random number
    /// generators", INFORMS Journal on Computing 20 (2008) 385-390.
    ///
    /// - Throws: ``DropoutError/stopped``; the state is then the old one.
    package mutating func jump(_ count: UInt128, stop: StopFlag) throws(DropoutError) {
        let power = try JumpPolynomial(exponent: count, stop: stop)
        let words = sequence(blocks: JumpPolynomial.degree / Self.size + 1)
        var sum = [UInt32](repeating: 0, count: Self.size)
        try sum.withUnsafeMutableBufferPointer { sum throws(DropoutError) in
            try words.withUnsafeBufferPointer { words throws(DropoutError) in
                for (index, coefficients) in power.coefficients.enumerated() {
                    // Each 1.5 microseconds.
                    try stop.ask()
                    var rest = coefficients
                    while rest != 0 {
                        let first = 64 &* index &+ rest.trailingZeroBitCount
                        rest &= rest &- 1
                        for place in 0..<Self.size { sum[place] ^= words[first &+ place] }
                    }
                }
            }
        }
        setState(sum)
    }
}

/// A polynomial over the field of two elements, modulo φ(x) · x^31, where φ is the characteristic polynomial of ``MT19937``.
private struct JumpPolynomial {
    /// The degree of φ(x) · x^31.
    static let degree = 64 * wordCount
    private static let wordCount = 312

    /// Bit b of word w is the coefficient of x^(64 w + b).
    private(set) var coefficients = [UInt64](repeating: 0, count: wordCount)

    /// x^`exponent`: the upper bits of the exponent as they are, then a squaring for each other bit.
    ///
    /// - Throws: ``DropoutError/stopped``.
    init(exponent: UInt128, stop: StopFlag) throws(DropoutError) {
        var shift = 0
        while exponent >> shift >= Self.degree { shift += 1 }
        let start = Int(exponent >> shift)
        coefficients[start / 64] = 1 << UInt64(start % 64)
        var product = [UInt64](repeating: 0, count: 2 * Self.wordCount)
        while shift > 0 {
            try stop.ask()
            shift -= 1
            square(timesX: exponent >> shift & 1 == 1, product: &product)
        }
    }

    /// The square, multiplied by x if `timesX` says so.
    ///
    /// The square of a sum is the sum of the squares, so squaring puts a zero between any two coefficients. The odd places are
    /// then free for a multiplication by x.
    private mutating func square(timesX: Bool, product: inout [UInt64]) {
        let shift: UInt64 = timesX ? 1 : 0
        coefficients.withUnsafeMutableBufferPointer { coefficients in
            product.withUnsafeMutableBufferPointer { product in
                for index in 0..<Self.wordCount {
                    let word = coefficients[index]
                    product[2 &* index] = Self.spread(word & 0xFFFF_FFFF) &<< shift
                    product[2 &* index &+ 1] = Self.spread(word &>> 32) &<< shift
                }
                Self.reduce(product)
                for index in 0..<Self.wordCount { coefficients[index] = product[index] }
            }
        }
    }

    /// Subtracts multiples of φ(x) · x^31 until the upper half is used up, eight words at once from above.
    ///
    /// Its second term is 623 below the first, which is more than eight words. So what is subtracted for eight words lies below
    /// all of them.
    private static func reduce(_ product: UnsafeMutableBufferPointer<UInt64>) {
        var start = 2 &* wordCount
        while start > wordCount {
            start &-= 8
            for exponent in lowerExponents {
                let distance = 19_937 &- Int(exponent)
                let (place, bits) = (start &- distance / 64, UInt64(truncatingIfNeeded: distance % 64))
                for index in 0..<8 { product[place &+ index] ^= product[start &+ index] &>> bits }
                // By 64 - bits; in two steps, since a shift by 64 is no masking shift.
                for index in 0..<8 {
                    product[place &- 1 &+ index] ^= (product[start &+ index] &<< 1) &<< (63 &- bits)
                }
            }
        }
    }

    /// The 32 lower bits with a zero above each.
    private static func spread(_ bits: UInt64) -> UInt64 {
        var bits = bits
        bits = (bits | bits &<< 16) & 0x0000_FFFF_0000_FFFF
        bits = (bits | bits &<< 8) & 0x00FF_00FF_00FF_00FF
        bits = (bits | bits &<< 4) & 0x0F0F_0F0F_0F0F_0F0F
        bits = (bits | bits &<< 2) & 0x3333_3333_3333_3333
        return (bits | bits &<< 1) & 0x5555_5555_5555_5555
    }

    /// The exponents of φ(x) below its degree, 19,937.
    ///
    /// Computed with the algorithm of Berlekamp and Massey from 39,974 successive lowest bits of the generator.
    private static let lowerExponents: [UInt16] = [
        19_314, 19_087, 18_860, 18_691, 18_633, 18_406, 18_237, 18_179, 18_068, 17_952, 17_841, 17_783, 17_725,
        17_498, 17_445, 17_329, 17_271, 17_160, 17_044, 16_933, 16_875, 16_822, 16_817, 16_595, 16_590, 16_537,
        16_421, 16_368, 16_363, 16_252, 16_141, 16_136, 16_025, 15_967, 15_909, 15_682, 15_629, 15_576, 15_513,
        15_455, 15_349, 15_344, 15_228, 15_117, 15_059, 15_006, 15_001, 14_953, 14_779, 14_774, 14_721, 14_605,
        14_552, 14_547, 14_436, 14_325, 14_320, 14_209, 14_151, 14_093, 13_866, 13_813, 13_760, 13_697, 13_639,
        13_533, 13_528, 13_412, 13_301, 13_243, 13_190, 13_185, 13_137, 12_963, 12_958, 12_905, 12_789, 12_736,
        12_731, 12_673, 12_620, 12_509, 12_504, 12_393, 12_335, 12_277, 11_997, 11_944, 11_881, 11_838, 11_717,
        11_712, 11_611, 11_485, 11_384, 11_374, 11_321, 11_215, 11_157, 11_147, 11_089, 10_920, 10_761, 10_693,
        10_128, 9969, 9901, 9505, 8206, 7979, 7752, 7583, 7525, 7477, 7129, 6569, 6337, 5661, 4753, 4362, 4135, 3908,
        3681, 3454, 3227, 3000, 2773, 2493, 1870, 1643, 1585, 1416, 1189, 0,
    ]
}
