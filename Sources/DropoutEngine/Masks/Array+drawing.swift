import Stopping

extension Array where Element: BitwiseCopyable & ExpressibleByIntegerLiteral {
    /// `count` values, each made of the next draw of a stream.
    ///
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    init(valuesOf count: Int, stop: StopFlag, next: () -> Element) throws(DropoutError) {
        self.init(repeating: 0, count: count)
        var values = self.mutableSpan
        var index = 0
        while index < count {
            try stop.ask()
            let end = index &+ Swift.min(count &- index, StopFlag.drawnUnits)
            while index < end {
                values[unchecked: index] = next()
                index &+= 1
            }
        }
    }

    /// `count` values, the one of unit `i` made of the number `offset + i` alone, given in two halves.
    ///
    /// The inner loop runs over numbers that share their upper half, so that it can be vectorised.
    ///
    /// Edge cases: the number wraps around at 2^64.
    /// Complexity: O(count), one allocation.
    ///
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    init(
        valuesOf count: Int, offset: UInt64, stop: StopFlag, value: (_ high: UInt32, _ low: UInt32) -> Element
    ) throws(DropoutError) {
        self.init(repeating: 0, count: count)
        var values = self.mutableSpan
        var index = 0
        while index < count {
            try stop.ask()
            let first = offset &+ UInt64(truncatingIfNeeded: index)
            let (high, low) = (first.highHalf, first.lowHalf)
            let run = Swift.min(count &- index, Int(UInt32.max &- low) &+ 1, StopFlag.drawnUnits)
            var step = 0
            while step < run {
                values[unchecked: index &+ step] = value(high, low &+ UInt32(truncatingIfNeeded: step))
                step &+= 1
            }
            index &+= run
        }
    }
}

extension [UInt8] {
    /// A mask of `count` units, each decided by the next draw of a stream.
    ///
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    init(drawing count: Int, stop: StopFlag, isKept: () -> Bool) throws(DropoutError) {
        try self.init(valuesOf: count, stop: stop) { isKept() ? 1 : 0 }
    }

    /// A mask of `count` units whose unit `i` is decided by the number `offset + i` alone, given in two halves.
    ///
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    init(
        count: Int, offset: UInt64, stop: StopFlag, isKept: (_ high: UInt32, _ low: UInt32) -> Bool
    ) throws(DropoutError) {
        try self.init(valuesOf: count, offset: offset, stop: stop) { high, low in isKept(high, low) ? 1 : 0 }
    }
}
