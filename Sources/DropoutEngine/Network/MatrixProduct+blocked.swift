import Stopping

extension MatrixProduct {
    /// The part of k that is summed before the sums go back to C. A panel of B and two rows of A of this length stay in the
    /// nearest cache.
    private static var depth: Int { 256 }

    /// The rows of A for which the panels of B are read once.
    private static var rowsAtOnce: Int { 64 }

    /// The product in tiles of two rows and four vectors of columns. Their sums stay in registers over `depth` steps.
    ///
    /// B is copied into panels as wide as a tile. The last one is filled up with zeros, whose products are discarded.
    @inline(__always)
    static func blocked<Scalar: DropoutScalar>(
        _ a: Operand<Scalar>, _ first: UnsafePointer<Scalar>, _ b: Operand<Scalar>, _ second: UnsafePointer<Scalar>,
        _ c: UnsafeMutablePointer<Scalar>, _ k: Int, _ stop: StopFlag
    ) throws(DropoutError) {
        let (m, n, width) = (a.lines, b.lines, 4 * Scalar.Lanes.scalarCount)
        let panels = (n + width - 1) / width
        let pairs = a.step == 1 ? 0 : (m + 1) / 2
        let most = min(depth, k)
        try withUnsafeTemporaryAllocation(
            of: Scalar.self, capacity: (panels * width + pairs * 2) * most + 2 * width
        ) { copy throws(DropoutError) in
            guard let wide = copy.baseAddress else { return }
            let tall = wide + panels * width * most
            let edge = tall + pairs * 2 * most
            var pace = Pace(stop)
            for start in stride(from: 0, to: k, by: depth) {
                let steps = min(depth, k - start)
                try pack(b, second + start * b.step, width: width, steps: steps, to: wide, stop)
                if pairs > 0 { try pack(a, first + start * a.step, width: 2, steps: steps, to: tall, stop) }
                for top in stride(from: 0, to: m, by: rowsAtOnce) {
                    for panel in 0..<panels {
                        // A tile's column of up to 64 rows: at most 262,144 products.
                        try pace.spend(min(rowsAtOnce, m - top) * steps)
                        let columns = min(width, n - panel * width)
                        for row in stride(from: top, to: min(top + rowsAtOnce, m), by: 2) {
                            let left =
                                pairs > 0
                                ? Rows(start: tall + row * steps, next: 1, step: 2)
                                : Rows(start: first + row * a.lineStride + start, next: a.lineStride, step: 1)
                            let rows = min(2, m - row)
                            let place = c + row * n + panel * width
                            let numbers = UnsafePointer(wide + panel * width * steps)
                            if columns == width {
                                tile(left, rows, numbers, place, n, steps, isFirst: start == 0)
                            } else {
                                for r in 0..<rows {
                                    for j in 0..<width { edge[r * width + j] = j < columns ? place[r * n + j] : 0 }
                                }
                                tile(left, rows, numbers, edge, width, steps, isFirst: start == 0)
                                for r in 0..<rows {
                                    for j in 0..<columns { place[r * n + j] = edge[r * width + j] }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Two rows of A, or one, with the distance of the rows and the distance of the numbers in a row.
    private struct Rows<Scalar: DropoutScalar> {
        let start: UnsafePointer<Scalar>
        let next: Int
        let step: Int

        init(start: UnsafePointer<Scalar>, next: Int, step: Int) {
            (self.start, self.next, self.step) = (start, next, step)
        }
    }

    /// Copies `steps` numbers of each line into panels of `width` lines, number by number, zeros after the last line.
    @inline(__always)
    private static func pack<Scalar: DropoutScalar>(
        _ lines: Operand<Scalar>, _ start: UnsafePointer<Scalar>, width: Int, steps: Int,
        to panels: UnsafeMutablePointer<Scalar>, _ stop: StopFlag
    ) throws(DropoutError) {
        var pace = Pace(stop)
        // Eight numbers of every line at a time, so that lines read across are still in the cache.
        for block in stride(from: 0, to: steps, by: 8) {
            let end = min(block + 8, steps)
            for line in stride(from: 0, to: lines.lines, by: width) {
                let panel = panels + line * steps
                let used = min(width, lines.lines - line)
                try pace.spend(width * 8)
                for q in block..<end {
                    let source = start + (q &* lines.step &+ line &* lines.lineStride)
                    let target = panel + q &* width
                    if lines.lineStride == 1 {
                        for j in 0..<used { target[j] = source[j] }
                    } else {
                        for j in 0..<used { target[j] = source[j &* lines.lineStride] }
                    }
                    for j in used..<width { target[j] = 0 }
                }
            }
        }
    }

    /// Adds the products of one or two rows and a panel to a tile of C, or to +0 if nothing was added before.
    @inline(__always)
    private static func tile<Scalar: DropoutScalar>(
        _ rows: Rows<Scalar>, _ count: Int, _ panel: UnsafePointer<Scalar>, _ c: UnsafeMutablePointer<Scalar>,
        _ stride: Int, _ steps: Int, isFirst: Bool
    ) {
        typealias Sums = RowSums<Scalar>
        var (place, numbers) = (rows.start, UnsafeRawPointer(panel))
        if count == 2 {
            var (upper, lower) = (Sums(isFirst ? nil : c), Sums(isFirst ? nil : c + stride))
            for _ in 0..<steps {
                let factors = Sums(numbers)
                upper.add(place[0], factors)
                lower.add(place[rows.next], factors)
                place += rows.step
                numbers += 64
            }
            upper.store(to: c)
            lower.store(to: c + stride)
        } else {
            var sums = Sums(isFirst ? nil : c)
            for _ in 0..<steps {
                sums.add(place[0], Sums(numbers))
                place += rows.step
                numbers += 64
            }
            sums.store(to: c)
        }
    }

    /// Four vectors of 16 bytes: neighbouring numbers of one row.
    private struct RowSums<Scalar: DropoutScalar> {
        typealias Lanes = Scalar.Lanes
        var (v0, v1, v2, v3): (Lanes, Lanes, Lanes, Lanes)

        /// +0 for nil.
        @inline(__always)
        init(_ place: UnsafeRawPointer?) {
            guard let place else {
                (v0, v1, v2, v3) = (Lanes(), Lanes(), Lanes(), Lanes())
                return
            }
            v0 = place.loadUnaligned(as: Lanes.self)
            v1 = place.loadUnaligned(fromByteOffset: 16, as: Lanes.self)
            v2 = place.loadUnaligned(fromByteOffset: 32, as: Lanes.self)
            v3 = place.loadUnaligned(fromByteOffset: 48, as: Lanes.self)
        }

        @inline(__always)
        mutating func add(_ factor: Scalar, _ other: RowSums) {
            Scalar.add(factor, times: other.v0, to: &v0)
            Scalar.add(factor, times: other.v1, to: &v1)
            Scalar.add(factor, times: other.v2, to: &v2)
            Scalar.add(factor, times: other.v3, to: &v3)
        }

        @inline(__always)
        func store(to place: UnsafeMutableRawPointer) {
            place.storeBytes(of: v0, as: Lanes.self)
            place.storeBytes(of: v1, toByteOffset: 16, as: Lanes.self)
            place.storeBytes(of: v2, toByteOffset: 32, as: Lanes.self)
            place.storeBytes(of: v3, toByteOffset: 48, as: Lanes.self)
        }
    }
}
