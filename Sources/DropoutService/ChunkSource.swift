import Synchronization
import TensorJSON

/// The chunks of one answer, pulled one after another; a line feed ends them.
final class ChunkSource: Sendable {
    private let state: Mutex<(text: JSONText, isEnded: Bool)>

    init(_ text: JSONText) { state = Mutex((text, false)) }

    func next() -> [UInt8]? {
        state.withLock { state in
            if let chunk = state.text.nextChunk() { return chunk }
            defer { state.isEnded = true }
            return state.isEnded ? nil : [0x0A]
        }
    }
}
