import Testing
import dropoutd

@Suite struct LargestTensorTests {
    @Test(
        "An element is held three times",
        arguments: [
            (24, 100, 1), (23, 100, 0), (0, 100, 0), (-5, 100, 0), (1 << 30, 1 << 24, 1 << 24),
            (240_000_000, 1 << 24, 10_000_000),
        ])
    func anElementIsHeldThreeTimes(_ computingBytes: Int, _ maximum: Int, _ elements: Int) {
        #expect(LargestTensor.elements(computingBytes: computingBytes, maximumElements: maximum) == elements)
    }
}
