import TensorFiles
import Testing

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
}
