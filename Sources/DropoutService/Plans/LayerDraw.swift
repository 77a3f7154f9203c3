import DropoutEngine
import Stopping
import TextCodecs

/// One dropout to be carried out: what is dropped, and who decides. Checked against the shape it is applied to.
///
/// It is shared, not copied: a plan, its draws and each of its passes look at the same one.
final class LayerDraw: Sendable {
    let drop: DropFields
    /// What is drawn: for drop connect the weights, for drop block the anchors.
    let noise: NoiseShape
    /// The activation's shape.
    let shape: Shape
    /// The place of the activation in a larger tensor, and what it has of that one's noise.
    let place: ShardFields?
    let shard: Shard?
    let given: GivenRandomness?
    /// The layer's place in its network.
    let layer: Int
    /// What the layer has of its own randomness, nil if it has the network's.
    let own: LayerRandomness?
    /// What the layer draws in a pass.
    let draw: DrawSchedule.Draw
    /// What the dropout does. Nil for concrete dropout until ``prepared(_:)``, since its moments take a computation.
    let operation: LayerDropout.Operation?
    /// The probability with which a bit is drawn as 1.
    private let drawnProbability: KeepProbability
    /// The place of the question's part that has the dropout's fields.
    let pointer: String
    /// The type of an activation of 16 bits, which is held in float32.
    private let half: HalfType?

    var record: VariantRecord { drop.variant.record }

    /// Nil, with an entry, if the dropout does not fit the shape.
    ///
    /// - Parameter weights: [out, in] of the layer. Nil for a tensor.
    init?(
        _ question: Question, _ drop: DropFields, given: GivenRandomness?, shape: Shape, layout: Layout, layer: Int = 0,
        weights: Shape? = nil, own: LayerRandomness? = nil, place: ShardFields? = nil,
        half: HalfType? = nil
    ) {
        self.half = half
        if let refusal = Self.refusal(place, drop.variant, given) {
            question.wrong("full_shape", refusal)
            return nil
        }
        let drawing = Self.drawing(
            VariantPlace(
                question: question, drop: drop, shape: place?.full ?? shape, block: shape, layout: layout,
                weights: weights))
        guard let drawing else { return nil }
        shard = place?.shard(of: drawing.noise)
        noise = shard?.noise ?? drawing.noise
        (operation, drawnProbability, self.place) = (drawing.operation, drawing.probability, place)
        drop.check(own: drawing.noise, question)
        self.drop = drop
        self.shape = shape
        self.given = given
        self.layer = layer
        self.own = own
        pointer = question.pointer
        draw = DrawSchedule.Draw(
            noise, probability: drawnProbability, variant: drop.variant.record.variant,
            kind: drop.variant.record.isContinuous ? .uniforms : .units, shard: shard)
        if case .mask(let mask)? = given, let misfit = mask.misfit(full: maskNoise.full, drawn: maskNoise.drawn) {
            question.wrong("mask", misfit)
        }
        if let refusal = record.uniformsRefusal, case .uniforms? = given { question.wrong("uniforms", refusal) }
    }

    /// Why nothing of a larger tensor is drawn. Nil if it is.
    private static func refusal(
        _ place: ShardFields?, _ variant: VariantFields, _ given: GivenRandomness?
    ) -> String? {
        guard place != nil else { return nil }
        if given != nil { return "a given mask or given uniforms are not drawn; leave `full_shape` out" }
        guard !variant.record.hasNoiseShape else { return nil }
        return "the blocks of \(variant.name) reach beyond the edges of a part; draw the whole tensor"
    }

    /// What is drawn, an error of the variant noted at the field that it is due to.
    private static func drawing(_ place: VariantPlace) -> VariantDrawing? {
        do {
            return try place.fields.record.plan(place)
        } catch {
            switch error {
            case .blockSizeOutOfRange, .blockRateTooLarge: return place.refuse("block_size", error.explanation)
            case .temperatureOutOfRange: return place.refuse("temperature", error.explanation)
            default: return place.refuse("variant", error.explanation)
            }
        }
    }

    /// Refuses uniform numbers as a part of the answer for a variant that does not take them back.
    func checkUniforms(_ include: Set<String>, _ question: Question) {
        guard include.contains(DrawnUniforms.name), record.uniformsRefusal != nil else { return }
        question.note("/include", "\(drop.variant.name) does not take `\(DrawnUniforms.name)`, so its answer has none")
    }

    /// Refuses a generator that cannot draw what the variant needs.
    func check(_ randomness: Randomness, _ question: Question) {
        if given == nil { (own?.randomness ?? randomness).checkOrder(noise, question) }
        let generator = randomness.generator
        if record.isContinuous, case .mask? = given {
            question.wrong("mask", "\(drop.variant.name) has no mask; give uniforms instead")
        }
        if record.isContinuous, given == nil, !generator.drawsNumbers {
            question.wrong(
                "variant",
                "\(drop.variant.name) draws numbers with philox; \(generator.name) draws masks")
        }
    }

