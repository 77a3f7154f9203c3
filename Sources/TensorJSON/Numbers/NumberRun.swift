import Stopping

/// Usual numbers one after another in the innermost rows of an array, with the separators between them.
///
/// It goes on while everything is as expected: numbers that ``NumberWindow`` reads, a comma behind each, rows of one extent. It
/// stops before the first thing that is not, whatever it is, and leaves it to ``NumberArrayReader``.
struct NumberRun {
    /// The place behind the last thing taken in.
    var position: Int
    /// The numbers taken in from the current row, those from before the run included.
    var column: Int
    /// Rows begun by the run.
    var rows = 0
    /// The place is behind a number, not behind its comma.
    var isBehindNumber = false

    /// Bytes read between two questions to the stop flag: at most half a millisecond.
    private static let stepBytes = 1 << 16

    /// Appends up to `maximum` numbers to `elements` and gives their count; ends early if the flag is set.
    mutating func append<Element: PackedElement>(
        from text: UnsafeBufferPointer<UInt8>, to elements: inout [Element], extent: Int?, maximum: Int,
        stop: StopFlag
    ) -> Int {
        var count = 0
        // Of a stop the caller's scanner learns by itself.
        while count < maximum, stop.goesOn {
            let end = min(text.count, position + Self.stepBytes)
            let step = UnsafeBufferPointer(rebasing: text[..<end])
            // Where the array is full, it grows by its own measure.
            let room = min(maximum - count, max(elements.capacity - elements.count, 16))
            var taken = 0
            elements.append(addingCapacity: room) { span in
                span.withUnsafeMutableBufferPointer { buffer, initializedCount in
                    taken = read(step, extent: extent, into: buffer)
                    initializedCount = taken
                }
            }
            count += taken
            let isStepDone = end < text.count && position > end - NumberWindow.byteCount
            guard taken == room || isStepDone, !isBehindNumber else { break }
        }
        return count
    }

    /// Reads into `elements`, from an item of a row of `extent` items (nil: not known yet); gives the count of the numbers.
    @inline(__always)
    private mutating func read<Element: PackedElement>(
        _ text: UnsafeBufferPointer<UInt8>, extent: Int?, into elements: UnsafeMutableBufferPointer<Element>
    ) -> Int {
        guard let base = text.baseAddress, let output = elements.baseAddress else { return 0 }
        let last = text.count - NumberWindow.byteCount
        // Local, so that they stay in registers.
        var (position, count, rowStart) = (position, 0, 0 &- column)
        defer {
            self.position = position
            column = count &- rowStart
        }
        var isRowStart = true
        while position <= last, count < elements.count {
            if isRowStart {
                isRowStart = false
                (position, count) = Self.integers(base, position, last, into: output, count, elements.count)
                continue
            }
            let bytes = base + position
            if bytes[0] == 0x20 {
                position &+= 1
                continue
            }
            let window = NumberWindow(bytes, isMostlyLong: Element.isMostlyLong)
            guard let value = Element.value(of: window) else { break }
            let separator = bytes[window.length]
            if separator == UInt8(ascii: ",") {
                output[count] = value
                count &+= 1
                position &+= window.length &+ 1
                continue
            }
            guard separator == UInt8(ascii: "]") || separator <= 0x20 else { break }
            output[count] = value
            count &+= 1
            position &+= window.length
            guard count &- rowStart == extent, let gap = Self.rowGap(bytes + window.length) else {
                isBehindNumber = true
                break
            }
            position &+= gap
            rowStart = count
            rows &+= 1
            isRowStart = true
        }
        return count
    }

    /// The same for whole numbers of up to 7 bytes with a comma behind each, as far as there are such.
    @inline(never)
    private static func integers<Element: PackedElement>(
        _ base: UnsafePointer<UInt8>, _ position: Int, _ last: Int, into output: UnsafeMutablePointer<Element>,
        _ count: Int, _ room: Int
    ) -> (position: Int, count: Int) {
        var (position, count) = (position, count)
        while position <= last, count < room {
            let bytes = base + position
            let word = Word.load(bytes)
            if let four = Word.fourDigits(word), count <= room &- 4 {
                for lane in 0..<4 {
                    output[count &+ lane] = Element(whole: Int64(truncatingIfNeeded: four >> UInt64(16 * lane) & 0xFF))
                }
                count &+= 4
                position &+= 8
                continue
            }
            if bytes[0] == 0x20 {
                position &+= 1
                continue
            }
            let ends = Word.outsideNumber(word)
            let length = ends.trailingZeroBitCount >> 3
            let isNegative = bytes[0] == UInt8(ascii: "-") ? 1 : 0
            let digitCount = length &- isNegative
            let here = Word.load(bytes + isNegative) ^ Word.zeros
            let digits = here &<< UInt64(truncatingIfNeeded: 64 &- 8 &* digitCount)
            guard ends != 0, digitCount > 0, Word.overNine(digits) == 0, here & 0xFF != 0 || digitCount == 1,
                bytes[length] == UInt8(ascii: ",")
            else { break }
            let value = Element(whole: Int64(truncatingIfNeeded: Word.eightDigits(digits)))
            output[count] = isNegative == 1 ? -value : value
            count &+= 1
            position &+= length &+ 1
        }
        return (position, count)
    }

    /// The bytes of `],[` and a blank behind its comma, with a number behind them; nil where something else stands.
    @inline(__always)
    private static func rowGap(_ bytes: UnsafePointer<UInt8>) -> Int? {
        guard bytes[0] == UInt8(ascii: "]"), bytes[1] == UInt8(ascii: ",") else { return nil }
        let gap = bytes[2] == 0x20 ? 4 : 3
        let next = bytes[gap]
        guard bytes[gap - 1] == UInt8(ascii: "["), next == UInt8(ascii: "-") || next &- 0x30 < 10 else { return nil }
        return gap
    }
}
