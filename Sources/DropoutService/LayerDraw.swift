import DropoutEngine
import Stopping

/// One dropout to be carried out: what is dropped, and who decides. Checked against the shape it is applied to.
///
/// It is shared, not copied: a plan, its draws and each of its passes look at the same one.
final class LayerDraw: Sendable {
    let drop: DropFields
    /// What is drawn: for drop connect the weights, for drop block the anchors.
    let noise: NoiseShape
    /// The activation's shape.
    let shape: Shape
    let given: GivenRandomness?
    /// The layer's place in its network.
    let layer: Int
    /// What the layer has of its own randomness, nil if it has the network's.
    let own: LayerRandomness?
    /// What the layer draws in a pass.
    let draw: DrawSchedule.Draw
    /// What the dropout does. Nil for concrete dropout until ``prepared(_:)``, since its moments take a computation.
    private let operation: LayerDropout.Operation?
    /// The probability with which a bit is drawn as 1.
    private let drawnProbability: KeepProbability
    let reader: FieldReader

    /// Nil, with an entry, where the dropout does not fit the shape.
    ///
    /// - Parameter weights: [out, in] of the layer; nil for a tensor.
    init?(
        _ drop: DropFields, given: GivenRandomness?, shape: Shape, layout: Layout, layer: Int = 0,
        weights: Shape? = nil, own: LayerRandomness? = nil, reader: FieldReader
    ) {
        guard let plan = Self.plan(drop, shape: shape, layout: layout, weights: weights, reader: reader) else {
            return nil
        }
        (noise, operation, drawnProbability) = plan
        drop.check(own: noise)
        self.drop = drop
        self.shape = shape
        self.given = given
        self.layer = layer
        self.own = own
        self.reader = reader
        draw = DrawSchedule.Draw(
            noise, probability: drawnProbability, variant: drop.variant.variant,
            kind: drop.variant.isContinuous ? .uniforms : .units)
        if case .mask(let mask)? = given, let misfit = mask.misfit(full: maskNoise.full, drawn: maskNoise.drawn) {
            reader.wrong("mask", misfit)
        }
        if drop.variant.variant == .dropBlock, case .uniforms? = given {
            reader.wrong("uniforms", "drop_block draws block starts; give mask instead")
        }
    }

    /// What is drawn for a variant on a tensor of this shape, what it does, and with which probability.
    private static func plan(
        _ drop: DropFields, shape: Shape, layout: Layout, weights: Shape?, reader: FieldReader
    ) -> (NoiseShape, LayerDropout.Operation?, KeepProbability)? {
        let probability = drop.probability
        let fields = drop.variant
        func refuse(_ field: String, _ detail: String) -> (NoiseShape, LayerDropout.Operation?, KeepProbability)? {
            reader.wrong(field, detail)
            return nil
        }
        do {
            switch fields.variant {
            case .dropout: return drop.noise(for: shape, layout: layout).map { ($0, .scale, probability) }
            case .alpha: return drop.noise(for: shape, layout: layout).map { ($0, .alpha, probability) }
            case .gaussian:
                guard probability.keep > 0 else {
                    return refuse("variant", "gaussian dropout has no finite variance at rate 1")
                }
                return drop.noise(for: shape, layout: layout).map {
                    ($0, .multiply(mean: 1, variance: probability.rate / probability.keep), probability)
                }
            case .concrete:
                _ = try ConcreteNoise(probability, temperature: fields.temperature)
                return drop.noise(for: shape, layout: layout).map { ($0, nil, probability) }
            case .zoneout:
                guard let previous = fields.previous else { return nil }
                guard previous.shape.dimensions == shape.dimensions else {
                    return refuse(
                        "previous", "the shape is \(previous.shape.dimensions); \(shape.dimensions) expected")
                }
                return drop.noise(for: shape, layout: layout).map {
                    ($0, .zoneout(previous: previous.elements), probability)
                }
            case .spatial:
                guard let noise = NoiseShape(spatial: shape, channelsLast: fields.channelsLast) else {
                    return refuse("variant", "spatial dropout takes a tensor of rank 3 to 5, not \(shape.rank)")
                }
                return (noise, .scale, probability)
            case .variational:
                guard let noise = NoiseShape(variational: shape) else {
                    return refuse(
                        "variant",
                        "variational dropout takes [batch, time, features] or [time, features], not rank \(shape.rank)")
                }
                return (noise, .scale, probability)
            case .dropPath:
                let isBatch = drop.granularity == .batch
                return (NoiseShape(pathOf: shape, isBatch: isBatch, layout: layout), .scale, probability)
            case .dropBlock:
                let block = try DropBlock(shape, blockSize: fields.blockSize, rate: probability.rate)
                return (NoiseShape(elementwise: block.anchors), .block(block), try block.anchorProbability)
            case .dropConnect:
                guard let weights else { return refuse("variant", "drop_connect drops weights, so it needs layers") }
                let connect = DropConnect(isPerExample: drop.granularity == .sample)
                let batch = shape.dimensions[layout == .columns ? 1 : 0]
                let drawn = try connect.shape(out: weights.dimensions[0], inputs: weights.dimensions[1], batch: batch)
                return (NoiseShape(elementwise: drawn), .connect(connect), probability)
            }
        } catch {
            switch error {
            case .featureMapRank: return refuse("variant", error.explanation)
            case .blockSizeOutOfRange, .blockRateTooLarge: return refuse("block_size", error.explanation)
            case .temperatureOutOfRange: return refuse("temperature", error.explanation)
            default: return refuse("variant", error.explanation)
            }
        }
    }

