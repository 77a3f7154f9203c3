import Stopping

/// x^n over the field of two elements, modulo φ(x) · x^31, where φ is the characteristic polynomial of a Mersenne Twister.
///
///     state after n words = sum of T^i(state) over the coefficients g_i = 1 of g = x^n mod φ(x) · x^31
///
/// The next word depends linearly, over the field of two elements, on the 19968 bits of the state. So one step is a matrix T,
/// and T annuls its characteristic polynomial φ(x) · x^31. The factor x^31 is for the 31 bits of the oldest word on which no
/// later word depends. T^i(state) is the words from word i on, as many as the state has. So the sum needs no more than the
/// first 19,968 words and a state.
///
/// Complexity: O(log n) squarings, 20 microseconds each for words of 32 bits and 45 for words of 64 bits, then a sum of 0.45
/// or 0.8 ms.
///
/// Source: Haramoto, Matsumoto, Nishimura, Panneton and L'Ecuyer, "Efficient jump ahead for F2-linear random number
/// generators", INFORMS Journal on Computing 20 (2008) 385-390.
struct JumpPolynomial {
    /// The degree of φ(x) · x^31.
    static let degree = 64 * wordCount
    private static let wordCount = 312

    /// Bit b of word w is the coefficient of x^(64 w + b).
    private var coefficients = [UInt64](repeating: 0, count: wordCount)

    /// x^`exponent`: the upper bits of the exponent as they are, then a squaring for each other bit.
    ///
    /// - Throws: ``DropoutError/stopped``.
    init(exponent: UInt128, modulus: Modulus, stop: StopFlag) throws(DropoutError) {
        var shift = 0
        while exponent >> shift >= Self.degree { shift += 1 }
        let start = Int(exponent >> shift)
        coefficients[start / 64] = 1 << UInt64(start % 64)
        var product = [UInt64](repeating: 0, count: 2 * Self.wordCount)
        while shift > 0 {
            try stop.ask()
            shift -= 1
            square(timesX: exponent >> shift & 1 == 1, modulus, product: &product)
        }
    }

    /// The state that the polynomial makes of a state.
    ///
    /// - Parameters:
    ///   - words: the untempered words from the state's first on, ``degree`` of them and a state.
    ///   - size: the words of a state.
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    func state<Word: FixedWidthInteger & BitwiseCopyable>(
        of words: [Word], size: Int, stop: StopFlag
    ) throws(DropoutError) -> [Word] {
        var sum = [Word](repeating: 0, count: size)
        try sum.withUnsafeMutableBufferPointer { sum throws(DropoutError) in
            try words.withUnsafeBufferPointer { words throws(DropoutError) in
                for (index, coefficients) in coefficients.enumerated() {
                    // Each 1.5 microseconds.
                    try stop.ask()
                    var rest = coefficients
                    while rest != 0 {
                        let first = 64 &* index &+ rest.trailingZeroBitCount
                        rest &= rest &- 1
                        for place in 0..<size { sum[place] ^= words[first &+ place] }
                    }
                }
            }
        }
        return sum
    }

    /// The square, multiplied by x if `timesX` says so.
    ///
    /// The square of a sum is the sum of the squares, so squaring puts a zero between any two coefficients. The odd places are
    /// then free for a multiplication by x.
    private mutating func square(timesX: Bool, _ modulus: Modulus, product: inout [UInt64]) {
        let shift: UInt64 = timesX ? 1 : 0
        coefficients.withUnsafeMutableBufferPointer { coefficients in
            product.withUnsafeMutableBufferPointer { product in
                for index in 0..<Self.wordCount {
                    let word = coefficients[index]
                    product[2 &* index] = Self.spread(word & 0xFFFF_FFFF) &<< shift
                    product[2 &* index &+ 1] = Self.spread(word &>> 32) &<< shift
                }
                switch modulus {
                case .words32: Self.reduce(product, Modulus.lowerExponents32, run: 8)
                case .words64: Self.reduce(product, Modulus.lowerExponents64, run: 3)
                }
                for index in 0..<Self.wordCount { coefficients[index] = product[index] }
            }
        }
    }

