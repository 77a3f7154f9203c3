extension UInt64 {
    /// The value whose upper 32 bits are `highHalf` and whose lower 32 bits are `lowHalf`.
    @inline(__always)
    init(highHalf: UInt32, lowHalf: UInt32) {
        self = UInt64(highHalf) &<< 32 | UInt64(lowHalf)
    }

    /// The upper 32 bits.
    var highHalf: UInt32 { UInt32(truncatingIfNeeded: self &>> 32) }

    /// The lower 32 bits.
    var lowHalf: UInt32 { UInt32(truncatingIfNeeded: self) }
}
