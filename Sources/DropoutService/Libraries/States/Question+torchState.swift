import TensorJSON

/// The state of PyTorch's generator.
extension Question {
    /// - Throws: only if nobody wants the plan any more.
    func torchState(_ encoded: String) throws(Problem) -> GeneratorState? {
        // The length is known before anything is decoded.
        guard Base64.byteCount(encoded) == TorchState.byteCount else {
            wrong(
                GeneratorState.field,
                "the base64 of \(TorchState.byteCount) bytes expected, \(encoded.utf8.count) characters found")
            return nil
        }
        guard let bytes = try bytes(base64: encoded) else {
            wrong(GeneratorState.field, "not base64 (RFC 4648, with padding)")
            return nil
        }
        return torchState(bytes, isList: false)
    }

    func torchState(_ bytes: [UInt8], isList: Bool) -> GeneratorState? {
        do {
            return .torch(try TorchState(bytes, isList: isList))
        } catch {
            let place = pointer(to: GeneratorState.field) + (isList ? "/\(error.byte)" : "")
            note(place, "\(error.detail), from byte \(error.byte) on")
            return nil
        }
    }
}
