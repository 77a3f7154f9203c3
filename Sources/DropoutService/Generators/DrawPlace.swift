/// Which draw of a request comes next.
struct DrawPlace: Sendable {
    var pass = 0
    /// The draw's place among the draws of a pass.
    var draw = 0
    /// The layer's place in its network.
    var layer = 0
    /// The draws of this stream before, modulo 2^32.
    var number: UInt32 = 0

    var pass32: UInt32 { UInt32(truncatingIfNeeded: pass) }
    var draw32: UInt32 { UInt32(truncatingIfNeeded: draw) }
}
