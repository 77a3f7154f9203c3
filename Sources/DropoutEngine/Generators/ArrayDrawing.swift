extension [UInt8] {
    /// A mask of `count` units, each decided by the next draw of a stream.
    @inline(__always)
    init(drawing count: Int, isKept: () -> Bool) {
        self.init(repeating: 0, count: count)
        var bytes = self.mutableSpan
        for index in 0..<count { bytes[unchecked: index] = isKept() ? 1 : 0 }
    }
}
