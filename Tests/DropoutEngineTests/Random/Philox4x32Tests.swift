import DropoutEngine
import Testing

/// Known answers of Random123's tests/kat_vectors.
@Suite struct Philox4x32Tests {
    static let knownAnswers: [(counter: [UInt32], key: [UInt32], output: [UInt32])] = [
        ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        (
            [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        ),
        (
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        ),
    ]

    @Test("The tests' own Philox gives them too", arguments: knownAnswers)
    func reference(_ answer: (counter: [UInt32], key: [UInt32], output: [UInt32])) {
        #expect(PhiloxReference.block(answer.counter, key: answer.key) == answer.output)
    }

    @Test("Scattered counters and keys give the reference's words")
    func scatteredCounters() {
        for number in UInt32(0)..<500 {
            let counter = [number &* 0x9e37_79b9, ~number, number &<< 22, number &* number]
            let key = [number &* 0x85eb_ca6b, 0xffff_fe00 | number]
            #expect(block(counter, key) == PhiloxReference.block(counter, key: key))
        }
    }

    private func block(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
        let words = Philox4x32.block((counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1]))
        return [words.0, words.1, words.2, words.3]
    }
}
