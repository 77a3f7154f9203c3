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

    @Test("Moving past many blocks stops when the flag is set")
    func stops() {
        let stop = StopFlag()
        stop.set()
        var words = MT19937(seed: 3)
        #expect(throws: DropoutError.stopped) { try words.advance(by: 1 << 30, stop: stop) }
    }

    @Test("minstd jumps to where stepping leads", arguments: [0, 1, 2, 3, 1000, 65_537] as [UInt64])
    func minstd(_ count: UInt64) {
        var stepped = Minstd(seed: 42)
        for _ in 0..<count { _ = stepped.next() }
        var jumped = Minstd(seed: 42)
        jumped.skip(count)
        #expect((0..<5).map { _ in jumped.next() } == (0..<5).map { _ in stepped.next() })
    }
}
