/// The examples of a matrix [units, batch] (columns) or [batch, units] (rows), with the places of their units.
struct Examples {
    let units: Int
    let count: Int
    private let layout: Layout

    init(_ shape: Shape, layout: Layout) {
        let rows = shape.rank == 2 ? shape.dimensions[0] : shape.count
        let columns = shape.rank == 2 ? shape.dimensions[1] : 1
        (units, count) = layout == .columns ? (rows, columns) : (columns, rows)
        self.layout = layout
    }

    /// The examples; none if they have no units.
    var range: Range<Int> { 0..<(units > 0 ? count : 0) }

    /// Calls `body` with the index of each unit of example `example`, in order.
    @inline(__always)
    func forEachUnit(of example: Int, _ pace: inout Pace, _ body: (Int) -> Void) throws(DropoutError) {
        let (start, step) = layout == .columns ? (example, count) : (example * units, 1)
        try pace.spend(1)
        for block in Blocks(0..<units) {
            try pace.spend(block.count)
            for unit in block { body(start &+ unit &* step) }
        }
    }
}
