package import Stopping
import TextCodecs

/// One step of training: forward with a mask, loss, backward through the same mask, update.
package enum TrainStep {
    /// The results of a step. They are new values, and nothing is stored elsewhere.
    package struct Result<Scalar: DropoutScalar>: Sendable {
        package let trainLoss: Scalar
        package let gradients: [LayerGradient<Scalar>]
        package let layers: [DenseLayer<Scalar>]
        package let state: OptimizerState<Scalar>
    }

    /// Takes one step.
    ///
    /// - Parameters:
    ///   - state: the state after the step before; without slots for a fresh start.
    ///   - maximumNorm: the limit of the L2 norm of each unit's incoming weights. It is applied after the update by scaling the
    ///     row (Srivastava et al. 2014, section 5.1). The bias is not scaled.
    /// - Throws: as ``Network/forward(_:input:dropout:layout:scheme:mode:)`` and ``Loss/evaluate(_:_:layout:)``;
    ///   ``DropoutError/optimizerStateMismatch(layer:)`` for a state of other layers.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func run<Scalar: DropoutScalar>(
        _ layers: [DenseLayer<Scalar>], input: Tensor<Scalar>, target: LossTarget<Scalar>, loss: Loss,
        dropout: [LayerDropout?], layout: Layout, scheme: DropoutScheme, optimizer: Optimizer,
        learningRate: Double, state: OptimizerState<Scalar>, maximumNorm: Double?, stop: StopFlag = .never
    ) throws(DropoutError) -> Result<Scalar> {
        let traces = try Network.forward(
            layers, input: input, dropout: dropout, layout: layout, scheme: scheme, mode: .train, stop: stop)
        let (value, outputGradient) = try loss.evaluate(
            try output(of: traces), target, layout: layout, stop: stop)
        let gradients = try Network.backward(
            layers, input: input, traces: traces, dropout: dropout, layout: layout, scheme: scheme,
            outputGradient: outputGradient, stop: stop)
        var state = try complete(state, layers: layers, optimizer: optimizer, stop)
        state.stepCount = state.stepCount.adding(1)
        var updated: [DenseLayer<Scalar>] = []
        for (index, layer) in layers.enumerated() {
            var parameters = layer.weights.elements + layer.bias
            try stop.ask()
            try optimizer.step(
                &parameters, gradient: gradients[index].weights + gradients[index].bias, slot: &state.slots[index],
                stepCount: state.stepCount, learningRate: learningRate, stop: stop)
            var weights = Array(parameters[..<layer.weights.elements.count])
            if let maximumNorm { try limit(&weights, columns: layer.inputUnits, to: maximumNorm, stop) }
            updated.append(
                layer.with(weights: weights, bias: Array(parameters[layer.weights.elements.count...])))
        }
        return Result(trainLoss: value, gradients: gradients, layers: updated, state: state)
    }

    /// The loss of the whole network, without dropping.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func loss<Scalar: DropoutScalar>(
        _ layers: [DenseLayer<Scalar>], input: Tensor<Scalar>, target: LossTarget<Scalar>, loss: Loss,
        dropout: [LayerDropout?], layout: Layout, scheme: DropoutScheme, mode: DropoutMode,
        stop: StopFlag = .never
    ) throws(DropoutError) -> Scalar {
        let traces = try Network.forward(
            layers, input: input, dropout: dropout, layout: layout, scheme: scheme, mode: mode, stop: stop)
        return try loss.evaluate(try output(of: traces), target, layout: layout, stop: stop).value
    }

    private static func output<Scalar: DropoutScalar>(of traces: [LayerTrace<Scalar>]) throws(DropoutError) -> Tensor<
        Scalar
    > {
        guard let last = traces.last else { throw .impossible("a pass through layers leaves no trace") }
        return last.output
    }

    /// The state with a slot of the right size for every layer.
    private static func complete<Scalar: DropoutScalar>(
        _ state: OptimizerState<Scalar>, layers: [DenseLayer<Scalar>], optimizer: Optimizer, _ stop: StopFlag
    ) throws(DropoutError) -> OptimizerState<Scalar> {
        var state = state
        if state.slots.isEmpty {
            state.slots = try layers.map { layer throws(DropoutError) in
                try stop.ask()
                let count = layer.weights.elements.count + layer.bias.count
                return OptimizerSlot(
                    first: [Scalar](repeating: 0, count: optimizer.hasState ? count : 0),
                    second: [Scalar](repeating: 0, count: optimizer.usesSecondMoment ? count : 0))
            }
        }
        for index in layers.indices {
            try stop.ask()
            let count = layers[index].weights.elements.count + layers[index].bias.count
            guard state.slots.count == layers.count,
                state.slots[index].first.count == (optimizer.hasState ? count : 0),
                state.slots[index].second.count == (optimizer.usesSecondMoment ? count : 0)
            else { throw .optimizerStateMismatch(layer: index) }
        }
        return state
    }

    /// Scales each row of `weights` whose L2 norm is above `maximum` down to it. Rows that are not finite stay.
    ///
    /// Precision: the row is first scaled by a power of two to numbers near 1, so that no square overflows or vanishes.
    private static func limit<Scalar: DropoutScalar>(
        _ weights: inout [Scalar], columns: Int, to maximum: Double, _ stop: StopFlag
    ) throws(DropoutError) {
        guard columns > 0 else { return }
        let maximum = Scalar(maximum)
        var pace = Pace(stop)
        for row in stride(from: 0, to: weights.count, by: columns) {
            let units = row..<row + columns
            var largest: Scalar = 0
            for block in Blocks(units) {
                try pace.spend(block.count)
                for i in block { largest = max(largest, weights[i].magnitude) }
            }
            guard largest > 0, largest.isFinite else { continue }
            let exponent = min(-largest.exponent, Scalar.greatestFiniteMagnitude.exponent)
            let scale = Scalar(sign: .plus, exponent: exponent, significand: 1)
            var sum: Scalar = 0
            for block in Blocks(units) {
                try pace.spend(block.count)
                for i in block { sum += (weights[i] * scale) * (weights[i] * scale) }
            }
            let norm = sum.squareRoot()
            guard norm > maximum * scale else { continue }
            for block in Blocks(units) {
                try pace.spend(block.count)
                for i in block { weights[i] = weights[i] * scale / norm * maximum }
            }
        }
    }
}