    /// The dropout of one training pass: by the given noise, else by the draw.
    ///
    /// - Parameter pending: the layer's draw of the pass. Nil if the noise is given.
    func dropout(_ pending: PendingDraw?, _ randomness: Randomness, _ stop: StopFlag) throws(Problem) -> LayerDropout {
        var field = ""
        do throws(DropoutError) {
            switch (given, pending) {
            case (.mask(let mask)?, _):
                field = "mask"
                return try dropout(try noise(of: mask, stop), randomness)
            case (.uniforms(let uniforms, let shape)?, _):
                field = "uniforms"
                let comparison = (own?.randomness ?? randomness).comparison(of: draw) ?? .plain
                return try dropout(try givenUniforms(uniforms, shape, comparison, stop), randomness)
            case (nil, let pending?):
                return try dropout(try drawn(pending, stop), randomness)
            case (nil, nil): throw .impossible("a dropout that draws has no draw")
            }
        } catch {
            guard given == nil else { throw Problem(error, at: "\(pointer)/\(field)") }
            throw (own?.randomness ?? randomness).problem(error, own == nil ? "" : pointer)
        }
    }

    /// The dropout of evaluation, which draws nothing.
    func evaluation(_ randomness: Randomness) throws(DropoutError) -> LayerDropout { try dropout(.none, randomness) }

    private func dropout(_ noise: DropoutNoise, _ randomness: Randomness) throws(DropoutError) -> LayerDropout {
        guard let operation else { throw .impossible("a dropout is applied before it is prepared") }
        return LayerDropout(
            operation, noise: noise, probability: drop.probability,
            arithmetic: (own?.randomness ?? randomness).arithmetic(
                of: (place?.full ?? shape).count, drop.probability
            ).rounding(to: half))
    }

    var isPrepared: Bool { operation != nil }

    /// The dropout with what has to be computed once for all of its passes: the moments of concrete dropout.
    func prepared(_ stop: StopFlag) throws(DropoutError) -> LayerDraw {
        guard operation == nil, let prepare = record.prepare else { return self }
        return LayerDraw(self, try prepare(drop.probability, drop.variant, stop))
    }

    private init(_ other: LayerDraw, _ operation: LayerDropout.Operation) {
        (drop, noise, shape, given, layer) = (other.drop, other.noise, other.shape, other.given, other.layer)
        (place, shard) = (other.place, other.shard)
        (own, draw, pointer, half) = (other.own, other.draw, other.pointer, other.half)
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
        return block.shape.count.times(block.stepsPerElement)
    }

    /// The drawn units that the probability alone decides: all of them at keep 0 and 1, else none.
    var decidedUnits: Int { drawnProbability.keep == 0 || drawnProbability.keep == 1 ? noise.drawn.count : 0 }

    /// Those among the units of `exact` that are decided: an evaluation draws none.
    func decidedUnits(_ mode: DropoutMode) -> Int { mode == .eval ? noise.drawn.count : decidedUnits }

    /// The probability of each drawn bit to be 1: an evaluation keeps all.
    func bitProbabilities(_ mode: DropoutMode) -> [KeepProbability] {
        [KeepProbability](repeating: mode == .eval ? .one : drawnProbability, count: noise.drawn.count)
    }

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
        if record.isContinuous { return .factors([Double](repeating: 1, count: noise.drawn.count), noise) }
        let ones = [UInt8](repeating: 1, count: maskNoise.drawn.count)
        return .mask(try Mask(given: ones, shape: maskNoise.drawn, noise: maskNoise, stop: stop))
    }

    private func givenUniforms(
        _ uniforms: [Double], _ shape: Shape, _ comparison: UniformComparison, _ stop: StopFlag
    ) throws(DropoutError) -> DropoutNoise {
        guard let factors = record.factors else {
            return .mask(
                try Mask(
                    uniforms: uniforms, shape: shape, noise: noise, probability: drawnProbability,
                    comparison: comparison, stop: stop))
        }
        if let index = uniforms.firstIndex(where: { !($0 > 0 && $0 < 1) }) {
            throw .uniformOutOfRange(index: index, value: uniforms[index])
        }
        let units = try noise.units(of: uniforms, shape: shape, stop: stop)
        return .factors(try factors(units, drop.probability, drop.variant, stop), noise)
    }

    private func blocks(_ fired: [UInt8], _ block: DropBlock, _ stop: StopFlag) throws(DropoutError) -> DropoutNoise {
        let kept = try Mask(
            given: block.kept(fired, stop: stop), shape: block.shape, noise: NoiseShape(elementwise: block.shape),
            stop: stop)
        return .blocks(fired: fired, kept: kept)
    }

    private func drawn(_ pending: PendingDraw, _ stop: StopFlag) throws(DropoutError) -> DropoutNoise {
        if let factors = record.factors {
            return .factors(
                try factors(try pending.uniforms(stop: stop), drop.probability, drop.variant, stop), noise)
        }
        let mask = try pending.mask(noise, stop: stop)
        if case .block(let block) = operation { return try blocks(mask.kept, block, stop) }
        return .mask(mask)
    }
}