    /// Subtracts multiples of φ(x) · x^31 until the upper half is used up, `run` words at once from above.
    ///
    /// - Parameter run: divides ``wordCount``. Its bits, and 63 more, are no more than the distance of φ's first two exponents.
    ///   So the subtraction for `run` words changes only words below them.
    @inline(__always)
    private static func reduce(_ product: UnsafeMutableBufferPointer<UInt64>, _ lowerExponents: [UInt16], run: Int) {
        var start = 2 &* wordCount
        while start > wordCount {
            start &-= run
            for exponent in lowerExponents {
                let distance = 19_937 &- Int(exponent)
                let (place, bits) = (start &- distance / 64, UInt64(truncatingIfNeeded: distance % 64))
                for index in 0..<run { product[place &+ index] ^= product[start &+ index] &>> bits }
                // By 64 - bits; in two steps, since a shift by 64 is no masking shift.
                for index in 0..<run {
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
}

extension JumpPolynomial {
    /// The characteristic polynomial of a Mersenne Twister: x^19937 and the terms below.
    ///
    /// Both were computed with the algorithm of Berlekamp and Massey from 39,974 successive lowest bits of the generator.
    enum Modulus {
        /// That of ``MT19937``.
        case words32
        /// That of ``MT19937_64``.
        case words64

        fileprivate static let lowerExponents32: [UInt16] = [
            19_314, 19_087, 18_860, 18_691, 18_633, 18_406, 18_237, 18_179, 18_068, 17_952, 17_841, 17_783, 17_725,
            17_498, 17_445, 17_329, 17_271, 17_160, 17_044, 16_933, 16_875, 16_822, 16_817, 16_595, 16_590, 16_537,
            16_421, 16_368, 16_363, 16_252, 16_141, 16_136, 16_025, 15_967, 15_909, 15_682, 15_629, 15_576, 15_513,
            15_455, 15_349, 15_344, 15_228, 15_117, 15_059, 15_006, 15_001, 14_953, 14_779, 14_774, 14_721, 14_605,
            14_552, 14_547, 14_436, 14_325, 14_320, 14_209, 14_151, 14_093, 13_866, 13_813, 13_760, 13_697, 13_639,
            13_533, 13_528, 13_412, 13_301, 13_243, 13_190, 13_185, 13_137, 12_963, 12_958, 12_905, 12_789, 12_736,
            12_731, 12_673, 12_620, 12_509, 12_504, 12_393, 12_335, 12_277, 11_997, 11_944, 11_881, 11_838, 11_717,
            11_712, 11_611, 11_485, 11_384, 11_374, 11_321, 11_215, 11_157, 11_147, 11_089, 10_920, 10_761, 10_693,
            10_128, 9969, 9901, 9505, 8206, 7979, 7752, 7583, 7525, 7477, 7129, 6569, 6337, 5661, 4753, 4362, 4135,
            3908, 3681, 3454, 3227, 3000, 2773, 2493, 1870, 1643, 1585, 1416, 1189, 0,
        ]

        fileprivate static let lowerExponents64: [UInt16] = [
            19_626, 19_470, 19_314, 19_158, 19_002, 18_846, 18_693, 18_690, 18_534, 18_378, 18_222, 18_071, 18_069,
            18_066, 17_910, 17_760, 17_759, 17_754, 17_604, 17_598, 17_449, 17_445, 17_442, 17_286, 17_138, 17_130,
            16_982, 16_974, 16_826, 16_823, 16_821, 16_818, 16_670, 16_662, 16_514, 16_512, 16_511, 16_506, 16_358,
            16_356, 16_350, 16_205, 16_202, 16_201, 16_197, 16_194, 16_046, 16_038, 15_894, 15_882, 15_738, 15_726,
            15_582, 15_581, 15_575, 15_573, 15_570, 15_426, 15_414, 15_264, 15_263, 15_258, 15_108, 15_102, 14_953,
            14_949, 14_946, 14_790, 14_642, 14_634, 14_486, 14_478, 14_339, 14_330, 14_327, 14_325, 14_322, 14_174,
            14_166, 14_028, 14_027, 14_018, 14_016, 14_015, 14_010, 13_872, 13_862, 13_860, 13_854, 13_715, 13_709,
            13_706, 13_705, 13_701, 13_698, 13_550, 13_542, 13_404, 13_403, 13_398, 13_386, 13_248, 13_242, 13_230,
            13_095, 13_091, 13_086, 13_085, 13_079, 13_077, 13_074, 12_930, 12_918, 12_784, 12_783, 12_780, 12_779,
            12_768, 12_767, 12_762, 12_628, 12_624, 12_612, 12_606, 12_467, 12_457, 12_453, 12_450, 12_294, 12_162,
            12_156, 12_155, 12_146, 12_138, 12_006, 12_000, 11_990, 11_982, 11_850, 11_847, 11_834, 11_831, 11_829,
            11_826, 11_694, 11_678, 11_670, 11_538, 11_536, 11_535, 11_522, 11_520, 11_519, 11_514, 11_382, 11_380,
            11_366, 11_364, 11_358, 11_229, 11_226, 11_213, 11_210, 11_209, 11_205, 11_202, 11_070, 11_054, 11_046,
            10_902, 10_890, 10_746, 10_734, 10_607, 10_605, 10_590, 10_589, 10_583, 10_581, 10_578, 10_434, 10_422,
            10_295, 10_272, 10_271, 10_266, 10_116, 10_110, 9984, 9961, 9957, 9954, 9953, 9798, 9650, 9494, 9360,
            9347, 9338, 9335, 9333, 9182, 9048, 9036, 9035, 9026, 9024, 9023, 8880, 8870, 8868, 8723, 8717, 8714,
            8713, 8558, 8412, 8411, 8406, 8268, 8256, 8250, 8112, 8103, 8099, 8094, 8093, 7956, 7938, 7792, 7791,
            7788, 7787, 7644, 7636, 7632, 7475, 7176, 7170, 7164, 7163, 7014, 7008, 6864, 6858, 6855, 6702, 6552,
            6546, 6544, 6543, 6396, 6390, 6388, 6240, 6237, 6234, 6084, 6078, 5616, 5615, 5613, 5460, 5303, 4992,
            4680, 4368, 4056, 3900, 3588, 3432, 3276, 3120, 2808, 2652, 2496, 2028, 1872, 1716, 1248, 1092, 468, 312,
            0,
        ]
    }
}
