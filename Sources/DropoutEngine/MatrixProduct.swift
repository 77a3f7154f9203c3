/// Matrix products in a fixed order: each element is the sum over k in ascending order, never fused, from +0.
///
/// The inner loops run over contiguous columns, so that they vectorise without changing the order of any sum.
package enum MatrixProduct {
    /// C[m, n] = Σ over k of A[m, k] · B[k, n].
    package static func multiply<Scalar: DropoutScalar>(
        _ a: [Scalar], _ b: [Scalar], rows m: Int, inner k: Int, columns n: Int
    ) -> [Scalar] {
        var c = [Scalar](repeating: 0, count: m * n)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in
                    for i in 0..<m {
                        for j in 0..<k {
                            let factor = a[i * k + j]
                            for column in 0..<n { c[i * n + column] += factor * b[j * n + column] }
                        }
                    }
                }
            }
        }
        return c
    }

    /// The same products one element at a time: what ``multiply(_:_:rows:inner:columns:)`` must equal bit for bit.
    package static func plain<Scalar: DropoutScalar>(
        _ a: [Scalar], _ b: [Scalar], rows m: Int, inner k: Int, columns n: Int
    ) -> [Scalar] {
        var c: [Scalar] = []
        for i in 0..<m {
            for column in 0..<n {
                var sum: Scalar = 0
                for j in 0..<k { sum += a[i * k + j] * b[j * n + column] }
                c.append(sum)
            }
        }
        return c
    }

    /// B[columns, rows] = A[rows, columns] with its axes exchanged.
    package static func transpose<Scalar: DropoutScalar>(_ a: [Scalar], rows: Int, columns: Int) -> [Scalar] {
        var b: [Scalar] = []
        b.reserveCapacity(a.count)
        for column in 0..<columns {
            for row in 0..<rows { b.append(a[row * columns + column]) }
        }
        return b
    }
}
