import Stopping

// Reading, step 2 of 5 for a long array: ``NumberArrayReader`` asks for it once, and each ``ArraySegment`` is read on a thread.

/// The rest of an array, read ahead in segments by several threads.
struct SegmentedArray {
    private var segments: [ArraySegment]
    /// The segment and the place of the next stretch, and the number of elements of that segment before it.
    private var segment = 0
    private var stretch = 0
    private var offset = 0

    /// Reads the segments. Nil if the text is too short or no thread is free.
    ///
    /// - Parameters:
    ///   - position: the place of an item in a row of level `level`, with `column` items before it.
    ///   - extent: the number of items of each row; nil if it is not known yet.
    init?(
        _ text: UnsafeBufferPointer<UInt8>, position: Int, level: Int, column: Int, extent: Int?,
        elementType: ElementType,
        maximum: Int, concurrency: Concurrency, stop: StopFlag
    ) {
        let width = concurrency.width()
        guard width > 1 else { return nil }
        let end = Self.end(text, position, stop)
        let parts = min(width, (end - position) / concurrency.minimumPartBytes)
        guard parts > 1 else { return nil }
        var starts: [(position: Int, column: Int?)] = [(position, column)]
        for part in 1..<parts {
            let cut = position + (end - position) / parts * part
            guard let start = Self.start(text[cut..<end], isRow: level > 0),
                start.position > starts[starts.count - 1].position
            else { continue }
            starts.append(start)
        }
        guard starts.count > 1 else { return nil }
        let ends = starts.dropFirst().map(\.position) + [end]
        var segments = [ArraySegment?](repeating: nil, count: starts.count)
        segments.withUnsafeMutableBufferPointer { slots in
            // Addresses as integers are Sendable. It is safe: each part reads the text, which nothing changes meanwhile, and fills
            // its own slot.
            let (bytes, slot) = (UInt(bitPattern: text.baseAddress), UInt(bitPattern: slots.baseAddress))
            let plan = zip(starts, ends).map { (start: $0.position, column: $0.column, end: $1) }
            concurrency.run(plan.count) { part in
                let (start, column, end) = plan[part]
                let text = UnsafeBufferPointer(start: UnsafePointer<UInt8>(bitPattern: bytes), count: end)
                UnsafeMutablePointer<ArraySegment?>(bitPattern: slot)?[part] = ArraySegment(
                    text, start: start, column: column, extent: level > 0 ? extent : nil, elementType: elementType,
                    maximum: maximum, stop: stop)
            }
        }
        self.segments = segments.compactMap { $0 }
    }

    /// An estimate of the end of the array: the first quotation mark, since numbers have none.
    private static func end(_ text: UnsafeBufferPointer<UInt8>, _ position: Int, _ stop: StopFlag) -> Int {
        var place = position
        var nextQuestion = position
        while let base = text.baseAddress, place + 256 <= text.count {
            var quotes: UInt64 = 0
            for word in 0..<32 { quotes |= Word.quotes(Word.load(base + (place &+ 8 &* word))) }
            guard quotes == 0 else { break }
            place += 256
            if place > nextQuestion {
                guard stop.goesOn else { return text.count }
                nextQuestion = place + JSONScanner.stepBytes
            }
        }
        return text[place...].firstIndex(of: UInt8(ascii: "\"")) ?? text.count
    }

    /// The first number after `],[`. In rows that are too long, and in a flat list, the first number after a comma.
    private static func start(_ text: Slice<UnsafeBufferPointer<UInt8>>, isRow: Bool) -> (position: Int, column: Int?)?
    {
        var comma: Int?
        var previous: UInt8 = 0
        for place in text.indices.prefix(1 << 16) {
            let byte = text[place]
            guard byte > 0x20 else { continue }
            let isNumber = byte == UInt8(ascii: "-") || byte &- 0x30 < 10
            if isNumber, isRow, previous == UInt8(ascii: "[") { return (place, 0) }
            if isNumber, comma == nil, previous == UInt8(ascii: ",") {
                comma = place
                if !isRow { break }
            }
            previous = byte
        }
        return comma.map { ($0, nil) }
    }
}

extension SegmentedArray {
    /// The start of the next stretch, up to which the reader reads by itself; nil at the end.
    mutating func bound(from position: Int) -> Int? {
        while segment < segments.count {
            if stretch < segments[segment].stretches.count {
                let next = segments[segment].stretches[stretch]
                if next.start > position { return next.start }
                if next.start == position { return position }
                offset += next.count
                stretch += 1
            } else {
                nextSegment()
            }
        }
        return nil
    }

    /// The stretch that starts at the place, with its elements; nil if there is none or if its rows are other ones.
    mutating func take(
        at position: Int, column: Int, extent: Int?, maximum: Int
    ) -> (stretch: ArraySegment.Stretch, segment: ArraySegment, elements: Range<Int>)? {
        guard bound(from: position) == position else { return nil }
        let next = segments[segment].stretches[stretch]
        let isSameRows = next.run.rows == 0 || (next.extent == extent && next.column == column)
        guard isSameRows, next.count <= maximum else {
            nextSegment()
            return nil
        }
        let elements = offset..<offset + next.count
        offset += next.count
        stretch += 1
        return (next, segments[segment], elements)
    }

    /// The number of elements that were not taken yet.
    var left: Int {
        segments.dropFirst(segment).reduce(0) { $0 + max($1.doubles.count, $1.floats.count) }
    }

    private mutating func nextSegment() {
        segments[segment] = ArraySegment()
        segment += 1
        (stretch, offset) = (0, 0)
    }
}
