package import TextCodecs

/// Writes one JSON text from front to back, with the commas.
///
/// Members appear in the order in which they are written, so that one answer has one text. Numbers have the shortest digits that
/// read back. Non-finite numbers are the strings "NaN", "Infinity" and "-Infinity".
package struct JSONWriter {
    private var bytes: [UInt8] = []
    private var pieces: [JSONText.Piece] = []
    private var needsComma = false
    private var base64Bytes = 0
    /// The place of the next value. Nil if no array is detached.
    private var place: JSONPlace?
    /// The arrays that the text names instead of printing them, in its order.
    package private(set) var detached: [DetachedArray] = []

    /// The most elements of an array that is printed at once. Larger arrays are printed later, part by part.
    private static let deferredCount = 4096
    /// The most bytes that are printed as base64 at once.
    private static let deferredBytes = 32_768

    /// - Parameter detaches: whether arrays may be detached.
    package init(detaches: Bool = false) {
        bytes.reserveCapacity(1024)
        place = detaches ? JSONPlace() : nil
    }

    /// Whether arrays may be detached.
    package var detaches: Bool { place != nil }

    package consuming func finish() -> JSONText {
        JSONText(pieces + [.bytes(bytes)], base64Bytes: base64Bytes)
    }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    package mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        place?.enter(name)
    }

    package mutating func string(_ text: String) {
        separate()
        quoted(text)
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ !JSONEscape.isRequired($0) }) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 {
                guard JSONEscape.isRequired(byte) else {
                    bytes.append(byte)
                    continue
                }
                JSONEscape.append(UInt16(byte), to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }
    package mutating func null() { literal("null") }
    package mutating func integer(_ value: Int64) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(value.magnitude)
    }

    package mutating func integer(_ value: UInt64) {
        separate()
        digits(value)
    }

    private mutating func digits(_ value: UInt64) {
        bytes.append(addingCapacity: NumberPrinting.maximumLength) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                guard let base = buffer.baseAddress else { return }
                count = NumberPrinting.print(whole: value, to: base)
            }
        }
    }

    package mutating func number(_ value: Double) { number { NumberPrinting.print(value, to: $0) } }
    package mutating func number(_ value: Float) { number { NumberPrinting.print(value, to: $0) } }

    /// Writes `elements`, which are in row-major order, as nested arrays of `shape`. The shape [] is a single number.
    package mutating func nested(_ elements: [Double], shape: [Int]) { array(.doubles(elements), shape: shape) }
    package mutating func nested(_ elements: [Float], shape: [Int]) { array(.floats(elements), shape: shape) }

    /// The same for numbers of a type of 16 bits.
    package mutating func nested(_ elements: [Float], of type: HalfType, shape: [Int]) {
        array(.halves(elements, type), shape: shape)
    }

    package mutating func flatArray(_ elements: [Double]) { nested(elements, shape: [elements.count]) }
    package mutating func flatArray(_ elements: [Float]) { nested(elements, shape: [elements.count]) }

    /// Writes `bits`, each 0 or 1, as nested arrays of 0 and 1 or of false and true.
    package mutating func nestedBits(_ bits: [UInt8], shape: [Int], asBooleans: Bool) {
        array(.bits(bits, asBooleans: asBooleans), shape: shape)
    }

    /// Writes the bytes as a base64 string.
    package mutating func base64(_ raw: [UInt8]) { base64(Base64Printing(elements: .bytes(raw))) }

    /// Writes the bytes of the elements, lowest first, as a base64 string.
    package mutating func base64(littleEndian elements: [Double]) {
        base64(Base64Printing(elements: .doubles(elements)))
    }

    package mutating func base64(littleEndian elements: [Float]) {
        base64(Base64Printing(elements: .floats(elements)))
    }

    /// The same for numbers of a type of 16 bits.
    package mutating func base64(littleEndian elements: [Float], of type: HalfType) {
        base64(Base64Printing(elements: .halves(elements, type)))
    }

    /// Keeps the bytes of an array for a file, and writes the name of its place: `layers.0.weights`.
    ///
    /// The writer must have been made for it. Otherwise all arrays have one name.
    package mutating func detach(_ bytes: [UInt8], _ kind: DetachedArray.Kind, shape: [Int]) {
        separate()
        let name = place?.name ?? ""
        detached.append(DetachedArray(name: name, kind: kind, shape: shape, bytes: bytes))
        quoted(name)
    }

    private mutating func base64(_ printing: Base64Printing) {
        separate()
        base64Bytes += Base64.length(printing.byteCount)
        bytes.append(UInt8(ascii: "\""))
        if printing.byteCount <= Self.deferredBytes {
            bytes += JSONPart(.base64(printing, 0..<printing.byteCount)).bytes()
        } else {
            pieces.append(.bytes(bytes))
            pieces.append(.base64(printing))
            bytes = []
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func array(_ elements: NestedPrinting.Elements, shape: [Int]) {
        separate()
        let printing = NestedPrinting(elements, shape: shape)
        let count = printing.elements.count
        if count <= Self.deferredCount {
            bytes += JSONPart(.elements(printing, 0..<count)).bytes()
        } else {
            pieces.append(.bytes(bytes))
            pieces.append(.array(printing))
            bytes = []
        }
    }

    @inline(__always)
    private mutating func number(_ print: (UnsafeMutablePointer<UInt8>) -> Int) {
        separate()
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: NumberPrinting.maximumLength) { memory in
            guard let base = memory.baseAddress else { return }
            bytes.append(contentsOf: UnsafeBufferPointer(start: base, count: print(base)))
        }
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes += text.utf8
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
        place?.open(isArray: bracket == UInt8(ascii: "["))
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
        place?.close()
    }

    private mutating func separate() {
        if needsComma {
            bytes.append(UInt8(ascii: ","))
            place?.enterNext()
        }
        needsComma = true
    }
}