    /// Refuses a generator that cannot draw what the variant needs.
    func check(_ randomness: Randomness) {
        if given == nil { (own?.randomness ?? randomness).checkOrder(noise, reader) }
        let generator = randomness.generator
        if drop.variant.isContinuous, case .mask? = given {
            reader.wrong("mask", "\(drop.variant.variant.rawValue) has no mask; give uniforms instead")
        }
        if drop.variant.isContinuous, given == nil, !generator.drawsNumbers {
            reader.wrong(
                "variant",
                "\(drop.variant.variant.rawValue) draws numbers with philox; \(generator.name) draws masks")
        }
    }

    /// The dropout of one training pass: by the given noise, else by the draw.
    ///
    /// - Parameter pending: the layer's draw of the pass; nil if the noise is given.
    func dropout(_ pending: PendingDraw?, _ randomness: Randomness, _ stop: StopFlag) throws(Problem) -> LayerDropout {
        var field = ""
        do throws(DropoutError) {
            switch (given, pending) {
            case (.mask(let mask)?, _):
                field = "mask"
                return try dropout(try noise(of: mask, stop), randomness)
            case (.uniforms(let uniforms, let shape)?, _):
                field = "uniforms"
                return try dropout(try givenUniforms(uniforms, shape, stop), randomness)
            case (nil, let pending?):
                return try dropout(try drawn(pending, stop), randomness)
            case (nil, nil): throw .impossible("a dropout that draws has no draw")
            }
        } catch {
            guard given == nil else { throw Problem(error, at: reader.pointer(to: field)) }
            throw (own?.randomness ?? randomness).problem(error, own == nil ? "" : reader.pointer)
        }
    }

    /// The dropout of evaluation, which draws nothing.
    func evaluation(_ randomness: Randomness) throws(DropoutError) -> LayerDropout { try dropout(.none, randomness) }

    private func dropout(_ noise: DropoutNoise, _ randomness: Randomness) throws(DropoutError) -> LayerDropout {
        guard let operation else { throw .impossible("a dropout is applied before it is prepared") }
        return LayerDropout(
            operation, noise: noise, probability: drop.probability,
            arithmetic: (own?.randomness ?? randomness).arithmetic(of: shape.count))
    }

    var isPrepared: Bool { operation != nil }

    /// The dropout with what has to be computed once for all of its passes: the moments of concrete dropout.
    func prepared(_ stop: StopFlag) throws(DropoutError) -> LayerDraw {
        guard drop.variant.variant == .concrete, operation == nil else { return self }
        let moments = try ConcreteNoise(drop.probability, temperature: drop.variant.temperature).moments(stop: stop)
        return LayerDraw(self, .multiply(mean: moments.mean, variance: moments.variance))
    }

    private init(_ other: LayerDraw, _ operation: LayerDropout.Operation) {
        (drop, noise, shape, given, layer) = (other.drop, other.noise, other.shape, other.given, other.layer)
        (own, draw, reader) = (other.own, other.draw, other.reader)
        (drawnProbability, self.operation) = (other.drawnProbability, operation)
    }

