import Stopping

/// The ranges into which a loop over many elements is cut, so that it asks its stop flag often enough.
///
///     for block in Blocks(0..<count) {
///         try stop.ask()
///         for i in block { ... }
///     }
///
/// A block has 4096 elements. The slowest element of the engine, a factor of concrete dropout, takes about 100 nanoseconds, so
/// a block takes less than half a millisecond. The fastest takes a fifth of a nanosecond, so asking adds about 1 %.
struct Blocks: Sequence, IteratorProtocol {
    static let size = 4096

    private var rest: Range<Int>

    @inline(__always)
    init(_ range: Range<Int>) { rest = range }

    @inline(__always)
    mutating func next() -> Range<Int>? {
        guard !rest.isEmpty else { return nil }
        let block = rest.lowerBound..<rest.lowerBound + Swift.min(Self.size, rest.count)
        rest = block.upperBound..<rest.upperBound
        return block
    }
}

extension Array where Element: BitwiseCopyable {
    /// Computes `element(i)` for each i below `count`, in blocks.
    ///
    /// If the flag is set, the array ends before the blocks that were not computed, and it is discarded.
    @inline(__always)
    init(count: Int, stop: StopFlag, _ element: (Int) -> Element) throws(DropoutError) {
        try self.init(capacity: count) { (span: inout OutputSpan<Element>) throws(DropoutError) in
            try span.withUnsafeMutableBufferPointer { buffer, initializedCount throws(DropoutError) in
                for block in Blocks(0..<count) {
                    try stop.ask()
                    for i in block { buffer[i] = element(i) }
                    initializedCount = block.upperBound
                }
            }
        }
    }
}

extension Array {
    /// Computes `transform(x)` for each x, in blocks.
    @inline(__always)
    func map<Value: BitwiseCopyable>(
        stop: StopFlag, _ transform: (Element) -> Value
    ) throws(DropoutError) -> [Value] {
        try withUnsafeBufferPointer { x throws(DropoutError) in
            try [Value](count: x.count, stop: stop) { transform(x[$0]) }
        }
    }

    /// Calls `body(x)` for each x in order.
    @inline(__always)
    func forEach(stop: StopFlag, _ body: (Element) throws(DropoutError) -> Void) throws(DropoutError) {
        try withUnsafeBufferPointer { x throws(DropoutError) in
            for block in Blocks(0..<x.count) {
                try stop.ask()
                for i in block { try body(x[i]) }
            }
        }
    }

    /// The first index whose element fulfils `condition`.
    @inline(__always)
    func firstIndex(stop: StopFlag, where condition: (Element) -> Bool) throws(DropoutError) -> Int? {
        try withUnsafeBufferPointer { x throws(DropoutError) in
            for block in Blocks(0..<x.count) {
                try stop.ask()
                for i in block where condition(x[i]) { return i }
            }
            return nil
        }
    }
}
