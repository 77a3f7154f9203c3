import Stopping
import TensorJSON

/// The JSON text of a request while it is answered.
struct RequestText {
    private enum Bytes {
        /// The body or a part of it, without a byte order mark before the text (RFC 8259, 8.1).
        case body(UnsafeBufferPointer<UInt8>)
        /// A text that is written in the body in another form.
        case kept([UInt8])
    }

    private let bytes: Bytes
    /// The bytes before the text.
    private let skippedBytes: Int
    let limits: JSONLimits
    /// The threads for a large array.
    let concurrency: Concurrency
    let stop: StopFlag

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, concurrency: Concurrency, stop: StopFlag) {
        skippedBytes = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        self.bytes = .body(UnsafeBufferPointer(rebasing: bytes[skippedBytes...]))
        self.limits = limits
        self.concurrency = concurrency
        self.stop = stop
    }

    /// A text that is written in the body in another form, and is kept as long as it is needed.
    init(keeping text: String, limits: JSONLimits, concurrency: Concurrency, stop: StopFlag) {
        (bytes, skippedBytes) = (.kept(Array(text.utf8)), 0)
        (self.limits, self.concurrency, self.stop) = (limits, concurrency, stop)
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private func withBytes<Value>(
        _ use: (UnsafeBufferPointer<UInt8>) throws(Problem) -> Value
    ) throws(Problem) -> Value {
        switch bytes {
        case .body(let bytes): try use(bytes)
        case .kept(let bytes): try bytes.withUnsafeBufferPointer(use)
        }
    }

    /// Whether the word is near the start or the end of the text.
    func mentions(_ word: StaticString) throws(Problem) -> Bool {
        try withBytes { bytes throws(Problem) in JSONDocument.mentions(word, bytes) }
    }

    /// - Throws: a 400 for text that is not JSON, a 422 for text over a limit.
    func parse(elementType: ElementType) throws(Problem) -> JSONValue {
        try withBytes { bytes throws(Problem) in
            do throws(JSONParseError) {
                return try JSONDocument.parse(
                    bytes, elementType: elementType, limits: limits, concurrency: concurrency, stop: stop)
            } catch {
                throw problem(error, bytes)
            }
        }
    }

    /// The object that the text is.
    ///
    /// - Parameter elementType: the type in which most numbers will be wanted. Nil for the one that `dtype` names.
    /// - Throws: a 400 for text that is not JSON, a 422 for text over a limit or that is no object.
    func object(elementType: ElementType? = nil) throws(Problem) -> JSONObject {
        let hint = try withBytes { bytes throws(Problem) in elementType ?? JSONDocument.elementTypeHint(bytes) }
        let value = try parse(elementType: hint)
        guard case .object(let object) = value else {
            throw Problem(unanswerable: [.init(pointer: "", detail: "an object expected, \(value.shortText) found")])
        }
        return object
    }

    /// The array read again, rounded from its text straight to `elementType`.
    func reread(_ array: NumberArray, as elementType: ElementType) throws(Problem) -> NumberArray {
        try withBytes { bytes throws(Problem) in
            do throws(JSONParseError) {
                return try JSONDocument.reread(array, as: elementType, in: bytes, concurrency: concurrency, stop: stop)
            } catch {
                throw problem(error, bytes)
            }
        }
    }

    private func problem(_ error: JSONParseError, _ bytes: UnsafeBufferPointer<UInt8>) -> Problem {
        switch error {
        case .syntax(let syntax):
            let hint = SyntaxHint.text(bytes, at: syntax.byteOffset)
            return Problem(
                .malformed, detail: "\(syntax.detail) at line \(syntax.line), column \(syntax.column)\(hint)",
                entries: [
                    .init(pointer: "", detail: "byte \(skippedBytes + syntax.byteOffset): \(syntax.detail)\(hint)")
                ])
        case .limit(let pointer, let detail):
            return Problem(unanswerable: [.init(pointer: pointer, detail: detail)])
        case .stopped: return .stopped
        }
    }
}
