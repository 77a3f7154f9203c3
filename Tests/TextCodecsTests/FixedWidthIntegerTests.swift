import Testing
import TextCodecs

@Suite("Arithmetic that may overflow")
struct CheckedArithmeticTests {
    private static let interesting: [Int8] = [.min, -127, -64, -2, -1, 0, 1, 2, 11, 12, 64, 126, .max]

    @Test("saturates at both ends of a signed type, or is nil", arguments: interesting, interesting)
    func signed(one: Int8, other: Int8) {
        let (sum, product) = (Int(one) + Int(other), Int(one) * Int(other))
        #expect(one.adding(other) == Int8(clamping: sum))
        #expect(one.times(other) == Int8(clamping: product))
        #expect(one.checkedSum(other) == Int8(exactly: sum))
        #expect(one.checkedProduct(other) == Int8(exactly: product))
    }

    @Test(
        "saturates at the upper end of an unsigned type, or is nil", arguments: [0, 1, 2, 15, 16, 17, 128, 254, 255],
        [0, 1, 2, 15, 16, 17, 128, 254, 255] as [UInt8])
    func unsigned(one: UInt8, other: UInt8) {
        let (sum, product) = (Int(one) + Int(other), Int(one) * Int(other))
        #expect(one.adding(other) == UInt8(clamping: sum))
        #expect(one.times(other) == UInt8(clamping: product))
        #expect(one.checkedSum(other) == UInt8(exactly: sum))
        #expect(one.checkedProduct(other) == UInt8(exactly: product))
    }
}
