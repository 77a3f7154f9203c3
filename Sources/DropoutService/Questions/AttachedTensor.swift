import Stopping
import TensorFiles
import TensorJSON

/// A tensor that comes as raw elements in the request's body, and not as a member of a JSON object.
///
/// It is read straight from the body's bytes, without a copy.
struct AttachedTensor {
    let stored: StoredTensor
    /// Whether its bytes have no type of their own, and are taken for bfloat16 if the question says so.
    let isUntyped: Bool
    /// The bytes that the tensor's place refers to.
    private let file: UnsafeRawBufferPointer
    private let stop: StopFlag

    init(_ stored: StoredTensor, in file: UnsafeRawBufferPointer, isUntyped: Bool = false, stop: StopFlag) {
        (self.stored, self.file, self.isUntyped, self.stop) = (stored, file, isUntyped, stop)
    }

    /// The type of floating-point elements. Nil for integers and booleans, which say nothing about the type of a computation.
    var type: ElementType? {
        switch stored.type {
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .float32: .float32
        case .float64: .float64
        case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: nil
        }
    }

    /// The elements in row-major order, each rounded once.
    ///
    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    func elements<Scalar: WireScalar>(_ scalar: Scalar.Type, as type: ElementType) throws(Problem) -> [Scalar] {
        do {
            return try Scalar.elements(stored, in: file, as: type, stop: stop)
        } catch {
            throw error == .stopped ? .stopped : .fault("an attached tensor is not in its file: \(error.explanation)")
        }
    }
}
