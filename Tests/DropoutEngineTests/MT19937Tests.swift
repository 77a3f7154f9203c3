import DropoutEngine
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
}
