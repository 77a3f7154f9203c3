/// Philox-4x64 with 10 rounds: ``Philox4x32`` over words of 64 bits.
package enum Philox4x64: CounterBasedGenerator {
    package typealias Words = (UInt64, UInt64, UInt64, UInt64)

    package static func block(_ counter: Words, key: (UInt64, UInt64)) -> Words {
        var (c0, c1, c2, c3) = counter
        var (k0, k1) = key
        for round in 0..<10 {
            if round > 0 {
                k0 &+= 0x9E37_79B9_7F4A_7C15
                k1 &+= 0xBB67_AE85_84CA_A73B
            }
            let product0 = UInt64(0xD2E7_470E_E14C_6C93).multipliedFullWidth(by: c0)
            let product1 = UInt64(0xCA5A_8263_9512_1157).multipliedFullWidth(by: c2)
            (c0, c1, c2, c3) = (
                product1.high ^ c1 ^ k0, product1.low, product0.high ^ c3 ^ k1, product0.low
            )
        }
        return (c0, c1, c2, c3)
    }
}
