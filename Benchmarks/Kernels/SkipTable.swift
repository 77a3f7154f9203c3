import DropoutEngine
import Stopping

/// Moving the Mersenne Twisters past words, by drawing and by the jump: where the two meet is `mostWalked`.
enum SkipTable {
    static func run() throws {
        let (words32, words64) = (MT19937(seed: 42), MT19937_64(StandardSeedSequence([42])))
        Measure.head("Skips of MT19937 and MT19937_64, µs", "words", "drawing", "jump", "drawing, 64", "jump, 64")
        for bits in 18...24 {
            let count = UInt64(1) << UInt64(bits) - 1
            var (walked32, jumped32, walked64, jumped64) = (words32, words32, words64, words64)
            Measure.row(
                "2^\(bits) - 1",
                try microseconds { try walked32.walk(count, stop: .never) },
                try microseconds { try jumped32.jump(UInt128(count), stop: .never) },
                try microseconds { try walked64.walk(count, stop: .never) },
                try microseconds { try jumped64.jump(UInt128(count), stop: .never) })
        }
        Measure.head("The cheaper of both, µs", "words", "MT19937", "MT19937_64")
        for count: UInt64 in [1_000_000, 100_000_000, 1_000_000_000_000, .max] {
            var (moved32, moved64) = (words32, words64)
            Measure.row(
                "\(count)",
                try microseconds { try moved32.advance(by: count, stop: .never) },
                try microseconds { try moved64.advance(by: count, stop: .never) })
        }
    }

    private static func microseconds(_ work: () throws -> Void) rethrows -> Double {
        try Measure.nanoseconds(1000, work)
    }
}
