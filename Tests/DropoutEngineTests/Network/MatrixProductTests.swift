import DropoutEngine
import Testing

@Suite("Matrix products")
struct MatrixProductTests {
    static let sizes: [(out: Int, inner: Int, batch: Int)] = [
        (1, 1, 1), (3, 5, 7), (8, 8, 8), (17, 33, 65), (64, 129, 31), (1, 300, 1), (2, 0, 3), (0, 4, 2), (5, 4, 0),
        // Few rows, few columns, and more than what is summed, read or copied at once.
        (1, 70, 40), (3, 70, 40), (40, 70, 1), (41, 70, 3), (2, 600, 2), (131, 257, 8), (5, 520, 17), (67, 300, 33),
    ]

    @Test("pre-activations equal the plain triple loop bit for bit", arguments: sizes, Layout.allCases)
    func plain(_ size: (out: Int, inner: Int, batch: Int), _ layout: Layout) throws {
        try check(Double.self, size, layout)
        try check(Float.self, size, layout)
    }

    private func check<Scalar: DropoutScalar>(
        _ type: Scalar.Type, _ size: (out: Int, inner: Int, batch: Int), _ layout: Layout
    ) throws {
        let weights: [Scalar] = scattered(size.out * size.inner, seed: 11)
        let bias: [Scalar] = scattered(size.out, seed: 12)
        // Units by examples.
        let input: [Scalar] = scattered(size.inner * size.batch, seed: 13)
        var expected: [Scalar] = []
        for unit in 0..<size.out {
            for example in 0..<size.batch {
                var sum: Scalar = 0
                for k in 0..<size.inner {
                    sum += weights[unit * size.inner + k] * input[k * size.batch + example]
                }
                expected.append(sum + bias[unit])
            }
        }
        let layer = try DenseLayer(
            weights: Tensor(weights, shape: Shape([size.out, size.inner])), bias: bias, activation: .identity)
        let columns = try Tensor(input, shape: Shape([size.inner, size.batch]))
        let traces = try Network.forward(
            [layer], input: layout == .columns ? columns : transposed(columns), dropout: [nil], layout: layout,
            scheme: .inverted, mode: .train)
        let z = traces[0].preActivation
        #expect(try (layout == .columns ? z : transposed(z)).elements == expected)
    }

    @Test(
        "the fast product equals the plain one bit for bit, however its factors are stored", arguments: sizes,
        [(false, false), (true, false), (false, true), (true, true)])
    func fast(_ size: (out: Int, inner: Int, batch: Int), _ isTransposed: (a: Bool, b: Bool)) throws {
        try compare(Double.self)
        try compare(Float.self)

        func compare<Scalar: DropoutScalar>(_ type: Scalar.Type) throws {
            var a: [Scalar] = scattered(size.out * size.inner, seed: 31)
            var b: [Scalar] = scattered(size.inner * size.batch, seed: 32)
            // Zeros of both signs, and infinities and a NaN that must reach each element of their row or column.
            let special: [Scalar] = [0, -0.0, .infinity, .leastNonzeroMagnitude, .nan, .greatestFiniteMagnitude]
            for (i, value) in special.enumerated() where i * 11 < a.count { a[i * 11] = value }
            if b.count > 70 { (b[0], b[1], b[70]) = (-0.0, .infinity, -.greatestFiniteMagnitude) }
            let fast = try MatrixProduct.multiply(
                isTransposed.a ? try MatrixProduct.transpose(a, rows: size.out, columns: size.inner) : a,
                isTransposed.b ? try MatrixProduct.transpose(b, rows: size.inner, columns: size.batch) : b,
                rows: size.out, inner: size.inner, columns: size.batch, isTransposed: isTransposed)
            let plain = plain(a, b, rows: size.out, inner: size.inner, columns: size.batch)
            // Which NaN is left where two meet is open.
            #expect(bytes(fast.map { $0.isNaN ? .nan : $0 }) == bytes(plain.map { $0.isNaN ? .nan : $0 }))
        }
    }

    /// The same products one element at a time, each sum over k in ascending order.
    private func plain<Scalar: DropoutScalar>(
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

    @Test("a sum starts from +0, so products of -0 add up to +0")
    func zeroSign() throws {
        let product = try MatrixProduct.multiply([-0.0, -0.0], [1.0, 2], rows: 1, inner: 2, columns: 1)
        #expect(bytes(product) == bytes([0.0]))
        #expect(try MatrixProduct.multiply([Double](), [], rows: 2, inner: 0, columns: 2) == [0, 0, 0, 0])
    }

    @Test("transposing exchanges the axes", arguments: sizes)
    func transposing(_ size: (out: Int, inner: Int, batch: Int)) throws {
        let a: [Double] = scattered(size.out * size.inner, seed: 33)
        let b = try MatrixProduct.transpose(a, rows: size.out, columns: size.inner)
        #expect(b.count == a.count)
        let matches = a.indices.allSatisfy { b[$0 % size.inner * size.out + $0 / size.inner] == a[$0] }
        #expect(matches)
        #expect(try MatrixProduct.transpose(b, rows: size.inner, columns: size.out) == a)
    }

    @Test("products are not fused into the sums")
    func unfused() throws {
        // (1 + e)(1 - e) - 1 is -e² fused, and 0 when the product is rounded first.
        let e = 0x1p-30
        let layer = try DenseLayer(weights: tensorOfRows([[1.0, 1 + e]]), bias: [0], activation: .identity)
        let traces = try Network.forward(
            [layer], input: tensorOfRows([[-1], [1 - e]]), dropout: [nil], layout: .columns, scheme: .inverted,
            mode: .train)
        #expect(traces[0].preActivation.elements == [0])
    }

    @Test("layers and inputs that do not fit are refused")
    func mismatches() throws {
        let weights = try tensorOfRows([[1.0, 2, 3], [4, 5, 6]])
        #expect(throws: DropoutError.biasCountMismatch(expected: 2, actual: 3)) {
            _ = try DenseLayer(weights: weights, bias: [1, 2, 3], activation: .relu)
        }
        #expect(throws: DropoutError.weightsNotMatrix(rank: 1)) {
            _ = try DenseLayer(weights: Tensor([1.0], shape: .vector(1)), bias: [1], activation: .relu)
        }
        let layer = try DenseLayer(weights: weights, bias: [1, 2], activation: .relu)
        #expect(throws: DropoutError.layerInputMismatch(layer: 0, expected: 3, actual: 2)) {
            _ = try Network.shapes([layer], input: Shape([2, 3]), layout: .columns)
        }
        #expect(throws: DropoutError.layerInputMismatch(layer: 1, expected: 3, actual: 2)) {
            _ = try Network.shapes([layer, layer], input: Shape([3, 4]), layout: .columns)
        }
        #expect(throws: DropoutError.inputNotMatrix(rank: 1)) {
            _ = try Network.shapes([layer], input: .vector(3), layout: .columns)
        }
    }
}
