import DropoutEngine

/// A matrix, row by row.
func tensorOfRows<Scalar: DropoutScalar>(_ rows: [[Scalar]]) throws(DropoutError) -> Tensor<Scalar> {
    try Tensor(rows.flatMap { $0 }, shape: Shape([rows.count, rows.first?.count ?? 0]))
}

/// The same examples in the other layout.
func transposed<Scalar: DropoutScalar>(_ matrix: Tensor<Scalar>) throws(DropoutError) -> Tensor<Scalar> {
    let (rows, columns) = (matrix.shape.dimensions[0], matrix.shape.dimensions[1])
    var elements: [Scalar] = []
    for column in 0..<columns {
        for row in 0..<rows { elements.append(matrix.elements[row * columns + column]) }
    }
    return try Tensor(elements, shape: Shape([columns, rows]))
}

/// Numbers in -1...1 without a pattern, the same in every run.
func scattered<Scalar: DropoutScalar>(_ count: Int, seed: UInt64) -> [Scalar] {
    var state = seed
    return (0..<count).map { _ in
        // Knuth's MMIX generator; its high half is enough.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Scalar(Double(Int32(truncatingIfNeeded: Int64(bitPattern: state) >> 32)) * 0x1p-31)
    }
}
