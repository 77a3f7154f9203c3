extension NumberArrayReader {
    /// Takes in the usual numbers from the place on, over the ends of rows that they fill. Returns true if the place is then after
    /// an item, and false if it is before one.
    mutating func run(level: Int) -> Bool {
        guard leafLevel == level, leaf == .number, problem == nil else { return false }
        let extent = level > 0 && shape[level] >= 0 ? shape[level] : nil
        let text = parser.scanner.text
        if let place = aheadPlace, parser.scanner.position >= place { readAhead(level: level, extent: extent) }
        if let isBehindNumber = takeAhead(level: level, extent: extent) { return isBehindNumber }
        // The run ends where the array becomes long enough to read ahead, or where the part read ahead begins.
        let end = aheadPlace.map { $0 + 2 * NumberWindow.byteCount } ?? ahead?.bound(from: parser.scanner.position)
        let part = UnsafeBufferPointer(rebasing: text[..<min(end ?? text.count, text.count)])
        var run = NumberRun(position: parser.scanner.position, column: index[level])
        // Not by a method of this reader: a copy of it would share the array, which would then be copied as well.
        let (limit, stop) = (parser.elementsLeft, parser.scanner.stop)
        let taken =
            switch parser.elementType {
            case .float64:
                run.append(Double.self, from: part, to: &doubles, extent: extent, maximum: limit, stop: stop)
            case .float32: run.append(Float.self, from: part, to: &floats, extent: extent, maximum: limit, stop: stop)
            case .float16:
                run.append(Float16Element.self, from: part, to: &floats, extent: extent, maximum: limit, stop: stop)
            case .bfloat16:
                run.append(BFloat16Element.self, from: part, to: &floats, extent: extent, maximum: limit, stop: stop)
            }
        guard taken > 0 else { return false }
        move(behind: run, count: taken, level: level)
        return run.isBehindNumber
    }

    private mutating func move(behind run: NumberRun, count taken: Int, level: Int) {
        count += taken
        parser.elementsLeft -= taken
        parser.scanner.position = run.position
        if run.rows > 0 { index[level - 1] += run.rows }
        index[level] = run.isBehindNumber ? run.column - 1 : run.column
        if !run.isBehindNumber { parser.scanner.skipWhitespace() }
    }

    private mutating func readAhead(level: Int, extent: Int?) {
        aheadPlace = nil
        ahead = SegmentedArray(
            parser.scanner.text, position: parser.scanner.position, level: level, column: index[level], extent: extent,
            elementType: parser.elementType, maximum: parser.elementsLeft, concurrency: parser.concurrency,
            stop: parser.scanner.stop)
        guard let left = ahead?.left else { return }
        switch parser.elementType {
        case .float64: doubles.reserveCapacity(count + left)
        case .float32, .float16, .bfloat16: floats.reserveCapacity(count + left)
        }
    }

    /// Takes over the numbers that were read ahead from the place on. Returns nil if there are none, else as ``run(level:)``.
    private mutating func takeAhead(level: Int, extent: Int?) -> Bool? {
        let column = index[level]
        guard
            let (stretch, segment, elements) = ahead?.take(
                at: parser.scanner.position, column: column, extent: extent, maximum: parser.elementsLeft)
        else { return nil }
        switch parser.elementType {
        case .float64: doubles.append(contentsOf: segment.doubles[elements])
        case .float32, .float16, .bfloat16: floats.append(contentsOf: segment.floats[elements])
        }
        var run = stretch.run
        if run.rows == 0 { run.column = column + stretch.count }
        move(behind: run, count: stretch.count, level: level)
        return run.isBehindNumber
    }
}
