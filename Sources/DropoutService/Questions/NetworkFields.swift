import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// All of `layers` with `input`, their shapes fitting, and the dropout of each layer.
struct NetworkFields<Scalar: WireScalar> {
    let layers: [LayerFields<Scalar>]
    let dense: [DenseLayer<Scalar>]
    /// The shape of each layer's activation.
    private(set) var shapes: [Shape]
    private(set) var masks: [LayerDraw?]
    private(set) var input: Tensor<Scalar>
    let form: TensorForm
    let layout: Layout
    let scheme: DropoutScheme

    /// Nil, with entries, if something is wrong.
    init?(
        _ question: Question, _ presentation: Presentation, _ randomness: Randomness
    ) throws(Problem) {
        let input = try question.tensor("input", of: Scalar.self)
        question.require("input")
        question.require("layers")
        guard let parts = question.objects("layers") else { return nil }
        if parts.isEmpty { question.wrong("layers", "at least one layer expected") }
        var layers: [LayerFields<Scalar>] = []
        for part in parts {
            try question.checkStop()
            if let layer = try LayerFields<Scalar>(part, presentation.maskFormat) { layers.append(layer) }
        }
        guard layers.count == parts.count, let input, !parts.isEmpty else { return nil }
        let dense = layers.map(\.layer)
        let shapes: [Shape]
        do {
            shapes = try Network.shapes(dense, input: input.tensor.shape, layout: presentation.layout)
        } catch {
            switch error {
            case .layerInputMismatch(let layer, _, let actual):
                let inputs = presentation.layout == .columns ? 0 : 1
                let hint = Self.hint(
                    weights: dense[layer].weights.shape.dimensions, units: actual,
                    input: layer == 0 ? input.tensor.shape.dimensions : nil, unitAxis: inputs)
                parts[layer].wrong("weights", error.explanation + hint)
            default: question.wrong("input", error.explanation)
            }
            return nil
        }
        let activations = shapes.reduce(0) { $0.adding($1.count) }
        guard activations <= question.limits.maximumElements else {
            question.wrong(
                "layers", "at most \(question.limits.maximumElements) activations expected, the limit of one request")
            return nil
        }
        var masks: [LayerDraw?] = []
        for (index, (layer, part)) in zip(layers, parts).enumerated() {
            try question.checkStop()
            guard let drop = layer.drop else {
                masks.append(nil)
                continue
            }
            if presentation.scheme == .classic, !drop.variant.record.knowsClassic {
                part.wrong("variant", "\(drop.variant.name) has no classic scheme")
            }
            let mask = LayerDraw(
                part, drop, given: layer.given, shape: shapes[index], layout: presentation.layout, layer: index,
                weights: layer.layer.weights.shape, own: try LayerRandomness(part, of: randomness))
            mask?.check(randomness, part)
            if let units = mask?.noise.drawn.count, units > question.limits.maximumElements {
                part.wrong(
                    "variant", "at most \(question.limits.maximumElements) draws expected, the limit of one request")
            }
            masks.append(mask)
        }
        (self.layers, self.dense, self.masks) = (layers, dense, masks)
        (self.input, self.form) = (input.tensor, presentation.form ?? input.form)
        (self.shapes, layout, scheme) = (shapes, presentation.layout, presentation.scheme)
    }

    /// The shapes that do not fit, and what to do: transpose the weights, take the other layout, or both.
    ///
    /// - Parameters:
    ///   - units: the number of units that the layer gets.
    ///   - input: nil for a later layer, whose input no layout changes.
    private static func hint(weights: [Int], units: Int, input: [Int]?, unitAxis: Int) -> String {
        let shapes = "weights \(weights) are [units, inputs]" + (input.map { ", the input is \($0)" } ?? "")
        let other = input.map { $0[1 - unitAxis] }
        let layout =
            unitAxis == 0
            ? "say \"layout\": \"rows\", one example a row" : "say \"layout\": \"columns\", one example a column"
        let transpose = "transpose the weights, as those of Keras ([inputs, units])"
        var advice: [String] = []
        if weights[1] == other { advice.append(layout) }
        if weights[0] == units { advice.append(transpose) }
        if advice.isEmpty, weights[0] == other { advice.append("\(transpose), and \(layout)") }
        return "; \(shapes)" + (advice.isEmpty ? "" : ": \(advice.joined(separator: ", or "))")
    }

    /// The network on the examples of the field `name`, for evaluations. Nil, with an entry, if they do not fit.
    func evaluated(on examples: Tensor<Scalar>, from name: String, _ question: Question) -> NetworkFields? {
        var network = self
        network.input = examples
        do {
            network.shapes = try Network.shapes(dense, input: examples.shape, layout: layout)
        } catch {
            question.wrong(name, error.explanation)
            return nil
        }
        guard network.shapes.reduce(0, { $0.adding($1.count) }) <= question.limits.maximumElements else {
            question.wrong(
                name, "at most \(question.limits.maximumElements) activations expected, the limit of one request")
            return nil
        }
        for (index, (mask, shape)) in zip(masks, network.shapes).enumerated() {
            guard let state = mask?.drop.variant.previous?.shape, state != shape else { continue }
            question.wrong(
                name,
                "layer \(index) has a previous state of shape \(state.dimensions), and its activation has the shape "
                    + "\(shape.dimensions) here; give as many examples as `input` has")
            return nil
        }
        return network
    }

    var isPrepared: Bool { masks.allSatisfy { $0?.isPrepared ?? true } }

    /// The network with what has to be computed once for all passes.
    func prepared(_ stop: StopFlag) throws(DropoutError) -> NetworkFields {
        var prepared = self
        for (index, mask) in masks.enumerated() {
            if let mask { prepared.masks[index] = try mask.prepared(stop) }
        }
        return prepared
    }

    /// Whether any mask is drawn rather than given.
    var isDrawn: Bool { masks.contains { $0.map { $0.given == nil } ?? false } }

    /// Those among ``enumeratedUnits`` that are decided without a draw.
    func decidedUnits(_ mode: DropoutMode) -> Int { masks.reduce(0) { $0.adding($1?.decidedUnits(mode) ?? 0) } }

    /// The units of all masks together, which `exact` enumerates.
    var enumeratedUnits: Int { masks.reduce(0) { $0.adding($1?.noise.drawn.count ?? 0) } }
}
