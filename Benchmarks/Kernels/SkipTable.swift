import DropoutEngine
import Stopping

/// Moving a Mersenne Twister past words, by drawing and by the jump: where the two meet is ``MT19937/mostWalked``.
enum SkipTable {
    static func run() throws {
        let start = MT19937(seed: 42)
        Measure.head("Skips of MT19937", "words", "drawing, µs", "jump, µs")
        for bits in stride(from: 18, through: 24, by: 1) {
            let count = UInt64(1) << UInt64(bits) - 1
            var (walked, jumped) = (start, start)
            Measure.row(
                "2^\(bits) - 1",
                try Measure.nanoseconds(1000) { try walked.walk(count, stop: .never) },
                try Measure.nanoseconds(1000) { try jumped.jump(UInt128(count), stop: .never) })
        }
        for count: UInt64 in [1_000_000, 100_000_000, 1_000_000_000_000, .max] {
            var words = start
            Measure.row(
                "\(count)", nil, try Measure.nanoseconds(1000) { try words.advance(by: count, stop: .never) })
        }
    }
}
