import Stopping

extension [UInt8] {
    /// A mask of `count` units, each decided by the next draw of a stream.
    ///
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    init(drawing count: Int, stop: StopFlag, isKept: () -> Bool) throws(DropoutError) {
        self.init(repeating: 0, count: count)
        var bytes = self.mutableSpan
        var index = 0
        while index < count {
            try stop.ask()
            let end = index &+ Swift.min(count &- index, StopFlag.drawnUnits)
            while index < end {
                bytes[unchecked: index] = isKept() ? 1 : 0
                index &+= 1
            }
        }
    }
}

extension [UInt8] {
    /// A mask of `count` units whose unit `i` is decided by the number `offset + i` alone, given in two halves.
    ///
    /// The inner loop runs over numbers that share their upper half, so that it can be vectorised.
    ///
    /// Edge cases: the number wraps around at 2^64.
    /// Complexity: O(count), one allocation.
    ///
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    init(
        count: Int, offset: UInt64, stop: StopFlag, isKept: (_ high: UInt32, _ low: UInt32) -> Bool
    ) throws(DropoutError) {
        self.init(repeating: 0, count: count)
        var bytes = self.mutableSpan
        var index = 0
        while index < count {
            try stop.ask()
            let first = offset &+ UInt64(truncatingIfNeeded: index)
            let (high, low) = (first.highHalf, first.lowHalf)
            let run = Swift.min(count &- index, Int(UInt32.max &- low) &+ 1, StopFlag.drawnUnits)
            var step = 0
            while step < run {
                bytes[unchecked: index &+ step] = isKept(high, low &+ UInt32(truncatingIfNeeded: step)) ? 1 : 0
                step &+= 1
            }
            index &+= run
        }
    }
}
