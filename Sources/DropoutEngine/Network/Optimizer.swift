import Stopping

/// The rules that turn gradients into new weights, by PyTorch's formulas. Weights and biases are treated alike.
package enum Optimizer: Sendable, Equatable {
    /// g += weightDecay·w;  v = momentum·v + g (v = g at first);  w -= η·(nesterov ? g + momentum·v : v)
    case sgd(momentum: Double, nesterov: Bool, weightDecay: Double)
    /// g += weightDecay·w, then m and v, bias-corrected: w -= η·m̂/(√v̂ + ε); Kingma and Ba 2015
    case adam(beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double)
    /// w -= η·weightDecay·w first, then as Adam; Loshchilov and Hutter 2019
    case adamw(beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double)
}

extension Optimizer {
    /// Whether a step needs a state of the step before.
    package var hasState: Bool {
        if case .sgd(let momentum, _, _) = self { momentum != 0 } else { true }
    }

    package var usesSecondMoment: Bool {
        if case .sgd = self { false } else { true }
    }

    /// Takes one step on the parameters of a layer, weights first, then bias.
    func step<Scalar: DropoutScalar>(
        _ parameters: inout [Scalar], gradient: [Scalar], slot: inout OptimizerSlot<Scalar>, stepCount: Int,
        learningRate: Double, stop: StopFlag = .never
    ) throws(DropoutError) {
        switch self {
        case .sgd(let momentum, let isNesterov, let weightDecay):
            let (rate, mu, decay) = (Scalar(learningRate), Scalar(momentum), Scalar(weightDecay))
            for block in Blocks(parameters.indices) {
                try stop.ask()
                for i in block {
                    let g = weightDecay == 0 ? gradient[i] : gradient[i] + decay * parameters[i]
                    guard momentum != 0 else {
                        parameters[i] -= rate * g
                        continue
                    }
                    slot.first[i] = stepCount == 1 ? g : mu * slot.first[i] + g
                    parameters[i] -= rate * (isNesterov ? g + mu * slot.first[i] : slot.first[i])
                }
            }
        case .adam(let beta1, let beta2, let epsilon, let weightDecay):
            try adam(
                &parameters, gradient, &slot, betas: (beta1, beta2), epsilon: epsilon, coupledDecay: weightDecay,
                stepCount: stepCount, learningRate: learningRate, stop)
        case .adamw(let beta1, let beta2, let epsilon, let weightDecay):
            let shrink = Scalar(1 - learningRate * weightDecay)
            for block in Blocks(parameters.indices) {
                try stop.ask()
                for i in block { parameters[i] *= shrink }
            }
            try adam(
                &parameters, gradient, &slot, betas: (beta1, beta2), epsilon: epsilon, coupledDecay: 0,
                stepCount: stepCount, learningRate: learningRate, stop)
        }
    }

    private func adam<Scalar: DropoutScalar>(
        _ parameters: inout [Scalar], _ gradient: [Scalar], _ slot: inout OptimizerSlot<Scalar>,
        betas: (Double, Double), epsilon: Double, coupledDecay: Double, stepCount: Int, learningRate: Double,
        _ stop: StopFlag
    ) throws(DropoutError) {
        let correction1 = 1 - Self.power(betas.0, stepCount)
        let correction2 = Scalar((1 - Self.power(betas.1, stepCount)).squareRoot())
        let stepSize = Scalar(learningRate / correction1)
        let (beta1, beta2) = (Scalar(betas.0), Scalar(betas.1))
        let (rest1, rest2) = (Scalar(1 - betas.0), Scalar(1 - betas.1))
        for block in Blocks(parameters.indices) {
            try stop.ask()
            for i in block {
                let g = coupledDecay == 0 ? gradient[i] : gradient[i] + Scalar(coupledDecay) * parameters[i]
                slot.first[i] = beta1 * slot.first[i] + rest1 * g
                slot.second[i] = beta2 * slot.second[i] + rest2 * g * g
                let denominator = slot.second[i].squareRoot() / correction2 + Scalar(epsilon)
                parameters[i] -= stepSize * slot.first[i] / denominator
            }
        }
    }

    /// base^exponent by repeated squaring, with the same bits on every machine.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
