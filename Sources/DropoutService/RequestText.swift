import Stopping
import TensorJSON

/// The bytes of a request's body while it is answered.
struct RequestText {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    /// For a large array.
    let concurrency: Concurrency
    let stop: StopFlag

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, concurrency: Concurrency, stop: StopFlag) {
        self.bytes = bytes
        self.limits = limits
        self.concurrency = concurrency
        self.stop = stop
    }

    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    func checkStop() throws(Problem) {
        do {
            try stop.check()
        } catch {
            throw .stopped
        }
    }

    /// - Throws: a 400 for text that is not JSON, a 422 for text over a limit.
    func parse(elementType: ElementType) throws(Problem) -> JSONValue {
        do {
            return try JSONDocument.parse(
                bytes, elementType: elementType, limits: limits, concurrency: concurrency, stop: stop)
        } catch {
            throw Self.problem(error)
        }
    }

    /// The array read again, rounded from its text straight to `elementType`.
    func reread(_ array: NumberArray, as elementType: ElementType) throws(Problem) -> NumberArray {
        do {
            return try JSONDocument.reread(array, as: elementType, in: bytes, concurrency: concurrency, stop: stop)
        } catch {
            throw Self.problem(error)
        }
    }

    private static func problem(_ error: JSONParseError) -> Problem {
        switch error {
        case .syntax(let syntax):
            Problem(
                .malformed, detail: "\(syntax.detail) at line \(syntax.line), column \(syntax.column)",
                entries: [.init(pointer: "", detail: "byte \(syntax.byteOffset): \(syntax.detail)")])
        case .limit(let pointer, let detail):
            Problem(unanswerable: [.init(pointer: pointer, detail: detail)])
        case .stopped: .stopped
        }
    }
}
