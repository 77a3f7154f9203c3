import DropoutEngine
import DropoutService
import TextCodecs

/// Kernels of one tensor and its mask.
extension KernelPriceTable {
    /// About the number of elements that are measured.
    static let count = 1 << 20

    /// Noise whose draws are not shared, shared along the rows, along the columns, and by pairs of neighbours.
    private static func noises(_ count: Int) throws -> (elementwise: NoiseShape, shared: [NoiseShape]) {
        let square = try Shape([count / 512, 512])
        let pairs = try Shape([count / 2, 2])
        return (
            NoiseShape(elementwise: square),
            [
                try NoiseShape(Shape([count / 512, 1]), for: square), try NoiseShape(Shape([1, 512]), for: square),
                try NoiseShape(Shape([count / 2, 1]), for: pairs),
            ]
        )
    }

    static func mask(_ noise: NoiseShape) throws -> Mask {
        try Mask(
            drawing: PhiloxGenerator(seed: 42, step: 0, stream: 0), noise: noise,
            probability: KeepProbability(rate: 0.3), offset: 0)
    }

    static func uniforms(_ count: Int) throws -> [Double] {
        try PhiloxGenerator(seed: 42, step: 0, stream: 0).uniforms(count, offset: 0)
    }

    static func addMoving(to times: inout KernelTimes) throws {
        let data = SampleData(count: count)
        let (elementwise, shared) = try noises(count)
        for noise in shared {
            let bits = try mask(noise).drawn
            times.add(
                "repeat a draw over the elements that share it",
                try Measure.nanoseconds(count) {
                    Measure.keep(try Mask(given: bits, shape: noise.drawn, noise: noise))
                })
        }
        let floats = try Tensor(data.floats, shape: elementwise.full)
        times.add(
            "convert an element to float64",
            Measure.nanoseconds(count) { Measure.keep(floats.converted(to: Double.self)) })
        let mask = try mask(elementwise)
        times.add("pack an element of a mask", try Measure.nanoseconds(count) { Measure.keep(try mask.packed()) })
        times.add("index of a kept element", try Measure.nanoseconds(count) { Measure.keep(try mask.keptIndices()) })
        try addHash(to: &times)
    }

    /// The mask of one draw, which is not printed: what is left is its fingerprint.
    private static func addHash(to times: inout KernelTimes) throws {
        let count = 1 << 22
        let noise = try NoiseShape(Shape([1]), for: .vector(count))
        let rest = try Measure.nanoseconds(count) {
            Measure.keep(try Mask(given: [1], shape: .vector(1), noise: noise).packed())
        }
        let body = Array(
            "{\"shape\":[\(count)],\"noise_shape\":[1],\"keep_prob\":0.7,\"seed\":42,\"mask_format\":\"none\"}".utf8)
        let whole = Measure.nanoseconds(count) { Measure.keep(FloorTable.answer("/mask", body)) }
        times.add("SHA-256 of a byte", 8 * (whole - rest))
    }

    /// The variants whose noise is a mask or factors of the elements.
    private static func dropouts() throws -> [(name: String, dropout: LayerDropout)] {
        let noise = try noises(count).elementwise
        let (mask, probability) = (DropoutNoise.mask(try mask(noise)), try KeepProbability(rate: 0.3))
        let factors = try GaussianNoise(probability).factors(try uniforms(count))
        let previous = SampleData(count: count).doubles
        return [
            ("apply: scale", LayerDropout(.scale, noise: mask, probability: probability)),
            ("apply: alpha", LayerDropout(.alpha, noise: mask, probability: probability)),
            (
                "apply: multiply by a factor",
                LayerDropout(
                    .multiply(mean: 1, variance: 0.4), noise: .factors(factors, noise), probability: probability)
            ),
            ("apply: zoneout", LayerDropout(.zoneout(previous: previous), noise: mask, probability: probability)),
        ]
    }

