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

extension StopFlag {
    /// The units that are drawn between two questions to the flag: 0.2 ms at 6 ns a unit.
    static let drawnUnits = 1 << 15
}
