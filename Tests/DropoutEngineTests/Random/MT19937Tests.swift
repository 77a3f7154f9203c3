import DropoutEngine
import Stopping
import Testing

@Suite struct MT19937Tests {
    @Test("The 10,000th word of seed 5489 is that of the C++ standard")
    func seeded() {
        var words = MT19937(seed: 5489)
        for _ in 1..<10_000 { _ = words.next() }
        #expect(words.next() == 4_123_659_995)
    }

    @Test("Seeding by array gives the first words of the authors' mt19937ar.out")
    func seededByArray() {
        var words = MT19937(array: [0x123, 0x234, 0x345, 0x456])
        #expect((0..<3).map { _ in words.next() } == [1_067_595_299, 955_945_823, 477_289_528])
    }

    @Test(
        "Moving past words is drawing them",
        arguments: [0, 1, 622, 623, 624, 625, 1247, 1248, 1249, 10_000] as [UInt64])
    func advances(_ count: UInt64) throws {
        for before in [0, 1, 623, 624] {
            var drawn = MT19937(seed: 3)
            for _ in 0..<before { _ = drawn.next() }
            var moved = drawn
            for _ in 0..<count { _ = drawn.next() }
            try moved.advance(by: count, stop: .never)
            #expect((0..<700).map { _ in moved.next() } == (0..<700).map { _ in drawn.next() })
        }
    }

    @Test("Moving past many words stops when the flag is set", arguments: [1 << 20, 1 << 30] as [UInt64])
    func stops(_ count: UInt64) {
        let stop = StopFlag()
        stop.set()
        var words = MT19937(seed: 3)
        #expect(throws: DropoutError.stopped) { try words.advance(by: count, stop: stop) }
    }

    @Test("The jump is drawing", arguments: [0, 1, 623, 624, 625, 19_967, 19_968, 19_969, 1_000_003] as [UInt64])
    func jumps(_ count: UInt64) throws {
        for before in [0, 1, 624] as [UInt64] {
            var drawn = MT19937(seed: 3)
            try drawn.walk(before, stop: .never)
            var jumped = drawn
            try drawn.walk(count, stop: .never)
            try jumped.jump(UInt128(count), stop: .never)
            expectSameWords(jumped, drawn)
        }
    }

    @Test(
        "Moving far is drawing, on either side of the count from which a jump is cheaper",
        arguments: [
            MT19937.mostWalked - 1, MT19937.mostWalked, MT19937.mostWalked + 1, 10_000_000, 12_345_678,
        ])
    func movesFar(_ count: UInt64) throws {
        var drawn = MT19937(seed: 3)
        try drawn.walk(17, stop: .never)
        var moved = drawn
        try drawn.walk(count, stop: .never)
        try moved.advance(by: count, stop: .never)
        expectSameWords(moved, drawn)
    }

    /// Words of seed 5489, by NumPy's `random_raw` for 3 · 10^7. The others are by a jump of another kind: Python's
    /// integers gave x^n modulo the characteristic polynomial, whose coefficients told which of NumPy's words to add up.
    @Test(
        "The words far from the start are those of an independent jump",
        arguments: [
            (30_000_000, [7_722_899, 1_719_067_400, 4_078_664_259, 3_986_235_438]),
            (1_000_000_000_000, [2_948_162_034, 2_002_140_012, 1_261_204_383, 1_174_177_176]),
            (1 << 40, [2_324_897_295, 4_214_834_927, 1_252_460_310, 1_339_848_397]),
            (1 << 63, [2_901_213_308, 1_845_510_801, 2_757_225_701, 1_343_645_052]),
            (.max, [2_381_927_529, 2_170_487_254, 3_928_228_602, 1_921_267_510]),
        ] as [(UInt64, [UInt32])])
    func knownWords(_ count: UInt64, words: [UInt32]) throws {
        var jumped = MT19937(seed: 5489)
        try jumped.advance(by: count, stop: .never)
        #expect((0..<4).map { _ in jumped.next() } == words)
    }

    @Test("Two words for each of 2^64 - 1 units are 2^65 - 2 words")
    func skipsUnits() throws {
        var words = MT19937(seed: 5489)
        try words.skip(words: 0, units: .max, wordsEach: 2, stop: .never)
        #expect((0..<4).map { _ in words.next() } == [231_671_846, 922_077_848, 1_825_081_347, 241_313_581])
        var longest = MT19937(seed: 5489)
        try longest.skip(words: .max, units: .max, wordsEach: .max, stop: .never)
        var parts = MT19937(seed: 5489)
        try parts.advance(byWide: UInt128(UInt64.max) << 64, stop: .never)
        expectSameWords(longest, parts)
    }

    /// `np.random.MT19937.jumped()` moves a fresh state 2^128 words, but starts with the 624 words of the seeded state, which
    /// the generator otherwise never gives out. The first of them is no whole word, so the second is compared.
    @Test("The words after NumPy's jump of 2^128 are reached")
    func numPyJump() throws {
        var words = MT19937(seed: 5489)
        try words.advance(byWide: .max - 622, stop: .never)
        #expect((0..<3).map { _ in words.next() } == [3_962_892_820, 1_993_863_073, 659_440_139])
    }

    @Test(
        "Two jumps are one",
        arguments: [(1 << 63, 1 << 62), (1 << 63 - 7, 1 << 63 - 1), (.max, 5_000_000)] as [(UInt64, UInt64)])
    func composes(_ first: UInt64, _ second: UInt64) throws {
        var (steps, whole) = (MT19937(array: [1, 2, 3]), MT19937(array: [1, 2, 3]))
        try steps.advance(by: first, stop: .never)
        try steps.advance(by: second, stop: .never)
        try whole.advance(byWide: UInt128(first) + UInt128(second), stop: .never)
        expectSameWords(steps, whole)
    }

    private func expectSameWords(_ first: MT19937, _ second: MT19937) {
        var (first, second) = (first, second)
        #expect((0..<700).map { _ in first.next() } == (0..<700).map { _ in second.next() })
    }

    @Test("minstd jumps to where stepping leads", arguments: [0, 1, 2, 3, 1000, 65_537] as [UInt64])
    func minstd(_ count: UInt64) {
        var stepped = Minstd(seed: 42)
        for _ in 0..<count { _ = stepped.next() }
        var jumped = Minstd(seed: 42)
        jumped.skip(count)
        #expect((0..<5).map { _ in jumped.next() } == (0..<5).map { _ in stepped.next() })
    }

    /// Both have the period 2^31 - 2, since their multipliers are primitive roots.
    @Test(
        "minstd and MCG31m1 skip any count, which is the count modulo their period",
        arguments: [1 << 31 - 2, 1 << 32, 1 << 63, .max - 1, .max] as [UInt64])
    func shortPeriods(_ count: UInt64) {
        var (far, near) = (Minstd(seed: 42), Minstd(seed: 42))
        far.skip(count)
        near.skip(count % (1 << 31 - 2))
        #expect((0..<5).map { _ in far.next() } == (0..<5).map { _ in near.next() })
        var (farMCG, nearMCG) = (MCG31m1(seed: 42), MCG31m1(seed: 42))
        farMCG.skip(count)
        nearMCG.skip(count % (1 << 31 - 2))
        #expect((0..<5).map { _ in farMCG.next() } == (0..<5).map { _ in nearMCG.next() })
    }
}
