import Synchronization

/// Gathers all that is wrong with one question, so that a caller learns of everything in one answer.
final class ProblemList: Sendable {
    private let noted = Mutex<[Problem.Entry]>([])

    private var entries: [Problem.Entry] { noted.withLock { $0 } }

    /// More than this many entries help nobody; later ones are left out.
    private static let maximumEntries = 32

    var isEmpty: Bool { entries.isEmpty }

    /// Whether further entries are left out.
    var isFull: Bool { noted.withLock { $0.count >= Self.maximumEntries } }

    func add(_ pointer: String, _ detail: String) {
        noted.withLock { entries in
            guard entries.count < Self.maximumEntries else { return }
            entries.append(.init(pointer: pointer, detail: detail))
        }
    }

    /// - Throws: a 422 with every entry, if there is one.
    func throwIfAny() throws(Problem) {
        let entries = entries
        if !entries.isEmpty { throw Problem(unanswerable: entries) }
    }
}
