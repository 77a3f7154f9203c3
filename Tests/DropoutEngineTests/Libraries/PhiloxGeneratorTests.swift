import DropoutEngine
import Testing

/// The contract's own generator: key, counter, order of the words, threshold, offset, step and stream.
@Suite struct PhiloxGeneratorTests {
    struct Draw: Sendable, CustomTestStringConvertible {
        let keep: Double
        var seed: UInt64 = 42
        var step: UInt32 = 0
        var stream: UInt32 = 0
        var offset: UInt64 = 0

        var generator: PhiloxGenerator { PhiloxGenerator(seed: seed, step: step, stream: stream) }

        func kept(_ count: Int) throws -> [UInt8] {
            try generator.kept(.vector(count), probability: KeepProbability(keep: keep), offset: offset)
        }

        func expected(_ count: Int) -> [UInt8] {
            PhiloxReference.kept(count, keep: keep, seed: seed, step: step, stream: stream, offset: offset)
        }

        var testDescription: String {
            "keep \(keep), seed \(seed), step \(step), stream \(stream), offset \(offset)"
        }
    }

    static let draws: [Draw] = [
        Draw(keep: 0.8), Draw(keep: 0.5, seed: 0), Draw(keep: 0.1, seed: .max), Draw(keep: 0.999),
        Draw(keep: 1e-9), Draw(keep: 0x1p-32), Draw(keep: 1 - 0x1p-32), Draw(keep: 1.0.nextDown),
        // Each word of the key and of the counter by itself.
        Draw(keep: 0.5, seed: 1), Draw(keep: 0.5, seed: 1 << 32), Draw(keep: 0.5, step: 1), Draw(keep: 0.5, stream: 1),
        Draw(keep: 0.5, seed: 0xffff_ffff), Draw(keep: 0.5, seed: 0x299f_31d0_a409_3822, step: .max, stream: .max),
        Draw(keep: 0.3, step: 7, stream: 3, offset: 1), Draw(keep: 0.3, step: 3, stream: 7, offset: 2),
        // Not a multiple of 4; where the counter's low word overflows; where it is far above 2^32.
        Draw(keep: 0.6, offset: 3), Draw(keep: 0.6, offset: 5), Draw(keep: 0.6, offset: 30),
        Draw(keep: 0.6, offset: 1 << 32 + 1), Draw(keep: 0.6, offset: 1 << 34 - 50), Draw(keep: 0.6, offset: 1 << 34),
        Draw(keep: 0.6, offset: 1 << 63 - 77), Draw(keep: 0.6, offset: .max - 149),
    ]

    @Test("Masks are those of the contract's sentence", arguments: draws)
    func contract(_ draw: Draw) throws {
        for count in [0, 1, 2, 3, 4, 5, 31, 32, 33, 63, 64, 67, 150] {
            #expect(try draw.kept(count) == draw.expected(count))
        }
    }

    @Test("No two of seed, step and stream are taken for one another")
    func distinct() {
        let words = [
            PhiloxGenerator(seed: 0, step: 0, stream: 0), PhiloxGenerator(seed: 1, step: 0, stream: 0),
            PhiloxGenerator(seed: 1 << 32, step: 0, stream: 0), PhiloxGenerator(seed: 0, step: 1, stream: 0),
            PhiloxGenerator(seed: 0, step: 0, stream: 1),
        ].map { generator in (0..<4).map { generator.word(at: $0) } }
        #expect(Set(words).count == words.count)
    }

    @Test("Seed 0 starts with Random123's words of counter 0 and key 0")
    func firstWords() throws {
        let generator = PhiloxGenerator(seed: 0, step: 0, stream: 0)
        let words: [UInt32] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        #expect((0..<4).map { generator.word(at: $0) } == words)
        // 0.65 · 2^32 lies between the largest two words and the others.
        let kept = try generator.kept(.vector(4), probability: KeepProbability(keep: 0.65), offset: 0)
        #expect(kept == [1, 0, 0, 1])
    }

