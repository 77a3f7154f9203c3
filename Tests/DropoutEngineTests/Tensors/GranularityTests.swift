import DropoutEngine
import Testing

@Suite struct GranularityTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let full: [Int]
        let layout: Layout
        let unit: [Int]
        let sample: [Int]
        let channel: [Int]

        init(_ full: [Int], _ layout: Layout, unit: [Int], sample: [Int], channel: [Int]) {
            (self.full, self.layout) = (full, layout)
            (self.unit, self.sample, self.channel) = (unit, sample, channel)
        }

        func drawn(_ granularity: Granularity) -> [Int] {
            switch granularity {
            case .element: full
            case .unit: unit
            case .sample: sample
            case .channel: channel
            case .batch: full.map { min($0, 1) }
            }
        }

        var testDescription: String { "\(full), \(layout.rawValue)" }
    }

    /// The shapes that are drawn, for each rank in both layouts.
    static let rows: [Row] = [
        Row([], .columns, unit: [], sample: [], channel: []),
        Row([], .rows, unit: [], sample: [], channel: []),
        Row([6], .columns, unit: [6], sample: [1], channel: [6]),
        Row([6], .rows, unit: [6], sample: [1], channel: [6]),
        Row([4, 2], .columns, unit: [4, 1], sample: [1, 2], channel: [4, 1]),
        Row([4, 2], .rows, unit: [1, 2], sample: [4, 1], channel: [4, 1]),
        Row([2, 3, 4], .columns, unit: [2, 1, 1], sample: [1, 1, 4], channel: [2, 3, 1]),
        Row([2, 3, 4], .rows, unit: [1, 1, 4], sample: [2, 1, 1], channel: [2, 3, 1]),
        Row([2, 3, 4, 5], .columns, unit: [2, 1, 1, 1], sample: [1, 1, 1, 5], channel: [2, 3, 1, 1]),
        Row([2, 3, 4, 5], .rows, unit: [1, 1, 1, 5], sample: [2, 1, 1, 1], channel: [2, 3, 1, 1]),
        Row([3, 2, 1, 2, 2], .columns, unit: [3, 1, 1, 1, 1], sample: [1, 1, 1, 1, 2], channel: [3, 2, 1, 1, 1]),
        Row([3, 2, 1, 2, 2], .rows, unit: [1, 1, 1, 1, 2], sample: [3, 1, 1, 1, 1], channel: [3, 2, 1, 1, 1]),
        // An empty batch draws nothing along its axis.
        Row([4, 0], .columns, unit: [4, 0], sample: [1, 0], channel: [4, 0]),
        Row([0, 4], .rows, unit: [0, 4], sample: [0, 1], channel: [0, 1]),
        Row([0], .columns, unit: [0], sample: [0], channel: [0]),
    ]

    @Test("Each granularity draws its shape", arguments: rows, Granularity.allCases)
    func drawn(_ row: Row, _ granularity: Granularity) throws {
        let noise = try NoiseShape(granularity, of: Shape(row.full), layout: row.layout)
        #expect(noise.full.dimensions == row.full)
        #expect(noise.drawn.dimensions == row.drawn(granularity))
        #expect(try noise.drawn == Shape(row.drawn(granularity)))
    }

    @Test("Elements share a draw exactly where the drawn shape is 1", arguments: rows, Granularity.allCases)
    func shared(_ row: Row, _ granularity: Granularity) throws {
        let full = try Shape(row.full)
        let noise = NoiseShape(granularity, of: full, layout: row.layout)
        let drawn = row.drawn(granularity)
        // The row-major index of each element, axis by axis.
        let expected = (0..<full.count).map { element in
            var (rest, unit, stride) = (element, 0, 1)
            for axis in row.full.indices.reversed() {
                let index = rest % row.full[axis]
                rest /= row.full[axis]
                if drawn[axis] != 1 { unit += index * stride }
                stride *= drawn[axis]
            }
            return unit
        }
        #expect(try noise.expand(Array(0..<noise.drawn.count)) == expected)
    }

    @Test("A unit mask drops a unit in all examples, a sample mask an example in all units")
    func patterns() throws {
        let full = try Shape([3, 2])
        let columns = NoiseShape(.unit, of: full, layout: .columns)
        #expect(try columns.expand([1, 0, 1]) == [1, 1, 0, 0, 1, 1])
        #expect(try NoiseShape(.sample, of: full, layout: .columns).expand([0, 1]) == [0, 1, 0, 1, 0, 1])
        #expect(try NoiseShape(.unit, of: full, layout: .rows).expand([0, 1]) == [0, 1, 0, 1, 0, 1])
        #expect(try NoiseShape(.sample, of: full, layout: .rows).expand([1, 0, 1]) == [1, 1, 0, 0, 1, 1])
        #expect(try NoiseShape(elementwise: full).expand([1, 2, 3, 4, 5, 6]) == [1, 2, 3, 4, 5, 6])
    }

    @Test("A channel mask drops all places of a channel of one example")
    func channels() throws {
        let noise = try NoiseShape(.channel, of: Shape([2, 2, 2, 1]), layout: .columns)
        #expect(try noise.expand([1, 0, 0, 1]) == [1, 1, 0, 0, 0, 0, 1, 1])
    }
}