    /// The dropout of one mask out of all: `bits` in the drawn shape.
    func dropout(bits: [UInt8], _ randomness: Randomness, _ stop: StopFlag) throws(DropoutError) -> LayerDropout {
        if case .block(let block) = operation { return try dropout(try blocks(bits, block, stop), randomness) }
        return try dropout(.mask(try Mask(given: bits, shape: noise.drawn, noise: noise, stop: stop)), randomness)
    }

    /// The steps of the expected-value check, beyond one for each element: drop block looks at pairs.
    var checkSteps: Int {
        guard case .block(let block) = operation else { return 0 }
        let (steps, overflow) = block.shape.count.multipliedReportingOverflow(by: block.stepsPerElement)
        return overflow ? .max : steps
    }

    /// The drawn units that the probability alone decides: all of them at keep 0 and 1, else none.
    var decidedUnits: Int { drawnProbability.keep == 0 || drawnProbability.keep == 1 ? noise.drawn.count : 0 }

    /// The probability of each drawn bit to be 1.
    var bitProbabilities: [KeepProbability] { [KeepProbability](repeating: drawnProbability, count: noise.drawn.count) }

    /// What a mask of this dropout covers: the elements and which of them share a draw. Drop block's mask is that of the
    /// elements, though its anchors are drawn.
    var maskNoise: NoiseShape {
        if case .block(let block) = operation { NoiseShape(elementwise: block.shape) } else { noise }
    }

    private func noise(of given: GivenMask, _ stop: StopFlag) throws(DropoutError) -> DropoutNoise {
        let (bits, shape) = try given.bits(full: maskNoise.full, drawn: maskNoise.drawn, stop: stop)
        let mask = try Mask(given: bits, shape: shape, noise: maskNoise, stop: stop)
        if case .block = operation { return .blocks(fired: [], kept: mask) }
        return .mask(mask)
    }

    /// The noise of an evaluation, as it is printed: everything is kept, and every factor is 1.
    func evaluationNoise(_ stop: StopFlag) throws(DropoutError) -> DropoutNoise {
        if drop.variant.isContinuous { return .factors([Double](repeating: 1, count: noise.drawn.count), noise) }
        let ones = [UInt8](repeating: 1, count: maskNoise.drawn.count)
        return .mask(try Mask(given: ones, shape: maskNoise.drawn, noise: maskNoise, stop: stop))
    }

    private func givenUniforms(_ uniforms: [Double], _ shape: Shape, _ stop: StopFlag) throws(DropoutError)
        -> DropoutNoise
    {
        guard drop.variant.isContinuous else {
            return .mask(
                try Mask(uniforms: uniforms, shape: shape, noise: noise, probability: drawnProbability, stop: stop))
        }
        if let index = uniforms.firstIndex(where: { !($0 > 0 && $0 < 1) }) {
            throw .uniformOutOfRange(index: index, value: uniforms[index])
        }
        return .factors(try factors(try noise.units(of: uniforms, shape: shape, stop: stop), stop), noise)
    }

    private func blocks(_ fired: [UInt8], _ block: DropBlock, _ stop: StopFlag) throws(DropoutError) -> DropoutNoise {
        let kept = try Mask(
            given: block.kept(fired, stop: stop), shape: block.shape, noise: NoiseShape(elementwise: block.shape),
            stop: stop)
        return .blocks(fired: fired, kept: kept)
    }

    private func drawn(_ pending: PendingDraw, _ stop: StopFlag) throws(DropoutError) -> DropoutNoise {
        if drop.variant.isContinuous {
            return .factors(try factors(try pending.uniforms(stop: stop), stop), noise)
        }
        let mask = try pending.mask(noise, stop: stop)
        if case .block(let block) = operation { return try blocks(mask.kept, block, stop) }
        return .mask(mask)
    }

    /// Each uniform's factor: 1 + √(rate / keep)·z, or concrete dropout's.
    private func factors(_ uniforms: [Double], _ stop: StopFlag) throws(DropoutError) -> [Double] {
        if drop.variant.variant == .concrete {
            return try ConcreteNoise(drop.probability, temperature: drop.variant.temperature).factors(
                uniforms, stop: stop)
        }
        return try GaussianNoise(drop.probability).factors(uniforms, stop: stop)
    }
}