    @Test("A word equal to the threshold is dropped, the one below it kept", arguments: 0..<70 as Range<UInt64>)
    func threshold(_ i: UInt64) throws {
        let generator = PhiloxGenerator(seed: 5, step: 2, stream: 1)
        let word = Double(generator.word(at: i))
        let count = Int(i) + 1
        func kept(_ keep: Double) throws -> UInt8? {
            try generator.kept(.vector(count), probability: KeepProbability(keep: keep), offset: 0).last
        }
        // ceil(keep · 2^32) is the word itself, then one more, as soon as keep is a hair above.
        #expect(try kept(word * 0x1p-32) == 0)
        #expect(try kept((word * 0x1p-32).nextUp) == 1)
        #expect(try kept((word + 1) * 0x1p-32) == 1)
    }

    @Test("Keep 1 keeps all and keep 0 none, at any offset", arguments: [0, 3, 1 << 40 + 1, .max - 99] as [UInt64])
    func extremes(_ offset: UInt64) throws {
        let generator = PhiloxGenerator(seed: 3, step: 0, stream: 0)
        for count in [0, 1, 35, 100] {
            let all = try generator.kept(.vector(count), probability: KeepProbability(keep: 1), offset: offset)
            #expect(all == [UInt8](repeating: 1, count: count))
            let none = try generator.kept(.vector(count), probability: KeepProbability(rate: 1), offset: offset)
            #expect(none == [UInt8](repeating: 0, count: count))
        }
    }

    @Test("Only the number of elements matters, not how the shape divides them")
    func shapeless() throws {
        let generator = PhiloxGenerator(seed: 8, step: 0, stream: 0)
        let probability = try KeepProbability(keep: 0.7)
        let flat = try generator.kept(.vector(120), probability: probability, offset: 9)
        for shape in try [[120], [2, 60], [5, 4, 3, 2], [1, 120, 1]].map({ try Shape($0) }) {
            #expect(try generator.kept(shape, probability: probability, offset: 9) == flat)
        }
    }

    @Test(
        "Shards of any size, drawn by offset, join to the whole",
        arguments: [0, 1, 2, 3, 1 << 34 - 501, 1 << 63 + 2, .max - 999] as [UInt64],
        [1, 2, 3, 5, 7, 31, 32, 33, 100, 257, 999])
    func shards(start: UInt64, size: Int) throws {
        let generator = PhiloxGenerator(seed: 1_234_567, step: 89, stream: 10)
        let probability = try KeepProbability(keep: 0.8)
        let whole = try generator.kept(.vector(1000), probability: probability, offset: start)
        var joined: [UInt8] = []
        while joined.count < whole.count {
            let count = min(size, whole.count - joined.count)
            joined += try generator.kept(.vector(count), probability: probability, offset: start + UInt64(joined.count))
        }
        #expect(joined == whole)
    }

    @Test("Shards of mixed sizes join to the whole")
    func mixedShards() throws {
        let generator = PhiloxGenerator(seed: 77, step: 0, stream: 0)
        let probability = try KeepProbability(rate: 0.35)
        let whole = try generator.kept(.vector(2000), probability: probability, offset: 6)
        var joined: [UInt8] = []
        for size in [1, 0, 3, 64, 2, 33, 129, 4, 500, 7, 1257] {
            joined += try generator.kept(.vector(size), probability: probability, offset: 6 + UInt64(joined.count))
        }
        #expect(joined == whole)
    }

    @Test("A uniform number is two neighbouring words of its block", arguments: [0, 1, 2, 7, 1 << 32 - 3, 1 << 62 + 1])
    func uniforms(_ offset: UInt64) throws {
        let generator = PhiloxGenerator(seed: 0x1234_5678_9abc_def0, step: 3, stream: 9)
        for count in 0...9 {
            let expected = (0..<UInt64(count)).map { index in
                let i = 2 * (offset + index)
                let bits = UInt64(generator.word(at: i + 1)) << 32 | UInt64(generator.word(at: i))
                return Double((bits >> 12) << 1 | 1) * 0x1p-53
            }
            #expect(try generator.uniforms(count, offset: offset) == expected)
        }
    }
}
