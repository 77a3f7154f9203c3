package import Stopping

/// Reads a whole text in one pass.
package enum JSONDocument {
    /// The value of a text.
    ///
    /// Packed arrays hold numbers of `elementType`, each rounded once from its decimal. A caller that learns the type too late
    /// uses ``reread(_:as:in:concurrency:stop:)``.
    ///
    /// - Parameter concurrency: the threads for a large array. They do not change the outcome.
    /// - Throws: ``JSONParseError/syntax(_:)`` for text that is not RFC 8259 JSON, has a duplicate name or nests too deep,
    ///   ``JSONParseError/limit(pointer:detail:)`` for more elements or values than the limits allow,
    ///   ``JSONParseError/stopped``.
    /// - Complexity: O(bytes). The memory is at most 16 bytes for each number and about 100 bytes for each other value.
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

    /// The outcome of `read`, or ``JSONParseError/stopped``. After a stop the parser has skipped to the end of its text, so its
    /// outcome is meaningless.
    private static func unlessStopped<Value>(
        _ stop: StopFlag, _ read: () throws(JSONParseError) -> Value
    ) throws(JSONParseError) -> Value {
        let outcome = Result(catching: read)
        guard stop.goesOn else { throw .stopped }
        return try outcome.get()
    }

    /// Reads an array again from its text, as `elementType`. Returns the array itself if it has that type already.
    ///
    /// The limits are not checked again. The problem of the result is the one that the array has as `elementType`.
    package static func reread(
        _ array: NumberArray, as elementType: ElementType, in text: UnsafeBufferPointer<UInt8>,
        concurrency: Concurrency = .serial, stop: StopFlag = .never
    ) throws(JSONParseError) -> NumberArray {
        guard array.elementType != elementType, array.source.upperBound <= text.count else { return array }
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

    /// The `dtype` near the start or the end of the text. The guess saves a second reading and decides nothing else.
    ///
    /// It is never a type of 16 bits, in which the numbers of a seed or of a shape would be too large.
    package static func elementTypeHint(_ text: UnsafeBufferPointer<UInt8>) -> ElementType {
        for end in ends(text) where contains(end, "\"dtype\"") && contains(end, "\"float32\"") { return .float32 }
        return .float64
    }

    /// Whether the word is near the start or the end of the text.
    package static func mentions(_ word: StaticString, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        ends(text).contains { contains($0, word) }
    }

    private static func ends(_ text: UnsafeBufferPointer<UInt8>) -> [Slice<UnsafeBufferPointer<UInt8>>] {
        let window = 512
        return text.count <= 2 * window ? [text[...]] : [text.prefix(window), text.suffix(window)]
    }

    private static func contains(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count >= count else { return false }
        return (bytes.startIndex...(bytes.endIndex - count)).contains { start in
            (0..<count).allSatisfy { bytes[start + $0] == word.utf8Start[$0] }
        }
    }
}

/// The bounds within which a text is read.
package struct JSONLimits: Sendable {
    /// The most levels of `[` and `{`.
    package var maximumDepth = 64
    /// The most numbers in packed arrays, in the whole text.
    package var maximumElements = 1 << 24
    /// The most values outside packed arrays.
    package var maximumValues = 65_536

    package init() {}
}
