import TensorFiles
import Testing
import TextCodecs

@Suite("Raw elements")
struct ElementWritingTests {
    /// Bit patterns by IEEE 754: 1, -2, the largest float16 (65504), and what rounds to infinity.
    @Test("Numbers become little-endian elements of each floating-point type")
    func floatingPoint() {
        let numbers = [1.0, -2.0, 65_504, 65_520]
        #expect(ElementWriting.bytes(numbers, as: .float16) == [0, 0x3C, 0, 0xC0, 0xFF, 0x7B, 0, 0x7C])
        #expect(ElementWriting.bytes([1.0, -2.0], as: .bfloat16) == [0x80, 0x3F, 0, 0xC0])
        #expect(ElementWriting.bytes([1.0], as: .float32) == [0, 0, 0x80, 0x3F])
        #expect(ElementWriting.bytes([1.0 as Float], as: .float64) == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    }

    @Test("A number halfway between two of float16 is rounded once, to even")
    func rounding() {
        // 2049 is halfway between 2048 and 2050. A little more, which float32 does not hold, is nearer to 2050.
        #expect(ElementWriting.bytes([2049.0], as: .float16) == [0x00, 0x68])
        #expect(ElementWriting.bytes([2049.0 + 0x1p-30], as: .float16) == [0x01, 0x68])
    }

    @Test("A number outside an integer type becomes the nearest one, NaN 0")
    func integers() {
        #expect(ElementWriting.bytes([-1, 0, 1, 300, Double.nan], as: .uint8) == [0, 0, 1, 255, 0])
        #expect(ElementWriting.bytes([-1, 1.9, -Double.infinity], as: .int8) == [0xFF, 1, 0x80])
        #expect(ElementWriting.bytes([0, 1, 0.5, -0.0] as [Double], as: .bool) == [0, 1, 1, 0])
        #expect(ElementWriting.bytes([-2] as [Double], as: .int16) == [0xFE, 0xFF])
    }

    @Test("What is written is what is read again, for every type", arguments: StoredType.allCases)
    func roundTrip(_ type: StoredType) throws {
        let numbers: [Double] = [0, 1, 0, 1, 1, 0]
        let bytes = ElementWriting.bytes(numbers, as: type)
        let tensor = try StoredTensor(type, shape: [2, 3], bytes: 0..<bytes.count)
        #expect(try bytes.withUnsafeBytes { try tensor.doubles(in: $0) } == numbers)
    }

    @Test("An element of each type is rounded once to 16 bits", arguments: StoredType.allCases)
    func halves(_ type: StoredType) throws {
        let bytes = ElementWriting.bytes([0, 1, 1] as [Double], as: type)
        let tensor = try StoredTensor(type, shape: [3], bytes: 0..<bytes.count)
        for half in [HalfType.float16, .bfloat16] {
            #expect(try bytes.withUnsafeBytes { try tensor.halves(half, in: $0) } == [0, 1, 1])
        }
    }

    /// Just above the middle between two numbers of 16 bits, by less than the next shorter type tells.
    @Test(
        "Rounding once is not rounding twice",
        arguments: [
            (StoredType.float64, HalfType.float16, (2049.0 + 0x1p-30).bitPattern, 2050),
            (.float64, .bfloat16, (257.0 + 0x1p-40).bitPattern, 258),
            (.int64, .bfloat16, (257 << 54) + 1, 0x1p62 + 0x1p55),
            (.uint64, .bfloat16, (257 << 54) + 1, 0x1p62 + 0x1p55),
            (.int64, .float16, UInt64(Int64.max), .infinity),
        ] as [(StoredType, HalfType, UInt64, Float)])
    func once(_ type: StoredType, _ half: HalfType, _ bits: UInt64, _ rounded: Float) throws {
        let bytes = withUnsafeBytes(of: bits.littleEndian) { Array($0) }
        let tensor = try StoredTensor(type, shape: [1], bytes: 0..<8)
        #expect(try bytes.withUnsafeBytes { try tensor.halves(half, in: $0) } == [rounded])
    }
}
