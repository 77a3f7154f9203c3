package import Stopping

/// Matrix products in a fixed order: each element is the sum over k in ascending order, never fused, from +0.
///
/// No way of cutting the work reorders a sum, so the product has the same bits on every machine. If NaNs of different payloads are
/// added, the payload may be either.
package enum MatrixProduct {
    /// C[m, n] = Σ over k of A[m, k] · B[k, n].
    ///
    /// - Parameter isTransposed: whether an operand is stored with its axes exchanged: A as [k, m], B as [n, k].
    /// - Complexity: O(m·k·n). In addition to the product, memory for at most 256 rows of B and columns of A.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func multiply<Scalar: DropoutScalar>(
        _ a: [Scalar], _ b: [Scalar], rows m: Int, inner k: Int, columns n: Int,
        isTransposed: (a: Bool, b: Bool) = (false, false), stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        try a.withUnsafeBufferPointer { a throws(DropoutError) in
            try b.withUnsafeBufferPointer { b throws(DropoutError) in
                let (first, second) = (Operand(a, isTransposed.a, k: k, m), Operand(b, !isTransposed.b, k: k, n))
                // Cᵀ = Bᵀ·Aᵀ. The wider factor is read in place, and the narrower one is copied.
                let isSwapped = isTransposed.b ? m < n : isTransposed.a && n < m
                guard isSwapped, m * k * n > smallWork else { return try product(first, second, k, stop) }
                return try transpose(try product(second, first, k, stop), rows: n, columns: m, stop: stop)
            }
        }
    }

    /// B[columns, rows] = A[rows, columns] with its axes exchanged, in squares that stay in the cache.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func transpose<Scalar: DropoutScalar>(
        _ a: [Scalar], rows: Int, columns: Int, stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        if rows == 1 || columns == 1 { return a }
        return try [Scalar](capacity: a.count) { (span: inout OutputSpan<Scalar>) throws(DropoutError) in
            try span.withUnsafeMutableBufferPointer { b, initializedCount throws(DropoutError) in
                var pace = Pace(stop)
                for firstRow in stride(from: 0, to: rows, by: 16) {
                    for firstColumn in stride(from: 0, to: columns, by: 16) {
                        try pace.spend(256)
                        for column in firstColumn..<min(firstColumn + 16, columns) {
                            for row in firstRow..<min(firstRow + 16, rows) {
                                b[column &* rows &+ row] = a[row &* columns &+ column]
                            }
                        }
                    }
                }
                initializedCount = a.count
            }
        }
    }

    /// A factor as lines of `k` numbers: rows of A or columns of B.
    struct Operand<Scalar: DropoutScalar> {
        let start: UnsafePointer<Scalar>?
        let lines: Int
        /// The distance between neighbouring lines, and the distance between neighbouring numbers of a line.
        let (lineStride, step): (Int, Int)

        /// - Parameter isAcross: whether the factor is stored as [k, lines] and not as [lines, k].
        @inline(__always)
        init(_ numbers: UnsafeBufferPointer<Scalar>, _ isAcross: Bool, k: Int, _ lines: Int) {
            (start, self.lines) = (numbers.baseAddress, lines)
            (lineStride, step) = isAcross ? (1, lines) : (k, 1)
        }
    }

    /// The most multiplications for which it does not pay to copy a factor.
    private static var smallWork: Int { 1000 }

    /// Computes the product in the way that is fastest for the shape.
    @inline(__always)
    private static func product<Scalar: DropoutScalar>(
        _ a: Operand<Scalar>, _ b: Operand<Scalar>, _ k: Int, _ stop: StopFlag
    ) throws(DropoutError) -> [Scalar] {
        let (m, n) = (a.lines, b.lines)
        var c = [Scalar](repeating: 0, count: m * n)
        guard let first = a.start, let second = b.start, k > 0, m > 0, n > 0 else { return c }
        try c.withUnsafeMutableBufferPointer { buffer throws(DropoutError) in
            guard let c = buffer.baseAddress else { return }
            if m * k * n <= smallWork || (m < 4 && b.lineStride == 1) {
                try rowByRow(a, first, b, second, c, k, stop)
            } else if n < 4 && a.step == 1 {
                try narrow(a, first, b, second, c, k, stop)
            } else {
                try blocked(a, first, b, second, c, k, stop)
            }
        }
        return c
    }
}
