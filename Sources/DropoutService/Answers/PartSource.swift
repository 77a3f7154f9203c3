import Synchronization
import TensorJSON

/// The parts of one answer, pulled in order and printed apart. A line feed ends them.
final class PartSource: Sendable {
    private let state: Mutex<(text: JSONText, isEnded: Bool)>

    init(_ text: JSONText) { state = Mutex((text, false)) }

    func next() -> JSONPart? {
        state.withLock { state in
            if let part = state.text.nextPart() { return part }
            defer { state.isEnded = true }
            return state.isEnded ? nil : JSONPart([0x0A])
        }
    }
}
