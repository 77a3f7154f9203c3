import DropoutEngine
import Testing

@Suite struct SelectionTests {
    @Test(
        "The element is the one that a stable sort has at the place",
        arguments: [
            [3.5], [2, 1], [0.0, -0.0, 0.0, -0.0], [-0.0, 1, 0.0, -1], [1, 1, 1, 2, 2],
            [.leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude],
            [.infinity, -.infinity, 1e300, -1e300, 1e-300], [1.5, 1.5.nextUp, 1.5.nextDown, 1.5],
            (0..<300).map { Double(($0 * 7919) % 101) / 3 - 16 },
        ] as [[Double]])
    func places(_ numbers: [Double]) throws {
        // Swift's sort is stable, so -0 and 0 keep their order.
        let sorted = numbers.sorted()
        for rank in numbers.indices {
            let element = try Selection.element(rank, of: numbers)
            #expect(element.bitPattern == sorted[rank].bitPattern)
        }
    }

    @Test("A place beyond the numbers is a contradiction")
    func beyond() {
        #expect(throws: DropoutError.impossible("no number is at the place that was counted")) {
            try Selection.element(2, of: [1, 2])
        }
    }
}
