import Stopping

// Reading, step 2 of 5: many usual numbers. ``NumberArrayReader`` begins a run after the first number of an array, and
// ``ArraySegment`` begins runs further on. Each number is read by ``NumberWindow``. The numbers end up in the array.

/// Reads usual numbers one after another, with the separators between them, in the innermost rows of an array.
///
/// The run goes on while the text is as expected: numbers that ``NumberWindow`` reads, a comma after each, rows of one extent. It
/// stops before anything else and leaves it to ``NumberArrayReader``.
struct NumberRun {
    /// The place after the last byte that was taken in.
    var position: Int
    /// The numbers of the current row that were taken in, by the run or before it.
    var column: Int
    /// The number of rows that the run began.
    var rows = 0
    /// Whether the place is after a number and before its comma.
    var isBehindNumber = false

    /// Bytes that are read between two questions to the stop flag. They take at most half a millisecond.
    private static let stepBytes = 1 << 16

    /// Appends up to `maximum` numbers to `elements` and returns their count. Ends early if the flag is set.
    mutating func append<Element: PackedElement>(
        _ type: Element.Type, from text: UnsafeBufferPointer<UInt8>, to elements: inout [Element.Stored], extent: Int?,
        maximum: Int, stop: StopFlag
    ) -> Int {
        var count = 0
        // The caller's scanner asks the flag as well, so a stop needs no report here.
        while count < maximum, stop.goesOn {
            let end = min(text.count, position + Self.stepBytes)
            let step = UnsafeBufferPointer(rebasing: text[..<end])
            // A full array grows as Swift's arrays do.
            let room = min(maximum - count, max(elements.capacity - elements.count, 16))
            var taken = 0
            elements.append(addingCapacity: room) { span in
                span.withUnsafeMutableBufferPointer { buffer, initializedCount in
                    taken = read(type, step, extent: extent, into: buffer)
                    initializedCount = taken
                }
            }
            count += taken
            let isStepDone = end < text.count && position > end - NumberWindow.byteCount
            guard taken == room || isStepDone, !isBehindNumber else { break }
        }
        return count
    }

    /// Reads numbers into `elements` and returns their count. The place is before an item of a row.
    ///
    /// - Parameter extent: the items of a row; nil if it is not known yet.
    @inline(__always)
    private mutating func read<Element: PackedElement>(
        _ type: Element.Type, _ text: UnsafeBufferPointer<UInt8>, extent: Int?,
        into elements: UnsafeMutableBufferPointer<Element.Stored>
    ) -> Int {
        guard let base = text.baseAddress, let output = elements.baseAddress else { return 0 }
        let last = text.count - NumberWindow.byteCount
        // Local variables stay in registers.
        var (position, count, rowStart) = (position, 0, 0 &- column)
        defer {
            self.position = position
            column = count &- rowStart
        }
        var isRowStart = true
        while position <= last, count < elements.count {
            if isRowStart {
                isRowStart = false
                (position, count) = Self.integers(type, base, position, last, into: output, count, elements.count)
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

    /// Reads whole numbers of up to 7 bytes with a comma after each, up to the first other text.
    @inline(never)
    private static func integers<Element: PackedElement>(
        _ type: Element.Type, _ base: UnsafePointer<UInt8>, _ position: Int, _ last: Int,
        into output: UnsafeMutablePointer<Element.Stored>, _ count: Int, _ room: Int
    ) -> (position: Int, count: Int) {
        var (position, count) = (position, count)
        while position <= last, count < room {
            let bytes = base + position
            let word = Word.load(bytes)
            if let four = Word.fourDigits(word), count <= room &- 4 {
                for lane in 0..<4 {
                    // Two digits are never too large.
                    let whole = Int64(truncatingIfNeeded: four >> UInt64(16 * lane) & 0xFF)
                    output[count &+ lane] = Element.value(whole: whole) ?? 0
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
                bytes[length] == UInt8(ascii: ","),
                let value = Element.value(whole: Int64(truncatingIfNeeded: Word.eightDigits(digits)))
            else { break }
            output[count] = isNegative == 1 ? -value : value
            count &+= 1
            position &+= length &+ 1
        }
        return (position, count)
    }

    /// The number of bytes of `],[` or `], [` before a number; nil for any other text.
    @inline(__always)
    private static func rowGap(_ bytes: UnsafePointer<UInt8>) -> Int? {
        guard bytes[0] == UInt8(ascii: "]"), bytes[1] == UInt8(ascii: ",") else { return nil }
        let gap = bytes[2] == 0x20 ? 4 : 3
        let next = bytes[gap]
        guard bytes[gap - 1] == UInt8(ascii: "["), next == UInt8(ascii: "-") || next &- 0x30 < 10 else { return nil }
        return gap
    }
}
