import DropoutEngine

/// Matrix products compared with a plain triple loop, in 10^9 additions and multiplications a second.
enum MatrixTable {
    private static let shapes: [(name: String, m: Int, k: Int, n: Int, isTransposed: (a: Bool, b: Bool))] = [
        ("4x3 · 3x2", 4, 3, 2, (false, false)),
        ("1024x1024 · 1024x1", 1024, 1024, 1, (false, false)),
        ("1024x1024 · 1024x32 (columns)", 1024, 1024, 32, (false, false)),
        ("32x1024 · (1024x1024)ᵀ (rows)", 32, 1024, 1024, (false, true)),
        ("(1024x1024)ᵀ · 1024x32 (backward)", 1024, 1024, 32, (true, false)),
        ("1024x1024 · 1024x1024", 1024, 1024, 1024, (false, false)),
    ]

    static func run() throws {
        Measure.head("Matrix products, GFLOP/s", "shape", "float32", "plain float32", "float64", "plain float64")
        for shape in shapes {
            let float = try speeds(Float.self, shape.m, shape.k, shape.n, shape.isTransposed)
            let double = try speeds(Double.self, shape.m, shape.k, shape.n, shape.isTransposed)
            Measure.row(shape.name, float.fast, float.plain, double.fast, double.plain)
        }
    }

    private static func speeds<Scalar: DropoutScalar>(
        _ type: Scalar.Type, _ m: Int, _ k: Int, _ n: Int, _ isTransposed: (a: Bool, b: Bool)
    ) throws -> (fast: Double, plain: Double) {
        let a = SampleData(count: m * k).doubles.map { Scalar($0) }
        let b = SampleData(count: k * n).doubles.map { Scalar($0) }
        let work = 2 * m * k * n
        let runs = work < 1_000_000 ? 1000 : 7
        let fast = try Measure.nanoseconds(work, runs: runs) {
            Measure.keep(try MatrixProduct.multiply(a, b, rows: m, inner: k, columns: n, isTransposed: isTransposed))
        }
        let plain = Measure.nanoseconds(work, runs: work > 1_000_000_000 ? 1 : runs) {
            Measure.keep(product(a, b, m, k, n))
        }
        return (1 / fast, 1 / plain)
    }

    /// Three loops and nothing else.
    private static func product<Scalar: DropoutScalar>(
        _ a: [Scalar], _ b: [Scalar], _ m: Int, _ k: Int, _ n: Int
    ) -> [Scalar] {
        var c = [Scalar](repeating: 0, count: m * n)
        for row in 0..<m {
            for column in 0..<n {
                var sum: Scalar = 0
                for j in 0..<k { sum += a[row * k + j] * b[j * n + column] }
                c[row * n + column] = sum
            }
        }
        return c
    }
}
