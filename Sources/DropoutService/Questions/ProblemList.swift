/// All that is wrong with one question, gathered while its fields are read.
final class ProblemList {
    private var entries: [Problem.Entry] = []

    /// More than this many entries help nobody. Later ones are left out.
    private static let maximumEntries = 32

    /// Whether further entries are left out.
    var isFull: Bool { entries.count >= Self.maximumEntries }

    func add(_ pointer: String, _ detail: String) {
        if !isFull { entries.append(.init(pointer: pointer, detail: detail)) }
    }

    /// - Throws: a 422 with every entry, if there is one.
    func throwIfAny() throws(Problem) {
        if !entries.isEmpty { throw Problem(unanswerable: entries) }
    }
}
