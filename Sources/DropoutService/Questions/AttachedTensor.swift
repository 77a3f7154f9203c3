import Stopping
import TensorFiles
import TensorJSON

/// A tensor that comes as raw elements in the request's body, and not as a member of a JSON object.
///
/// It is read straight from the body's bytes, without a copy.
struct AttachedTensor {
    /// The field whose value it is.
    let name: String
    let stored: StoredTensor
    /// Whether its bytes have no type of their own, and are taken for bfloat16 if the question says so.
    let isUntyped: Bool
    /// The body, which the tensor's place refers to.
    private let bytes: UnsafeRawBufferPointer
    let concurrency: Concurrency
    let stop: StopFlag

    /// The array of a `.npy` file.
    ///
    /// - Throws: a 400 for bytes that are no such file, a 422 for a type that is not read and for more elements than the limit.
    init(
        npy body: UnsafeBufferPointer<UInt8>, as name: String, limits: ServiceLimits, concurrency: Concurrency,
        stop: StopFlag
    ) throws(Problem) {
        let stored: StoredTensor
        do {
            // NumPy has no bfloat16, and `ml_dtypes` writes two bytes without a type. The question has to say what they are.
            stored = try NPYFile.tensor(UnsafeRawBufferPointer(body), rawTypes: .bfloat16)
        } catch {
            throw Self.problem(error, name)
        }
        try self.init(
            stored, in: body, as: name, isUntyped: stored.type == .bfloat16, limits: limits, concurrency: concurrency,
            stop: stop)
    }

    /// A tensor whose place in the body is known.
    ///
    /// - Throws: a 422 for more elements than the limit.
    init(
        _ stored: StoredTensor, in body: UnsafeBufferPointer<UInt8>, as name: String, isUntyped: Bool = false,
        limits: ServiceLimits, concurrency: Concurrency, stop: StopFlag
    ) throws(Problem) {
        self.isUntyped = isUntyped
        bytes = UnsafeRawBufferPointer(body)
        (self.name, self.stored, self.concurrency, self.stop) = (name, stored, concurrency, stop)
        guard stored.count <= limits.maximumElements else {
            let detail =
                "at most \(limits.maximumElements) elements are taken, the limit of one request; \(stored.count) found"
            throw Problem(unanswerable: [.init(pointer: "/\(name)", detail: detail)])
        }
    }

    /// The elements in row-major order, each rounded once.
    ///
    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    func elements<Scalar: WireScalar>(_ scalar: Scalar.Type, as type: ElementType) throws(Problem) -> [Scalar] {
        do {
            return try Scalar.elements(stored, in: bytes, as: type, stop: stop)
        } catch {
            throw Self.problem(error, name)
        }
    }

    private static func problem(_ error: TensorFileError, _ name: String) -> Problem {
        switch error {
        case .stopped: .stopped
        case .unsupportedType:
            Problem(unanswerable: [.init(pointer: "/\(name)", detail: error.explanation)])
        case .notTheFormat, .truncatedHeader, .headerTooLong, .unknownVersion, .header, .wrongLength, .shapeOverflow:
            Problem(.malformed, detail: error.explanation)
        }
    }
}