    static func addApplying(to times: inout KernelTimes) throws {
        let shape = try noises(count).elementwise.full
        let floats = try Tensor(SampleData(count: count).floats, shape: shape)
        let doubles = floats.converted(to: Double.self)
        for (name, dropout) in try dropouts() {
            times.add(
                name,
                try Measure.nanoseconds(count) {
                    Measure.keep(try dropout.apply(floats, mode: .train, scheme: .inverted))
                })
            times.add(
                name,
                try Measure.nanoseconds(count) {
                    Measure.keep(try dropout.apply(doubles, mode: .train, scheme: .inverted))
                })
        }
        for half in [HalfType.float16, .bfloat16] {
            let rounded = try Tensor(floats.elements.map { half.round($0) }, shape: shape)
            for (_, dropout) in try dropouts() {
                let arithmetic = dropout.arithmetic.rounding(to: half)
                let rounding = LayerDropout(
                    dropout.operation, noise: dropout.noise, probability: dropout.probability, arithmetic: arithmetic)
                times.add(
                    "apply: round the steps to 16 bits",
                    try Measure.nanoseconds(count) {
                        Measure.keep(try rounding.apply(rounded, mode: .train, scheme: .inverted))
                    })
            }
        }
        for (dimensions, size) in [([1, 64, 128, 128], 7), ([1, 4, 1 << 18], 7), ([1024, 16, 8, 8], 3)] {
            let block = try DropBlock(Shape(dimensions), blockSize: size, rate: 0.2)
            let fired = try mask(NoiseShape(elementwise: block.anchors)).drawn
            times.add(
                "apply: widen drop block's anchors along one axis",
                try Measure.nanoseconds(count * (dimensions.count - 2)) { Measure.keep(try block.kept(fired)) })
        }
        let (probability, uniforms) = (try KeepProbability(rate: 0.3), try uniforms(count))
        let gaussian = GaussianNoise(probability)
        times.add(
            "a gaussian factor", try Measure.nanoseconds(count) { Measure.keep(try gaussian.factors(uniforms)) })
        let concrete = try ConcreteNoise(probability, temperature: 0.5)
        times.add(
            "a concrete factor", try Measure.nanoseconds(count) { Measure.keep(try concrete.factors(uniforms)) })
        times.add(
            "the moments of concrete noise", try Measure.nanoseconds(1) { Measure.keep(try concrete.moments()) })
    }

    static func addChecking(to times: inout KernelTimes) throws {
        let (elementwise, shared) = try noises(count)
        let probability = try KeepProbability(rate: 0.3)
        let floats = try Tensor(SampleData(count: count).floats, shape: elementwise.full)
        let doubles = floats.converted(to: Double.self)
        func time<Scalar: DropoutScalar>(_ dropout: LayerDropout, _ input: Tensor<Scalar>) throws -> Double {
            let output = try dropout.apply(input, mode: .train, scheme: .inverted)
            return try Measure.nanoseconds(count) {
                Measure.keep(try dropout.check(input: input, output: output, mode: .train, scheme: .inverted))
            }
        }
        for (name, dropout) in try dropouts() {
            let name = name == "apply: scale" ? "check" : "check: expectation and variance of a variant"
            times.add(name, try time(dropout, floats))
            times.add(name, try time(dropout, doubles))
        }
        for noise in shared {
            let dropout = LayerDropout(mask: try mask(noise), probability: probability)
            times.add("check: sums of units", try time(dropout, Tensor(floats.elements, shape: noise.full)))
            times.add("check: sums of units", try time(dropout, Tensor(doubles.elements, shape: noise.full)))
        }
        for noise in shared {
            let factors = try GaussianNoise(probability).factors(try uniforms(noise.drawn.count))
            let dropout = LayerDropout(
                .multiply(mean: 1, variance: 0.4), noise: .factors(factors, noise), probability: probability)
            times.add(
                "check: expectation and variance of a variant",
                try time(dropout, Tensor(floats.elements, shape: noise.full)))
        }
        for (dimensions, size) in [([1, 4, 64, 64], 7), ([64, 4, 8, 8], 3)] {
            let block = try DropBlock(Shape(dimensions), blockSize: size, rate: 0.2)
            let input = SampleData(count: block.shape.count).doubles
            times.add(
                "check: a pair of drop block's places",
                try Measure.nanoseconds(block.shape.count * block.stepsPerElement) {
                    Measure.keep(try block.moments(input))
                })
        }
    }
}
