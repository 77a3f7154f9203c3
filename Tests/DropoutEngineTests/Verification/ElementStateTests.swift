import DropoutEngine
import Testing

@Suite struct ElementStateTests {
    @Test(
        "Input and output say together whether an element was kept or dropped, or neither",
        arguments: [
            (2, 0, .dropped), (2, -0.0, .dropped), (-2, 0, .dropped), (.leastNonzeroMagnitude, 0, .dropped),
            (2, 2, .kept), (2, 4, .kept), (2, -4, .kept), (2, .leastNonzeroMagnitude, .kept),
            (0, 0, .unknown), (-0.0, 0, .unknown), (0, -0.0, .unknown), (0, 3, .unknown), (0, .nan, .unknown),
            (2, .nan, .unknown), (2, .infinity, .unknown), (-2, -.infinity, .unknown),
            (.nan, 0, .dropped), (.infinity, 0, .dropped), (-.infinity, -0.0, .dropped),
            (.nan, .nan, .unknown), (.infinity, .infinity, .unknown), (.infinity, .nan, .unknown),
            (.nan, 3, .unknown), (.infinity, 3, .unknown),
        ] as [(Double, Double, ElementState)])
    func rule(_ input: Double, _ output: Double, _ state: ElementState) {
        #expect(ElementState(input: input, output: output) == state)
    }

    @Test("Only a mask bit that is known to be another one contradicts an element")
    func contradictions() {
        #expect(ElementState.dropped.contradicts(kept: 1))
        #expect(!ElementState.dropped.contradicts(kept: 0))
        #expect(ElementState.kept.contradicts(kept: 0))
        #expect(!ElementState.kept.contradicts(kept: 1))
        #expect(!ElementState.unknown.contradicts(kept: 0))
        #expect(!ElementState.unknown.contradicts(kept: 1))
    }
}
