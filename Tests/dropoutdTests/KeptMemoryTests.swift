import Testing
import dropoutd

/// When the memory that requests gave back is returned to the system.
@Suite struct KeptMemoryTests {
    private static let little = KeptMemory.littleBytes

    /// The answers to calls that follow each other.
    private static func answers(_ calls: [(peakBytes: Int, heldBytes: Int)]) -> [Bool] {
        var memory = KeptMemory()
        return calls.map { memory.isDue(peakBytes: $0.peakBytes, heldBytes: $0.heldBytes) }
    }

    @Test("Memory is returned after more than 1 MiB, not after exactly 1 MiB")
    func bound() {
        #expect(Self.little == 1_048_576)
        #expect(Self.answers([(Self.little, 0)]) == [false])
        #expect(Self.answers([(Self.little + 1, 0)]) == [true])
    }

    @Test("Memory is not returned while a request holds any")
    func held() {
        #expect(Self.answers([(Self.little + 1, 1)]) == [false])
    }

    @Test("A large request is remembered until nothing is held")
    func remembered() {
        #expect(Self.answers([(Self.little + 1, 1), (1, 1), (1, 0)]) == [false, false, true])
    }

    @Test("Memory is returned once")
    func once() {
        #expect(Self.answers([(Self.little + 1, 0), (0, 0), (Self.little, 0)]) == [true, false, false])
    }
}
