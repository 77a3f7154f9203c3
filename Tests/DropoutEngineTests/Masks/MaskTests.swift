import DropoutEngine
import Testing

@Suite struct MaskTests {
    private func given(_ bits: [UInt8]) throws -> Mask {
        try Mask(given: bits, shape: .vector(bits.count), noise: NoiseShape(elementwise: .vector(bits.count)))
    }

    /// 0s and 1s without a pattern.
    private func bits(_ count: Int) -> [UInt8] {
        let numbers: [Double] = scattered(count, seed: 99)
        return numbers.map { $0 < 0.3 ? 1 : 0 }
    }

    @Test(
        "The packed form holds 8 elements a byte, the first in the highest bit",
        arguments: [
            ([], []), ([1], [0x80]), ([0, 1], [0x40]), ([1, 0, 0, 0, 0, 0, 0, 0], [0x80]),
            ([0, 0, 0, 0, 0, 0, 0, 1], [0x01]), ([1, 1, 1, 1, 1, 1, 1, 1], [0xff]),
            ([1, 1, 1, 1, 1, 0, 1, 0], [0xfa]), ([0, 0, 0, 0, 0, 0, 0, 0, 1], [0x00, 0x80]),
            ([1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1], [0xac, 0xe0]),
        ] as [([UInt8], [UInt8])])
    func packed(bits: [UInt8], bytes: [UInt8]) throws {
        #expect(try given(bits).packed() == bytes)
    }

    @Test("Packing masks of every length up to 70 loses nothing")
    func packedLengths() throws {
        for count in 0...70 {
            let bits = bits(count)
            let packed = try given(bits).packed()
            #expect(packed.count == (count + 7) / 8)
            let unpacked = packed.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
            #expect(unpacked == bits + [UInt8](repeating: 0, count: packed.count * 8 - count))
        }
    }

    @Test("Each byte value is packed from its own bits")
    func everyByte() throws {
        for byte in UInt8.min...UInt8.max {
            #expect(try given((0..<8).map { byte >> (7 - $0) & 1 }).packed() == [byte])
        }
    }

    @Test("Kept elements, units and indices are counted apart where draws are shared")
    func counts() throws {
        let noise = try NoiseShape(.unit, of: Shape([3, 4]), layout: .columns)
        let mask = try Mask(given: [1, 0, 1], shape: noise.drawn, noise: noise)
        #expect(mask.drawn == [1, 0, 1])
        #expect(mask.kept == [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1])
        #expect(mask.keptUnits == 2)
        #expect(mask.keptCount == 8)
        #expect(try mask.keptIndices() == [0, 1, 2, 3, 8, 9, 10, 11])
        #expect(try mask.packed() == [0xf0, 0xf0])
    }

    @Test("Ones are counted and found in masks of every length and of many", arguments: [0.0, 0.3, 1])
    func ones(share: Double) throws {
        for count in Array(0...130) + [16_319, 16_320, 16_384, 50_001] {
            let numbers: [Double] = scattered(count, seed: 98)
            let bits = numbers.map { $0.magnitude < share ? UInt8(1) : 0 }
            let mask = try given(bits)
            var indices: [Int] = []
            for index in bits.indices where bits[index] == 1 { indices.append(index) }
            #expect(try mask.keptIndices() == indices)
            #expect(mask.keptCount == indices.count)
            #expect(mask.keptUnits == indices.count)
        }
    }

    @Test("An empty mask and a scalar one")
    func small() throws {
        let empty = try given([])
        #expect(empty.keptCount == 0)
        #expect(try empty.keptIndices() == [])
        #expect(empty.logProbability(try KeepProbability(keep: 0.5)) == 0)
        let scalar = try Mask(given: [1], shape: .scalar, noise: NoiseShape(elementwise: .scalar))
        #expect(scalar.kept == [1])
        #expect(try scalar.packed() == [0x80])
    }

