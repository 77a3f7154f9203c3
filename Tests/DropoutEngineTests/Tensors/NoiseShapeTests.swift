import DropoutEngine
import Testing

@Suite struct NoiseShapeTests {
    @Test(
        "A noise shape is broadcast from its right end, as NumPy does",
        arguments: [
            ([1], [3], [1]), ([3], [2, 3], [1, 3]), ([], [2, 3], [1, 1]), ([2, 1], [2, 3], [2, 1]),
            ([1, 3, 1], [2, 3, 4], [1, 3, 1]), ([4], [2, 3, 4], [1, 1, 4]), ([3, 1], [2, 3, 4], [1, 3, 1]),
            ([2, 1, 4, 1, 2], [2, 3, 4, 5, 2], [2, 1, 4, 1, 2]), ([], [], []), ([0, 1], [0, 3], [0, 1]),
        ] as [([Int], [Int], [Int])])
    func broadcast(noise: [Int], full: [Int], drawn: [Int]) throws {
        let shape = try NoiseShape(Shape(noise), for: Shape(full))
        #expect(shape.drawn.dimensions == drawn)
        #expect(shape.full.dimensions == full)
    }

    @Test("The draws are repeated along the shared axes")
    func expansion() throws {
        let middle = try NoiseShape(Shape([1, 3, 1]), for: Shape([2, 3, 2]))
        #expect(try middle.expand([7, 8, 9]) == [7, 7, 8, 8, 9, 9, 7, 7, 8, 8, 9, 9])
        let ends = try NoiseShape(Shape([2, 1, 2]), for: Shape([2, 3, 2]))
        #expect(try ends.expand([1, 2, 3, 4]) == [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4])
        let all = try NoiseShape(.scalar, for: Shape([2, 2]))
        #expect(try all.expand([5]) == [5, 5, 5, 5])
    }

    @Test(
        "A shared axis of no elements shares nothing", arguments: [[1, 3], [3], [0, 3], [0, 1], [1], []] as [[Int]])
    func emptyAxis(_ noise: [Int]) throws {
        let shape = try NoiseShape(Shape(noise), for: Shape([0, 3]))
        #expect(shape.drawn.count == 0)
        let mask = try Mask(
            drawing: PhiloxGenerator(seed: 1, step: 0, stream: 0), noise: shape,
            probability: KeepProbability(keep: 0.5), offset: 0)
        #expect(mask.drawn.isEmpty)
        #expect(mask.kept.isEmpty)
    }

    @Test("A dimension that is neither 1 nor the tensor's is refused with its axis in the noise shape")
    func mismatch() throws {
        #expect(throws: DropoutError.noiseShapeMismatch(axis: 0, noise: 2, tensor: 3)) {
            _ = try NoiseShape(Shape([2]), for: Shape([2, 3]))
        }
        #expect(throws: DropoutError.noiseShapeMismatch(axis: 1, noise: 4, tensor: 3)) {
            _ = try NoiseShape(Shape([2, 4]), for: Shape([2, 3]))
        }
        #expect(throws: DropoutError.noiseShapeMismatch(axis: 0, noise: 0, tensor: 2)) {
            _ = try NoiseShape(Shape([0, 3]), for: Shape([2, 3]))
        }
        #expect(throws: DropoutError.noiseShapeMismatch(axis: 0, noise: 2, tensor: 1)) {
            _ = try NoiseShape(Shape([2]), for: Shape([1]))
        }
    }

    @Test("More dimensions than the tensor has are refused, even if they are 1")
    func rank() throws {
        #expect(throws: DropoutError.noiseRankTooLarge(noise: 1, tensor: 0)) {
            _ = try NoiseShape(Shape([1]), for: .scalar)
        }
        #expect(throws: DropoutError.noiseRankTooLarge(noise: 3, tensor: 2)) {
            _ = try NoiseShape(Shape([1, 2, 3]), for: Shape([2, 3]))
        }
    }

    @Test(
        "An element has the value of the drawn unit with its coordinates, 0 along shared axes",
        arguments: [
            ([], []), ([1], [5]), ([4, 1], [4, 3]), ([1, 3], [4, 3]), ([1, 1], [4, 3]), ([4, 3], [4, 3]),
            ([2, 1, 3, 1], [2, 4, 3, 5]), ([1, 4, 1, 5], [2, 4, 3, 5]), ([2, 4, 1, 1], [2, 4, 3, 5]),
            ([2, 1, 1, 1, 5], [2, 1, 3, 1, 5]), ([1, 1, 3, 1, 1], [2, 1, 3, 1, 5]), ([0, 1], [0, 3]),
            ([3, 1, 2], [3, 300, 2]),
        ] as [([Int], [Int])])
    func coordinates(drawn: [Int], full: [Int]) throws {
        let noise = try NoiseShape(Shape(drawn), for: Shape(full))
        let values = Array(100..<100 + noise.drawn.count)
        var expected: [Int] = []
        for element in 0..<noise.full.count {
            var (rest, unit, stride) = (element, 0, 1)
            for axis in full.indices.reversed() {
                let coordinate = rest % full[axis]
                rest /= full[axis]
                unit += drawn[axis] == 1 ? 0 : coordinate * stride
                stride *= drawn[axis]
            }
            expected.append(values[unit])
        }
        #expect(try noise.expand(values) == expected)
        #expect(try noise.units(of: expected, shape: noise.full) == values)
    }

    @Test(
        "The runs are those of the last axes that are all drawn or all shared",
        arguments: [
            ([3, 1, 2], [3, 300, 2], 900), ([2, 4, 1, 1], [2, 4, 3, 5], 8), ([2, 1, 3, 1], [2, 4, 3, 5], 24),
            ([1, 1], [4, 5], 1), ([4, 5], [4, 5], 1), ([1, 5], [4, 5], 4), ([], [], 1), ([0, 1], [0, 3], 0),
            ([0, 1, 1], [0, 1 << 20, 1 << 40], 0),
        ] as [([Int], [Int], Int)])
    func runs(drawn: [Int], full: [Int], runs: Int) throws {
        #expect(try NoiseShape(Shape(drawn), for: Shape(full)).runs == runs)
    }
}
