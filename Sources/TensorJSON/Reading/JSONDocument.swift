package import Stopping

/// Reads a whole text in one pass.
package enum JSONDocument {
    /// The value of a text.
    ///
    /// Packed arrays hold numbers of `elementType`, each rounded once from its decimal; see ``reread(_:as:in:)`` for a
    /// caller that learns of the type too late.
    ///
    /// - Parameter concurrency: for one large array; the outcome is the same with any.
    /// - Throws: ``JSONParseError/syntax(_:)`` for text that is not RFC 8259 JSON, has a duplicate name or nests too deep,
    ///   ``JSONParseError/limit(pointer:detail:)`` for more elements or values than the limits allow,
    ///   ``JSONParseError/stopped``.
    /// - Complexity: O(bytes); memory at most 16 bytes for each number and about 100 for each other value.
    package static func parse(
        _ text: UnsafeBufferPointer<UInt8>, elementType: ElementType, limits: JSONLimits,
        concurrency: Concurrency = .serial, stop: StopFlag = .never
    ) throws(JSONParseError) -> JSONValue {
        try unlessStopped(stop) { () throws(JSONParseError) in
            var parser = JSONParser(
                text, elementType: elementType, limits: limits, concurrency: concurrency, stop: stop)
            return try parser.document()
        }
    }

    /// The outcome of `read`, or ``JSONParseError/stopped``: after a stop the parser has gone to the end of its text, and what it
    /// found is worth nothing.
    private static func unlessStopped<Value>(
        _ stop: StopFlag, _ read: () throws(JSONParseError) -> Value
    ) throws(JSONParseError) -> Value {
        let outcome = Result(catching: read)
        guard stop.goesOn else { throw .stopped }
        return try outcome.get()
    }

    /// The array read again as `elementType`, from the same text; the array itself where it has that type already.
    ///
    /// It keeps the limits it was read within, and has the problem that it has as `elementType`.
    package static func reread(
        _ array: NumberArray, as elementType: ElementType, in text: UnsafeBufferPointer<UInt8>,
        concurrency: Concurrency = .serial, stop: StopFlag = .never
    ) throws(JSONParseError) -> NumberArray {
        switch (array.storage, elementType) {
        case (.float64, .float64), (.float32, .float32): return array
        case (.float64, .float32), (.float32, .float64):
            guard array.source.upperBound <= text.count else { return array }
            var limits = JSONLimits()
            limits.maximumDepth = .max
            limits.maximumElements = .max
            limits.maximumValues = .max
            let parser = JSONParser(
                UnsafeBufferPointer(rebasing: text[..<array.source.upperBound]), elementType: elementType,
                limits: limits, concurrency: concurrency, position: array.source.lowerBound, stop: stop)
            return try unlessStopped(stop) { () throws(JSONParseError) in
                var reader = NumberArrayReader(parser, depth: 0)
                return try reader.read()
            }
        }
    }

    /// The `dtype` that stands near the start or the end of the text: a guess that saves a second reading, no more.
    package static func elementTypeHint(_ text: UnsafeBufferPointer<UInt8>) -> ElementType {
        let window = 512
        let ends = text.count <= 2 * window ? [text[...]] : [text.prefix(window), text.suffix(window)]
        for end in ends where contains(end, "\"dtype\"") && contains(end, "\"float32\"") { return .float32 }
        return .float64
    }

    private static func contains(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count >= count else { return false }
        return (bytes.startIndex...(bytes.endIndex - count)).contains { start in
            (0..<count).allSatisfy { bytes[start + $0] == word.utf8Start[$0] }
        }
    }
}
