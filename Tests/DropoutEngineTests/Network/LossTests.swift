import DropoutEngine
import Testing

@Suite("Losses")
struct LossTests {
    private func evaluate(
        _ loss: Loss, _ output: [[Double]], _ target: [[Double]], layout: Layout = .rows
    ) throws -> (value: Double, gradient: [Double]) {
        try loss.evaluate(tensorOfRows(output), .values(tensorOfRows(target)), layout: layout)
    }

    @Test("squared errors are means over all elements")
    func squared() throws {
        let full = try evaluate(.mse, [[1, 2], [3, 5]], [[0, 0], [3, 1]])
        #expect(full.value == 5.25)
        #expect(full.gradient == [0.5, 1, 0, 2])
        let half = try evaluate(.half_mse, [[1, 2], [3, 5]], [[0, 0], [3, 1]])
        #expect(half.value == 2.625)
        #expect(half.gradient == [0.25, 0.5, 0, 1])
    }

    @Test("cross-entropy of equal logits is the logarithm of the class count", arguments: Layout.allCases)
    func uniform(_ layout: Layout) throws {
        let output = try tensorOfRows([[7.0, 7, 7, 7]])
        let logits = layout == .rows ? output : try transposed(output)
        let (value, gradient) = try Loss.cross_entropy.evaluate(logits, .classes([2]), layout: layout)
        #expect(value == 0x1.62e42fefa39efp0)
        #expect(gradient == [0.25, 0.25, -0.75, 0.25])
    }

    @Test("class indices and one-hot rows are the same target", arguments: Layout.allCases)
    func oneHot(_ layout: Layout) throws {
        let rows = try tensorOfRows([[1.0, -2, 0.5], [0, 3, -1]])
        let hot = try tensorOfRows([[0.0, 0, 1], [1, 0, 0]])
        let logits = layout == .rows ? rows : try transposed(rows)
        let byClass = try Loss.cross_entropy.evaluate(logits, .classes([2, 0]), layout: layout)
        let byRow = try Loss.cross_entropy.evaluate(
            logits, .values(layout == .rows ? hot : transposed(hot)), layout: layout)
        #expect(byClass.value == byRow.value)
        #expect(byClass.gradient == byRow.gradient)
        // Computed with 40 digits.
        #expect((byClass.value - 2.0352404030498565).magnitude < 1e-15)
    }

    @Test("cross-entropy at ±1000 is exact")
    func extremeCrossEntropy() throws {
        let right = try Loss.cross_entropy.evaluate(tensorOfRows([[1000.0, -1000]]), .classes([0]), layout: .rows)
        #expect(right.value == 0)
        #expect(right.gradient == [0, 0])
        let wrong = try Loss.cross_entropy.evaluate(tensorOfRows([[1000.0, -1000]]), .classes([1]), layout: .rows)
        #expect(wrong.value == 2000)
        #expect(wrong.gradient == [1, -1])
        let float = try Loss.cross_entropy.evaluate(
            tensorOfRows([[Float(-1000), 1000]]), .classes([0]), layout: .rows)
        #expect(float.value == 2000)
    }

    @Test("binary cross-entropy at 0 is the logarithm of 2, at ±1000 exact")
    func binary() throws {
        let middle = try evaluate(.binary_cross_entropy, [[0]], [[1]])
        #expect(middle.value == 0x1.62e42fefa39efp-1)
        #expect(middle.gradient == [-0.5])
        let right = try evaluate(.binary_cross_entropy, [[1000, -1000]], [[1, 0]])
        #expect(right.value == 0)
        #expect(right.gradient == [0, 0])
        let wrong = try evaluate(.binary_cross_entropy, [[1000, -1000]], [[0, 1]])
        #expect(wrong.value == 1000)
        #expect(wrong.gradient == [0.5, -0.5])
    }

    @Test("NaN in the output reaches every loss", arguments: Loss.allCases)
    func notANumber(_ loss: Loss) throws {
        #expect(try evaluate(loss, [[.nan, 1]], [[0, 1]]).value.isNaN)
        #expect(try evaluate(loss, [[1, .nan]], [[0, 1]]).value.isNaN)
    }

    @Test("an empty batch has loss 0", arguments: Loss.allCases)
    func empty(_ loss: Loss) throws {
        let none = try Tensor<Double>([], shape: Shape([0, 3]))
        let (value, gradient) = try loss.evaluate(none, .values(none), layout: .rows)
        #expect(value == 0)
        #expect(gradient.isEmpty)
    }

    @Test("a target of another shape is refused", arguments: Loss.allCases)
    func shape(_ loss: Loss) {
        #expect(throws: DropoutError.targetShapeMismatch(expected: [1, 2], actual: [2, 1])) {
            _ = try evaluate(loss, [[1, 2]], [[1], [2]])
        }
    }

    @Test("classes outside the units are refused", arguments: [-1, 2, Int.max, Int.min])
    func classRange(_ unit: Int) {
        #expect(throws: DropoutError.classOutOfRange(index: 1, value: unit, classes: 2)) {
            _ = try Loss.cross_entropy.evaluate(
                tensorOfRows([[1.0, 2], [3, 4]]), .classes([0, unit]), layout: .rows)
        }
    }

    @Test("class indices are refused for other losses and other counts", arguments: [Loss.mse, .binary_cross_entropy])
    func classes(_ loss: Loss) {
        #expect(throws: DropoutError.classesNeedCrossEntropy) {
            _ = try loss.evaluate(tensorOfRows([[1.0, 2]]), .classes([0]), layout: .rows)
        }
        #expect(throws: DropoutError.targetShapeMismatch(expected: [1], actual: [2])) {
            _ = try Loss.cross_entropy.evaluate(tensorOfRows([[1.0, 2]]), .classes([0, 1]), layout: .rows)
        }
    }
}
