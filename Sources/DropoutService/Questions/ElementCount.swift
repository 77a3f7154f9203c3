import Synchronization

/// The elements of the tensors that one question brings or has drawn, as its fields are read.
final class ElementCount: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ elements: Int) { count.add(elements, ordering: .relaxed) }
}
