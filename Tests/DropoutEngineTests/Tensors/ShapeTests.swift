import DropoutEngine
import Testing

@Suite struct ShapeTests {
    @Test(
        "The count is the product of the dimensions",
        arguments: [
            ([], 1), ([0], 0), ([1], 1), ([7], 7), ([4, 2], 8), ([2, 3, 4], 24), ([5, 1, 3, 2], 30), ([3, 0, 2], 0),
            ([1_000_000, 1_000_000], 1_000_000_000_000), ([.max], .max), ([1, .max, 1], .max),
            ([1 << 31, (1 << 31) - 1], 4_611_686_016_279_904_256),
        ] as [([Int], Int)])
    func count(dimensions: [Int], count: Int) throws {
        let shape = try Shape(dimensions)
        #expect(shape.dimensions == dimensions)
        #expect(shape.rank == dimensions.count)
        #expect(shape.count == count)
    }

    @Test(
        "A product beyond Int is refused, also beside an empty dimension",
        arguments: [
            [.max, 2], [1 << 32, 1 << 31], [1 << 32, 1 << 32], [1 << 32, 1 << 32, 1 << 32], [.max, .max],
            [3, .max / 2], [0, .max, 2], [.max, 0, .max],
        ] as [[Int]])
    func overflow(_ dimensions: [Int]) {
        #expect(throws: DropoutError.shapeOverflow) { _ = try Shape(dimensions) }
    }

    @Test(
        "A negative dimension is refused with its axis",
        arguments: [([-1], 0, -1), ([2, -3], 1, -3), ([0, -1], 1, -1), ([.min, 2], 0, .min)] as [([Int], Int, Int)])
    func negative(dimensions: [Int], axis: Int, value: Int) {
        #expect(throws: DropoutError.negativeDimension(axis: axis, value: value)) { _ = try Shape(dimensions) }
    }

    @Test("A scalar has one element and a vector as many as it says")
    func named() throws {
        #expect(try Shape.scalar == Shape([]))
        #expect(try Shape.vector(5) == Shape([5]))
        #expect(try Shape.vector(0) == Shape([0]))
    }

    @Test(
        "A tensor takes as many elements as its shape counts",
        arguments: [([], 0), ([], 2), ([0], 1), ([2, 2], 3), ([2, 2], 5), ([1_000_000, 1_000_000], 1)] as [([Int], Int)]
    )
    func elements(dimensions: [Int], count: Int) throws {
        let shape = try Shape(dimensions)
        #expect(throws: DropoutError.elementCountMismatch(expected: shape.count, actual: count)) {
            _ = try Tensor([Double](repeating: 1, count: count), shape: shape)
        }
    }
}
