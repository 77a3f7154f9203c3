import Stopping
import TensorJSON

/// The bytes of a request's body while it is answered.
struct RequestText {
    /// The text without a byte order mark before it (RFC 8259, 8.1).
    let bytes: UnsafeBufferPointer<UInt8>
    /// The bytes before the text.
    private let skippedBytes: Int
    let limits: JSONLimits
    /// The threads for a large array.
    let concurrency: Concurrency
    let stop: StopFlag

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, concurrency: Concurrency, stop: StopFlag) {
        skippedBytes = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        self.bytes = UnsafeBufferPointer(rebasing: bytes[skippedBytes...])
        self.limits = limits
        self.concurrency = concurrency
        self.stop = stop
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// - Throws: a 400 for text that is not JSON, a 422 for text over a limit.
    func parse(elementType: ElementType) throws(Problem) -> JSONValue {
        do {
            return try JSONDocument.parse(
                bytes, elementType: elementType, limits: limits, concurrency: concurrency, stop: stop)
        } catch {
            throw problem(error)
        }
    }

    /// The array read again, rounded from its text straight to `elementType`.
    func reread(_ array: NumberArray, as elementType: ElementType) throws(Problem) -> NumberArray {
        do {
            return try JSONDocument.reread(array, as: elementType, in: bytes, concurrency: concurrency, stop: stop)
        } catch {
            throw problem(error)
        }
    }

    private func problem(_ error: JSONParseError) -> Problem {
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
