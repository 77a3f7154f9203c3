extension [UInt8] {
    /// A mask of `count` units whose unit `i` is decided by the stream's element `offset + i` alone.
    ///
    /// Edge cases: the element's index wraps around at 2^64.
    /// Complexity: O(count), one allocation.
    init(count: Int, offset: UInt64, isKept: (_ element: UInt64) -> Bool) {
        self.init(unsafeUninitializedCapacity: count) { bytes, initializedCount in
            var index = 0
            while index < count {
                bytes[index] = isKept(offset &+ UInt64(truncatingIfNeeded: index)) ? 1 : 0
                index &+= 1
            }
            initializedCount = count
        }
    }
}
