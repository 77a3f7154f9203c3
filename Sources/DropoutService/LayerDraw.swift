import DropoutEngine
import Stopping

/// One dropout to be carried out: what is dropped, and who decides. Checked against the shape it is applied to.
struct LayerDraw {
    let drop: DropFields
    /// What is drawn: for drop connect the weights, for drop block the anchors.
    let noise: NoiseShape
    let given: GivenRandomness?
    /// The layer's place in its network.
    let layer: Int
    /// Randomness of the layer's own, nil where it is the network's.
    let own: Randomness?
    private let operation: LayerDropout.Operation
    /// The probability with which a bit is drawn as 1.
    private let drawn: KeepProbability
    private let reader: FieldReader
    /// The place of the layer's draw among the draws of its network.
    private var draw = 0
    private(set) var schedule: DrawSchedule

    /// Nil, with an entry, where the dropout does not fit the shape.
    ///
    /// - Parameter weights: [out, in] of the layer; nil for a tensor.
    init?(
        _ drop: DropFields, given: GivenRandomness?, shape: Shape, layout: Layout, layer: Int = 0,
        weights: Shape? = nil, own: Randomness? = nil, reader: FieldReader
    ) {
        guard let plan = Self.plan(drop, shape: shape, layout: layout, weights: weights, reader: reader) else {
            return nil
        }
        (noise, operation, drawn) = plan
        drop.check(own: noise)
        self.drop = drop
        self.given = given
        self.layer = layer
        self.own = own
        self.reader = reader
        let draw = DrawSchedule.Draw(
            noise, probability: drawn, layer: layer, kind: drop.variant.isContinuous ? .uniforms : .units)
        schedule = DrawSchedule(draws: [draw], isNetwork: false)
        if drop.variant.variant == .dropBlock, case .uniforms? = given {
            reader.wrong("uniforms", "drop_block draws block starts; give mask instead")
        }
    }

