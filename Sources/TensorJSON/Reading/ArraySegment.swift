import Stopping

/// Numbers read ahead, from a place in an array that its reader has not come to yet.
///
/// Nothing is decided by it: ``NumberArrayReader`` takes over a stretch of numbers where it comes to its start by itself, and what
/// it never comes to is thrown away.
struct ArraySegment: Sendable {
    /// Numbers with single commas between them, and the ends and beginnings of rows of one extent.
    struct Stretch: Sendable {
        let start: Int
        /// The items before it in its row; nil where nobody knows.
        let column: Int?
        /// The place behind it and what has been passed; columns count from its start where `column` is nil.
        var run: NumberRun
        /// Nil where the row is not left.
        let extent: Int?
        var count = 0
    }

    private(set) var doubles: [Double] = []
    private(set) var floats: [Float] = []
    private(set) var stretches: [Stretch] = []

    /// So many records of stretches weigh little beside the numbers.
    private static let maximumStretches = 65_536

    init() {}

    /// Reads from `start`, an item of a row, up to the text's end or something unusual.
    ///
    /// - Parameters:
    ///   - column: the items before it in its row; nil where nobody knows.
    ///   - extent: of all rows but the last; nil where it is not known yet.
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
        case .float32: floats.reserveCapacity(estimate)
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

    /// Whether the stretch ended at the end of a row.
    private mutating func read(
        _ stretch: inout Stretch, _ scanner: inout JSONScanner, _ elementType: ElementType, _ left: inout Int
    ) -> Bool {
        let (text, stop) = (scanner.text, scanner.stop)
        while true {
            let taken =
                switch elementType {
                case .float64:
                    stretch.run.append(
                        from: text, to: &doubles, extent: stretch.extent, maximum: left, stop: stop)
                case .float32:
                    stretch.run.append(
                        from: text, to: &floats, extent: stretch.extent, maximum: left, stop: stop)
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

    /// A number that is not usual; false where there is none, or one that is too large.
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
        }
    }

    /// From the end of a row to the first number of another one.
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
