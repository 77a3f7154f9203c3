import DropoutEngine
import Stopping
import Testing

@Suite struct MT19937_64Tests {
    /// By `std::mt19937_64` of GNU's C++ library, seeded with `std::seed_seq{5489}`: words 1, 2, 3, the last one of the first
    /// block, the first one of the second block, and word 10,000.
    @Test("The words after a seed sequence are those of the C++ library")
    func seeded() {
        var words = MT19937_64(StandardSeedSequence([5489]))
        let drawn = (1...10_000).map { _ in words.next() }
        #expect(
            Array(drawn[..<3]) == [
                7_690_479_038_820_126_018, 516_508_219_255_765_297, 2_262_411_077_570_794_696,
            ])
        #expect(Array(drawn[311...312]) == [1_080_156_880_980_715_923, 7_583_877_650_432_424_133])
        #expect(drawn[9999] == 2_797_575_526_633_281_245)
    }

    @Test("Moving past words is drawing them", arguments: [0, 1, 311, 312, 313, 623, 624, 625, 10_000] as [UInt64])
    func advances(_ count: UInt64) throws {
        for before in [0, 1, 311, 312] {
            var drawn = MT19937_64(StandardSeedSequence([3]))
            for _ in 0..<before { _ = drawn.next() }
            var (walked, jumped) = (drawn, drawn)
            for _ in 0..<count { _ = drawn.next() }
            try walked.advance(by: count, stop: .never)
            try jumped.jump(UInt128(count), stop: .never)
            expectSameWords(walked, drawn)
            expectSameWords(jumped, drawn)
        }
    }

    @Test(
        "Moving far is drawing, on either side of the count from which a jump is cheaper",
        arguments: [MT19937_64.mostWalked - 1, MT19937_64.mostWalked, MT19937_64.mostWalked + 1, 5_000_000])
    func movesFar(_ count: UInt64) throws {
        var drawn = MT19937_64(StandardSeedSequence([3]))
        try drawn.walk(17, stop: .never)
        var moved = drawn
        try drawn.walk(count, stop: .never)
        try moved.advance(by: count, stop: .never)
        expectSameWords(moved, drawn)
    }

    /// Words after `std::seed_seq{42}`, by an implementation in Python whose jump adds up drawn words, not states.
    @Test(
        "The words far from the start are those of an independent jump",
        arguments: [
            (0, [15_673_539_002_298_030_186, 15_265_596_833_508_273_048]),
            (1_000_000_000_000, [8_381_934_652_281_161_889, 1_636_528_408_305_094_203]),
            (1 << 40, [11_813_830_638_995_107_815, 10_811_316_599_551_507_031]),
            (1 << 63, [8_922_286_845_676_457_592, 11_652_185_343_439_704_604]),
            (.max, [17_703_702_123_096_478_566, 17_585_555_741_628_352_521]),
        ] as [(UInt64, [UInt64])])
    func knownWords(_ count: UInt64, words: [UInt64]) throws {
        var jumped = MT19937_64(StandardSeedSequence([42]))
        try jumped.advance(by: count, stop: .never)
        #expect((0..<2).map { _ in jumped.next() } == words)
    }

    @Test("Moving past many words stops when the flag is set", arguments: [1 << 20, 1 << 30] as [UInt64])
    func stops(_ count: UInt64) {
        let stop = StopFlag()
        stop.set()
        var words = MT19937_64(StandardSeedSequence([3]))
        #expect(throws: DropoutError.stopped) { try words.advance(by: count, stop: stop) }
    }

    private func expectSameWords(_ first: MT19937_64, _ second: MT19937_64) {
        var (first, second) = (first, second)
        #expect((0..<400).map { _ in first.next() } == (0..<400).map { _ in second.next() })
    }
}
