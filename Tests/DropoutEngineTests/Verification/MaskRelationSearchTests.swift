import DropoutEngine
import Stopping
import Testing

@Suite struct MaskRelationSearchTests {
    /// Bits without a pattern: the highest ones of a linear congruential generator.
    private static func bits(_ count: Int) -> [UInt8] {
        var word: UInt64 = 0x243F_6A88_85A3_08D3
        return (0..<count).map { _ in
            word = word &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(word >> 63)
        }
    }

    private static func relation(
        _ states: [UInt8], _ kept: [UInt8], _ shape: [Int], keep: Double = 0.5, comparisons: Int = 1_000_000
    ) throws -> MaskRelation? {
        var search = try MaskRelationSearch(
            states.map { ElementState(rawValue: $0) ?? .unknown }, kept, try Shape(shape),
            probability: try KeepProbability(keep: keep), comparisons: comparisons, stop: .never)
        return try search.relation()
    }

    @Test(
        "The order of the axes is found, whichever it is",
        arguments: [[2, 1, 0], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1]])
    func orders(_ axes: [Int]) throws {
        let shape = [5, 7, 6]
        let kept = Self.bits(210)
        let states = (0..<210).map { i in
            let place = [i / 42, i / 6 % 7, i % 6]
            return kept[axes.reduce(0) { $0 * shape[$1] + place[$1] }]
        }
        #expect(try Self.relation(states, kept, shape) == .axes(axes))
    }

    @Test("A mask that begins again along an axis is found, whichever axis it is", arguments: [1, 2], [false, true])
    func tiles(_ axis: Int, _ isCompact: Bool) throws {
        let shape = [8, 12, 10]
        let kept = Self.bits(960)
        let states = (0..<960).map { i in
            var place = [i / 120, i / 10 % 12, i % 10]
            place[axis] %= 5
            // A tile has the shape of the tensor but for the axis.
            let extents = isCompact ? shape.indices.map { $0 == axis ? 5 : shape[$0] } : shape
            return kept[(place[0] * extents[1] + place[1]) * extents[2] + place[2]]
        }
        #expect(
            try Self.relation(states, kept, shape) == .tiled(axis: axis, every: 5, isCompact: isCompact))
    }

    @Test("Nothing is found of masks that have nothing to do with each other")
    func unrelated() throws {
        let bits = Self.bits(4096)
        #expect(try Self.relation(Array(bits[2048...]), Array(bits[..<2048]), [32, 64], comparisons: 2048 * 16) == nil)
    }

    @Test("Too few elements tell nothing", arguments: [(20, false), (60, true)])
    func fewElements(_ count: Int, _ isFound: Bool) throws {
        let kept = Self.bits(count)
        #expect((try Self.relation(kept.map { 1 - $0 }, kept, [count]) == .exchanged) == isFound)
    }

    @Test("Probabilities that keep all or none tell nothing", arguments: [0.0, 1.0])
    func certainties(_ keep: Double) throws {
        let kept = [UInt8](repeating: UInt8(keep), count: 500)
        #expect(try Self.relation(kept.map { 1 - $0 }, kept, [500], keep: keep) == nil)
    }

    @Test("A search ends when its comparisons are spent")
    func ends() throws {
        let kept = Self.bits(400)
        let states = Array(kept[100...] + kept[..<100])
        #expect(try Self.relation(states, kept, [400]) == .shifted(by: 100))
        #expect(try Self.relation(states, kept, [400], comparisons: 300) == nil)
    }

    @Test("A mask of another size is a contradiction")
    func otherSize() {
        #expect(throws: DropoutError.self) { try Self.relation([1, 0], [1], [2]) }
    }

    @Test("An element that shows nothing contradicts nothing")
    func unknown() throws {
        let kept = Self.bits(200)
        let states = kept.enumerated().map { $0 % 3 == 0 ? 2 : 1 - $1 }
        #expect(try Self.relation(states, kept, [200]) == .exchanged)
    }
}
