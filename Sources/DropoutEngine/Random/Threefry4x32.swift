/// Threefry-4x32 with 20 rounds: ``Threefry2x32`` over four words.
///
/// Even rounds mix words (0, 1) and (2, 3), odd rounds (0, 3) and (2, 1). The extended key has a fifth word, the xor of all four
/// and 0x1BD11BDA. It moves on by one word after every fourth round.
package enum Threefry4x32: CounterBasedGenerator {
    package typealias Words = (UInt32, UInt32, UInt32, UInt32)

    /// No loop and no branch, so that a loop over counters is vectorised.
    @inline(__always)
    package static func block(_ counter: Words, key: Words) -> Words {
        let (k0, k1, k2, k3) = key
        let k4 = k0 ^ k1 ^ k2 ^ k3 ^ 0x1BD1_1BDA
        var x = (counter.0 &+ k0, counter.1 &+ k1, counter.2 &+ k2, counter.3 &+ k3)
        mixOddGroup(&x)
        x = (x.0 &+ k1, x.1 &+ k2, x.2 &+ k3, x.3 &+ k4 &+ 1)
        mixEvenGroup(&x)
        x = (x.0 &+ k2, x.1 &+ k3, x.2 &+ k4, x.3 &+ k0 &+ 2)
        mixOddGroup(&x)
        x = (x.0 &+ k3, x.1 &+ k4, x.2 &+ k0, x.3 &+ k1 &+ 3)
        mixEvenGroup(&x)
        x = (x.0 &+ k4, x.1 &+ k0, x.2 &+ k1, x.3 &+ k2 &+ 4)
        mixOddGroup(&x)
        return (x.0 &+ k0, x.1 &+ k1, x.2 &+ k2, x.3 &+ k3 &+ 5)
    }

    @inline(__always)
    private static func mixOddGroup(_ x: inout Words) {
        mix(&x.0, &x.1, 10)
        mix(&x.2, &x.3, 26)
        mix(&x.0, &x.3, 11)
        mix(&x.2, &x.1, 21)
        mix(&x.0, &x.1, 13)
        mix(&x.2, &x.3, 27)
        mix(&x.0, &x.3, 23)
        mix(&x.2, &x.1, 5)
    }

    @inline(__always)
    private static func mixEvenGroup(_ x: inout Words) {
        mix(&x.0, &x.1, 6)
        mix(&x.2, &x.3, 20)
        mix(&x.0, &x.3, 17)
        mix(&x.2, &x.1, 11)
        mix(&x.0, &x.1, 25)
        mix(&x.2, &x.3, 10)
        mix(&x.0, &x.3, 18)
        mix(&x.2, &x.1, 20)
    }

    @inline(__always)
    private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ rotation: UInt32) {
        a &+= b
        b = ((b &<< rotation) | (b &>> (32 &- rotation))) ^ a
    }
}
