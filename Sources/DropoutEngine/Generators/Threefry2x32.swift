/// Threefry-2x32 with 20 rounds: a keyed bijection of 64-bit counters whose outputs serve as random words.
///
/// The state starts as counter + key; each round adds, rotates and xors; after every fourth round the next two words
/// of the extended key (k0, k1, k0 ^ k1 ^ 0x1BD11BDA) and the number of the group are added.
///
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11; rotations and known answers of
///   Random123.
package enum Threefry2x32 {
    /// The block that `key` assigns to `counter`; word 0 first in each tuple.
    package static func block(_ counter: (UInt32, UInt32), key: (UInt32, UInt32)) -> (UInt32, UInt32) {
        var (k0, k1, k2) = (key.0, key.1, key.0 ^ key.1 ^ 0x1BD1_1BDA)
        var x0 = counter.0 &+ k0
        var x1 = counter.1 &+ k1
        var group: UInt32 = 1
        while group <= 5 {
            if group & 1 == 1 {
                mix(&x0, &x1, 13)
                mix(&x0, &x1, 15)
                mix(&x0, &x1, 26)
                mix(&x0, &x1, 6)
            } else {
                mix(&x0, &x1, 17)
                mix(&x0, &x1, 29)
                mix(&x0, &x1, 16)
                mix(&x0, &x1, 24)
            }
            (k0, k1, k2) = (k1, k2, k0)
            x0 &+= k0
            x1 &+= k1 &+ group
            group &+= 1
        }
        return (x0, x1)
    }

    @inline(__always)
    private static func mix(_ x0: inout UInt32, _ x1: inout UInt32, _ rotation: UInt32) {
        x0 &+= x1
        x1 = ((x1 &<< rotation) | (x1 &>> (32 &- rotation))) ^ x0
    }
}
