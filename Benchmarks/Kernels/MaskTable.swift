import DropoutEngine

/// Drawing and packing a mask of 1,000,000 elements at rate 0.2, applying it, and checking the output.
enum MaskTable {
    static func run() throws {
        let data = SampleData(count: 1_000_000)
        let mask = try data.mask()
        Measure.head("Mask and apply", "work", "ns/element")
        Measure.row("draw and count", try Measure.nanoseconds(data.count) { Measure.keep(try data.mask()) })
        Measure.row(
            "draw, count and pack", try Measure.nanoseconds(data.count) { Measure.keep(try data.mask().packed()) })
        Measure.row("pack", try Measure.nanoseconds(data.count) { Measure.keep(try mask.packed()) })
        Measure.row("indices of the kept", try Measure.nanoseconds(data.count) { Measure.keep(try mask.keptIndices()) })
        try rows("float32", Tensor(data.floats, shape: .vector(data.count)), mask)
        try rows("float64", Tensor(data.doubles, shape: .vector(data.count)), mask)
    }

    private static func rows<Scalar: DropoutScalar>(_ name: String, _ input: Tensor<Scalar>, _ mask: Mask) throws {
        let count = input.elements.count
        let probability = try KeepProbability(rate: 0.2)
        let arithmetics: [(String, DropoutArithmetic)] = [
            ("x / keep", .plain), ("x · (1 / keep)", DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: false)),
            ("x · (1 / keep), signed zeros", DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: true)),
        ]
        for (formula, arithmetic) in arithmetics {
            let time = try Measure.nanoseconds(count) {
                Measure.keep(
                    try Dropout.forward(
                        input, mask: mask, probability: probability, mode: .train, scheme: .inverted,
                        arithmetic: arithmetic))
            }
            Measure.row("apply, \(name), \(formula)", time)
        }
        let check = try Measure.nanoseconds(count) {
            Measure.keep(
                try ExpectedValueCheck(
                    input: input, output: input, mask: mask, probability: probability, scheme: .inverted, mode: .train))
        }
        Measure.row("check, \(name)", check)
    }
}