    @Test("The log-probability adds up one logarithm for each unit")
    func logProbability() throws {
        // 0.8^6 · 0.2^2 = 0.01048576, the mask of the article; its logarithm to 17 digits.
        let article = try given([1, 1, 1, 1, 1, 0, 1, 0]).logProbability(KeepProbability(keep: 0.8))
        #expect((article + 4.5577371327534586).magnitude < 1e-14)
        let halves = try given(bits(1000)).logProbability(KeepProbability(keep: 0.5))
        #expect((halves + 1000 * 0.69314718055994530942).magnitude < 1e-12)
        // Three units, not twelve elements: ln(0.8² · 0.2).
        let noise = try NoiseShape(.unit, of: Shape([3, 4]), layout: .columns)
        let shared = try Mask(given: [1, 0, 1], shape: noise.drawn, noise: noise)
        #expect(try (shared.logProbability(KeepProbability(keep: 0.8)) + 2.0557250150625199).magnitude < 1e-15)
    }

    @Test("The log-probability of a certain mask is 0 and of an impossible one -infinity")
    func certainty() throws {
        let (all, none) = (try KeepProbability(keep: 1), try KeepProbability(keep: 0))
        #expect(try given([1, 1, 1]).logProbability(all) == 0)
        #expect(try given([0, 0]).logProbability(none) == 0)
        #expect(try given([1, 0, 1]).logProbability(all) == -.infinity)
        #expect(try given([0, 1]).logProbability(none) == -.infinity)
    }

    @Test("The probabilities of all masks add up to 1", arguments: [0.1, 0.5, 0.8, 0.999])
    func total(_ keep: Double) throws {
        let probability = try KeepProbability(keep: keep)
        let sum = try (0..<256).reduce(0.0) { sum, number in
            let bits = (0..<8).map { UInt8(number >> $0 & 1) }
            return try sum + Double.exp(given(bits).logProbability(probability))
        }
        #expect((sum - 1).magnitude < 1e-13)
    }

    @Test("A drawn mask is the generator's, and a shared one draws one word for each unit")
    func drawn() throws {
        let generator = PhiloxGenerator(seed: 4, step: 5, stream: 6)
        let probability = try KeepProbability(keep: 0.4)
        let noise = try NoiseShape(Shape([3, 1, 5]), for: Shape([3, 4, 5]))
        let mask = try Mask(drawing: generator, noise: noise, probability: probability, offset: 11)
        let words = try generator.kept(.vector(15), probability: probability, offset: 11)
        #expect(mask.drawn == words)
        #expect(try mask.kept == noise.expand(words))
    }

    @Test("A mask may end at the index 2^64 - 1 and is refused beyond it")
    func offsetEnd() throws {
        let generator = PhiloxGenerator(seed: 4, step: 5, stream: 6)
        let probability = try KeepProbability(keep: 0.4)
        func mask(_ count: Int, at offset: UInt64) throws -> Mask {
            try Mask(
                drawing: generator, noise: NoiseShape(elementwise: .vector(count)), probability: probability,
                offset: offset)
        }
        let expected = PhiloxReference.kept(40, keep: 0.4, seed: 4, step: 5, stream: 6, offset: .max - 39)
        #expect(try mask(40, at: .max - 39).kept == expected)
        #expect(try mask(1, at: .max).kept == [expected[39]])
        #expect(try mask(0, at: .max).kept == [])
        for (count, offset) in [(41, .max - 39), (2, .max), (1_000_000, .max - 5)] as [(Int, UInt64)] {
            #expect(throws: DropoutError.offsetTooLarge(units: count)) { _ = try mask(count, at: offset) }
        }
        // Shared draws count once.
        let noise = try NoiseShape(Shape([2, 1]), for: Shape([2, 100]))
        #expect(try Mask(drawing: generator, noise: noise, probability: probability, offset: .max - 1).drawn.count == 2)
    }
}