    /// What is drawn for a variant on a tensor of this shape, what it does, and with which probability.
    private static func plan(
        _ drop: DropFields, shape: Shape, layout: Layout, weights: Shape?, reader: FieldReader
    ) -> (NoiseShape, LayerDropout.Operation, KeepProbability)? {
        let probability = drop.probability
        let fields = drop.variant
        func refuse(_ field: String, _ detail: String) -> (NoiseShape, LayerDropout.Operation, KeepProbability)? {
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
                let moments = try ConcreteNoise(probability, temperature: fields.temperature).moments()
                return drop.noise(for: shape, layout: layout).map {
                    ($0, .multiply(mean: moments.mean, variance: moments.variance), probability)
                }
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

    /// The draws of a network, each knowing what the others draw: those without randomness of their own share a stream.
    static func scheduled(_ masks: [LayerDraw?]) -> [LayerDraw?] {
        let draws = masks.compactMap { $0 }.filter { $0.own == nil && $0.given == nil }.flatMap(\.schedule.draws)
        var next = 0
        return masks.map { mask in
            guard var mask, mask.own == nil, mask.given == nil else { return mask }
            mask.schedule = DrawSchedule(draws: draws, isNetwork: true)
            mask.draw = next
            next += 1
            return mask
        }
    }

    /// Refuses a generator that cannot draw what the variant needs.
    func check(_ randomness: Randomness) {
        let generator = (own ?? randomness).generator
        if drop.variant.isContinuous, case .mask? = given {
            reader.wrong("mask", "\(drop.variant.variant.rawValue) has no mask; give uniforms instead")
        }
        if drop.variant.isContinuous, given == nil, generator != .philox {
            reader.wrong(
                "variant",
                "\(drop.variant.variant.rawValue) draws numbers with philox; \(generator.rawValue) draws masks")
        }
    }

    /// The dropout of pass `pass`: the given noise in every pass, else drawn.
    func dropout(_ randomness: Randomness, pass: Int = 0) throws(Problem) -> LayerDropout {
        let field: String
        let noise: DropoutNoise
        do {
            switch given {
            case .mask(let bits, let shape):
                field = "mask"
                noise = try givenMask(bits, shape)
            case .uniforms(let uniforms, let shape):
                field = "uniforms"
                noise = try givenUniforms(uniforms, shape)
            case nil:
                field = "offset"
                noise = try drawNoise(own ?? randomness, pass: pass)
            }
        } catch {
            throw Problem(unanswerable: [.init(pointer: reader.pointer(to: field), detail: error.explanation)])
        }
        return dropout(noise, randomness)
    }

    /// The dropout of evaluation, which draws nothing.
    func evaluation(_ randomness: Randomness) -> LayerDropout { dropout(.none, randomness) }

    private func dropout(_ noise: DropoutNoise, _ randomness: Randomness) -> LayerDropout {
        LayerDropout(operation, noise: noise, probability: drop.probability, arithmetic: randomness.arithmetic)
    }

    /// The dropout of one mask out of all: `bits` in the drawn shape.
    func dropout(bits: [UInt8], _ randomness: Randomness) throws(DropoutError) -> LayerDropout {
        if case .block(let block) = operation { return dropout(try blocks(bits, block), randomness) }
        return dropout(.mask(try Mask(given: bits, shape: noise.drawn, noise: noise)), randomness)
    }

    /// The steps of the expected-value check, beyond one for each element: drop block looks at pairs.
    var checkSteps: Int {
        guard case .block(let block) = operation else { return 0 }
        let (steps, overflow) = block.shape.count.multipliedReportingOverflow(by: block.stepsPerElement)
        return overflow ? .max : steps
    }

    /// The probability of each drawn bit to be 1.
    var bitProbabilities: [KeepProbability] { [KeepProbability](repeating: drawn, count: noise.drawn.count) }

    private func givenMask(_ bits: [UInt8], _ shape: Shape) throws(DropoutError) -> DropoutNoise {
        if case .block(let block) = operation {
            return .blocks(
                fired: [], kept: try Mask(given: bits, shape: shape, noise: NoiseShape(elementwise: block.shape)))
        }
        return .mask(try Mask(given: bits, shape: shape, noise: noise))
    }

    private func givenUniforms(_ uniforms: [Double], _ shape: Shape) throws(DropoutError) -> DropoutNoise {
        guard drop.variant.isContinuous else {
            return .mask(try Mask(uniforms: uniforms, shape: shape, noise: noise, probability: drawn))
        }
        if let index = uniforms.firstIndex(where: { !($0 > 0 && $0 < 1) }) {
            throw .uniformOutOfRange(index: index, value: uniforms[index])
        }
        return .factors(try factors(try noise.units(of: uniforms, shape: shape)), noise)
    }

    private func blocks(_ fired: [UInt8], _ block: DropBlock) throws(DropoutError) -> DropoutNoise {
        let kept = try Mask(
            given: try block.kept(fired), shape: block.shape, noise: NoiseShape(elementwise: block.shape))
        return .blocks(fired: fired, kept: kept)
    }

    private func drawNoise(_ randomness: Randomness, pass: Int) throws(DropoutError) -> DropoutNoise {
        if drop.variant.isContinuous {
            let uniforms = try randomness.pendingDraw(pass: pass, draw: draw, schedule: schedule).uniforms(stop: .never)
            return .factors(try factors(uniforms), noise)
        }
        let mask = try randomness.mask(noise, pass: pass, draw: draw, schedule: schedule)
        if case .block(let block) = operation { return try blocks(mask.kept, block) }
        return .mask(mask)
    }

    /// Each uniform's factor: 1 + √(rate / keep)·z, or concrete dropout's.
    private func factors(_ uniforms: [Double]) throws(DropoutError) -> [Double] {
        if drop.variant.variant == .concrete {
            return try ConcreteNoise(drop.probability, temperature: drop.variant.temperature).factors(uniforms)
        }
        return try GaussianNoise(drop.probability).factors(uniforms)
    }
}
