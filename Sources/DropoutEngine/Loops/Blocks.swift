import Stopping

/// The ranges that a loop over many elements is cut into, so that it asks its stop flag often enough.
///
///     for block in Blocks(0..<count) {
///         try stop.ask()
///         for i in block { ... }
///     }
///
/// A block has 4096 elements. The dearest element of the engine, a factor of concrete dropout, takes about 100 nanoseconds, so
/// a block takes less than half a millisecond. The cheapest takes a fifth of a nanosecond, so asking costs about a
/// hundredth.
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
    /// `element(i)` for each i below `count`, computed in blocks.
    ///
    /// If the flag is set, the blocks that were not computed are not part of the array, and the array is thrown away.
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
    /// `transform(x)` for each x, computed in blocks.
    @inline(__always)
    func map<Value: BitwiseCopyable>(
        stop: StopFlag, _ transform: (Element) -> Value
    ) throws(DropoutError) -> [Value] {
        try withUnsafeBufferPointer { x throws(DropoutError) in
            try [Value](count: x.count, stop: stop) { transform(x[$0]) }
        }
    }

    /// `body(x)` for each x in order.
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
