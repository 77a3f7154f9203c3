import Stopping

// Reading, step 2 of 5 on another thread. ``SegmentedArray`` begins a segment at each cut, and ``NumberArrayReader`` takes over its
// stretches. Usual numbers are read by ``NumberRun``, others by ``JSONScanner``.

/// Numbers that are read ahead, from a place in an array that the reader has not reached yet.
///
/// A segment decides nothing. ``NumberArrayReader`` takes over a stretch of numbers when it reaches the start of the stretch. Stretches
/// that it never reaches are discarded.
struct ArraySegment: Sendable {
    /// Consecutive numbers with single commas between them, in rows of one extent.
    struct Stretch: Sendable {
        let start: Int
        /// The number of items before the stretch in its row; nil if it is unknown.
        let column: Int?
        /// The run to the end of the stretch. Its columns count from the start of the stretch if `column` is nil.
        var run: NumberRun
        /// The number of items of each row; nil if the stretch is within one row.
        let extent: Int?
        var count = 0

        /// Appends up to `maximum` numbers to `elements` and returns their count.
        mutating func append<Element: PackedElement>(
            _ type: Element.Type, from text: UnsafeBufferPointer<UInt8>, to elements: inout [Element.Stored],
            _ maximum: Int, _ stop: StopFlag
        ) -> Int {
            run.append(type, from: text, to: &elements, extent: extent, maximum: maximum, stop: stop)
        }
    }

    private(set) var doubles: [Double] = []
    private(set) var floats: [Float] = []
    private(set) var stretches: [Stretch] = []

    /// The most stretches of a segment, so that they take little memory compared with the numbers.
    private static let maximumStretches = 65_536

    init() {}

    /// Reads from `start`, an item of a row, up to the end of the text or of the array.
    ///
    /// - Parameters:
    ///   - column: the number of items before `start` in its row; nil if it is unknown.
    ///   - extent: the number of items of each row but the last; nil if it is not known yet.
    init(
        _ text: UnsafeBufferPointer<UInt8>, start: Int, column: Int?, extent: Int?, elementType: ElementType,
        maximum: Int, stop: StopFlag
    ) {
        var scanner = JSONScanner(text, position: start, stop: stop)
        var left = maximum
        var column = column
        let estimate = min((text.count - start) / 8, maximum) + 1
        switch elementType {
        case .float64: doubles.reserveCapacity(estimate)
        case .float32, .float16, .bfloat16: floats.reserveCapacity(estimate)
        }
        while stretches.count < Self.maximumStretches {
            var stretch = Stretch(
                start: scanner.position, column: column,
                run: NumberRun(position: scanner.position, column: column ?? 0),
                extent: column == nil ? nil : extent)
            let goesOn = read(&stretch, &scanner, elementType, &left)
            if stretch.count > 0 { stretches.append(stretch) }
            scanner.position = stretch.run.position
            guard goesOn, Self.skipBrackets(&scanner) else { return }
            column = 0
        }
    }

    /// Reads a stretch and returns true if it ended at the end of a row.
    private mutating func read(
        _ stretch: inout Stretch, _ scanner: inout JSONScanner, _ elementType: ElementType, _ left: inout Int
    ) -> Bool {
        let (text, stop) = (scanner.text, scanner.stop)
        while true {
            let taken =
                switch elementType {
                case .float64: stretch.append(Double.self, from: text, to: &doubles, left, stop)
                case .float32: stretch.append(Float.self, from: text, to: &floats, left, stop)
                case .float16: stretch.append(Float16Element.self, from: text, to: &floats, left, stop)
                case .bfloat16: stretch.append(BFloat16Element.self, from: text, to: &floats, left, stop)
                }
            stretch.count += taken
            left -= taken
            scanner.position = stretch.run.position
            scanner.tick()
            if !stretch.run.isBehindNumber {
                scanner.skipWhitespace()
                stretch.run.position = scanner.position
                guard left > 0, number(&scanner, elementType) else { return false }
                stretch.count += 1
                stretch.run.column += 1
                left -= 1
                stretch.run.position = scanner.position
                stretch.run.isBehindNumber = true
            }
            scanner.skipWhitespace()
            guard scanner.current == UInt8(ascii: ",") else { return scanner.current == UInt8(ascii: "]") }
            scanner.position += 1
            scanner.skipWhitespace()
            stretch.run.position = scanner.position
            stretch.run.isBehindNumber = false
        }
    }

    /// Reads a number that is not usual. Returns false if there is no number or if it is too large.
    private mutating func number(_ scanner: inout JSONScanner, _ elementType: ElementType) -> Bool {
        let start = scanner.position
        guard let decimal = try? scanner.decimal() else { return false }
        switch elementType {
        case .float64:
            let value = decimal.double ?? scanner.double(start..<scanner.position) ?? .nan
            if value.isFinite { doubles.append(value) }
            return value.isFinite
        case .float32:
            let value = decimal.float ?? scanner.float(start..<scanner.position) ?? .nan
            if value.isFinite { floats.append(value) }
            return value.isFinite
        case .float16, .bfloat16:
            let value =
                elementType.half.flatMap { decimal.half($0) ?? scanner.half(start..<scanner.position, $0) } ?? .nan
            if value.isFinite { floats.append(value) }
            return value.isFinite
        }
    }

    /// Skips from the end of a row to the first number of another row. Returns false if something else follows.
    private static func skipBrackets(_ scanner: inout JSONScanner) -> Bool {
        var last: UInt8 = 0
        while true {
            scanner.tick()
            scanner.skipWhitespace()
            switch scanner.current {
            case UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: "["):
                last = scanner.current
                scanner.position += 1
            case UInt8(ascii: "-"), 0x30...0x39: return last == UInt8(ascii: "[")
            default: return false
            }
        }
    }
}
