extension [UInt8] {
    /// A mask of `count` units, each decided by the next draw of a stream.
    @inline(__always)
    init(drawing count: Int, isKept: () -> Bool) {
        self.init(unsafeUninitializedCapacity: count) { bytes, initializedCount in
            for index in 0..<count { bytes[index] = isKept() ? 1 : 0 }
            initializedCount = count
        }
    }
}
