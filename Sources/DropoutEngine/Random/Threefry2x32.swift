/// Threefry-2x32 with 20 rounds: a keyed bijection of 64-bit counters whose outputs serve as random words.
///
/// The state starts as counter + key. Each round adds, rotates and xors. After every fourth round the next two words of the
/// extended key (k0, k1, k0 ^ k1 ^ 0x1BD11BDA) and the number of the group are added.
package enum Threefry2x32: CounterBasedGenerator {
    package typealias Words = (UInt32, UInt32)

    /// No loop and no branch, so that a loop over counters is vectorised.
    @inline(__always)
    package static func block(_ counter: Words, key: Words) -> Words {
        let (k0, k1) = key
        let k2 = k0 ^ k1 ^ 0x1BD1_1BDA
        var x = (counter.0 &+ k0, counter.1 &+ k1)
        mixOddGroup(&x)
        x = (x.0 &+ k1, x.1 &+ k2 &+ 1)
        mixEvenGroup(&x)
        x = (x.0 &+ k2, x.1 &+ k0 &+ 2)
        mixOddGroup(&x)
        x = (x.0 &+ k0, x.1 &+ k1 &+ 3)
        mixEvenGroup(&x)
        x = (x.0 &+ k1, x.1 &+ k2 &+ 4)
        mixOddGroup(&x)
        return (x.0 &+ k2, x.1 &+ k0 &+ 5)
    }

    @inline(__always)
    private static func mixOddGroup(_ x: inout Words) {
        mix(&x.0, &x.1, 13)
        mix(&x.0, &x.1, 15)
        mix(&x.0, &x.1, 26)
        mix(&x.0, &x.1, 6)
    }

    @inline(__always)
    private static func mixEvenGroup(_ x: inout Words) {
        mix(&x.0, &x.1, 17)
        mix(&x.0, &x.1, 29)
        mix(&x.0, &x.1, 16)
        mix(&x.0, &x.1, 24)
    }

    @inline(__always)
    private static func mix(_ x0: inout UInt32, _ x1: inout UInt32, _ rotation: UInt32) {
        x0 &+= x1
        x1 = ((x1 &<< rotation) | (x1 &>> (32 &- rotation))) ^ x0
    }
}
