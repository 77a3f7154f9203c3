import DropoutEngine
import Stopping
import Testing

/// The units of a block, by their indices in the whole tensor. The indices are counted by hand.
@Suite struct ShardTests {
    private static func shard(_ block: [Int], _ start: [Int], _ drawn: [Int], _ full: [Int]) throws -> Shard? {
        Shard(try Shape(block), at: start, of: try NoiseShape(Shape(drawn), for: Shape(full)))
    }

    /// The indices in the whole of the block's units, and the runs in which they come.
    private static func runs(_ shard: Shard) throws -> [[Int]] {
        var runs: [[Int]] = []
        try shard.forEachRun(.never) { unit, count in runs.append(Array(unit..<unit + count)) }
        return runs
    }

    @Test(
        "The runs of a block have the indices of the whole",
        arguments: [
            // A vector.
            ([3], [2], [8], [8], [[2, 3, 4]]), ([8], [0], [8], [8], [[0, 1, 2, 3, 4, 5, 6, 7]]),
            // Rows are one run, columns are one run a row.
            ([2, 4], [1, 0], [3, 4], [3, 4], [[4, 5, 6, 7, 8, 9, 10, 11]]),
            ([3, 2], [0, 1], [3, 4], [3, 4], [[1, 2], [5, 6], [9, 10]]),
            ([1, 1], [2, 3], [3, 4], [3, 4], [[11]]),
            // [2, 3, 4]: the last axis is cut, or the one before it.
            ([2, 1, 2], [0, 2, 1], [2, 3, 4], [2, 3, 4], [[9, 10], [21, 22]]),
            (
                [2, 2, 4], [0, 1, 0], [2, 3, 4], [2, 3, 4],
                [[4, 5, 6, 7, 8, 9, 10, 11], [16, 17, 18, 19, 20, 21, 22, 23]]
            ),
            ([1, 2, 1, 2], [1, 0, 1, 0], [2, 2, 2, 2], [2, 2, 2, 2], [[10, 11], [14, 15]]),
            // Shared axes have one unit, wherever the block starts.
            ([2, 2], [1, 1], [3, 1], [3, 4], [[1, 2]]), ([2, 2], [1, 1], [1, 4], [3, 4], [[1, 2]]),
            ([2, 2], [1, 1], [1, 1], [3, 4], [[0]]),
            ([2, 1, 3], [0, 1, 1], [2, 1, 4], [2, 3, 4], [[1, 2, 3], [5, 6, 7]]),
            // A scalar, and blocks without elements.
            ([], [], [], [], [[0]]), ([0, 4], [3, 0], [3, 4], [3, 4], []), ([0], [0], [0], [0], []),
        ] as [([Int], [Int], [Int], [Int], [[Int]])])
    func theRunsOfABlockHaveTheIndicesOfTheWhole(
        _ block: [Int], _ start: [Int], _ drawn: [Int], _ full: [Int], _ runs: [[Int]]
    ) throws {
        let shard = try #require(try Self.shard(block, start, drawn, full))
        #expect(try Self.runs(shard) == runs)
        #expect(shard.runCount == runs.count)
        let units = runs.flatMap(\.self)
        #expect(shard.noise.drawn.count == units.count)
        #expect(shard.noise.full.dimensions == block)
        if let first = units.first, let last = units.last {
            #expect(shard.first == first)
            #expect(shard.spanCount == last - first + 1)
        } else {
            #expect(shard.spanCount == 0)
        }
        let whole = Array(0..<shard.whole.drawn.count)
        #expect(try shard.cut(whole, from: 0, stop: .never) == units)
        #expect(try shard.cut(Array(whole.dropFirst(shard.first)), from: shard.first, stop: .never) == units)
    }

    @Test(
        "A block that is not inside is none",
        arguments: [
            ([4], [6], [8]), ([9], [0], [8]), ([1], [-1], [8]), ([1], [8], [8]), ([1], [.max], [8]),
            ([2], [0, 0], [8]),
            ([1, 2], [0, 0], [8]), ([1], [0], [2, 4]),
        ] as [([Int], [Int], [Int])])
    func aBlockThatIsNotInsideIsNone(_ block: [Int], _ start: [Int], _ full: [Int]) throws {
        #expect(try Self.shard(block, start, full, full) == nil)
    }
}
