import DropoutEngine
import TensorJSON

/// `optimizer`, `learning_rate`, `optimizer_state` and `max_norm`.
struct OptimizerFields {
    static let fields = ["optimizer", "learning_rate", "optimizer_state", "max_norm"]

    enum Name: String, CaseIterable { case sgd, adam, adamw }

    let name: Name
    let optimizer: Optimizer
    let learningRate: Double
    let maximumNorm: Double?

    /// The fields of `optimizer`, those of all optimizers together.
    private static let options = ["name", "momentum", "nesterov", "beta1", "beta2", "epsilon", "weight_decay"]
    /// The fields of an entry of `optimizer_state`, those of all optimizers together.
    static let moments = [
        "velocity_weights", "velocity_bias", "mean_weights", "mean_bias", "square_weights", "square_bias",
    ]

    /// Wrong fields have entries. Their defaults are used until the question is refused.
    init(_ question: Question) {
        question.require("learning_rate")
        learningRate = question.number("learning_rate", in: 0...1e300, "a number from 0") ?? 0
        maximumNorm = question.number("max_norm", in: 0x1p-1022...1e300, "a number above 0")
        var options = question.part(.empty, named: "optimizer")
        switch question.fields["optimizer"] {
        case .object(let object)?:
            options = question.part(object, named: "optimizer")
            name = options.choice("name", Name.self) ?? .sgd
            if !options.has("name") { options.wrong("name is required: sgd, adam or adamw") }
        default: name = question.choice("optimizer", Name.self) ?? .sgd
        }
        let fraction = 0...1.0.nextDown
        options.refuseUnknown(besides: Self.options)
        let decay = options.number("weight_decay", in: 0...1e300, "a number from 0")
        switch name {
        case .sgd:
            options.refuse(["beta1", "beta2", "epsilon"], of: name)
            let momentum = options.number("momentum", in: 0...1, "a number from 0 to 1") ?? 0
            let isNesterov = options.bool("nesterov") ?? false
            if isNesterov, momentum == 0 { options.wrong("nesterov", "nesterov needs a momentum above 0") }
            optimizer = .sgd(momentum: momentum, nesterov: isNesterov, weightDecay: decay ?? 0)
        case .adam, .adamw:
            options.refuse(["momentum", "nesterov"], of: name)
            let beta1 = options.number("beta1", in: fraction, "a number from 0 and below 1") ?? 0.9
            let beta2 = options.number("beta2", in: fraction, "a number from 0 and below 1") ?? 0.999
            let epsilon = options.number("epsilon", in: 0...1e300, "a number from 0") ?? 1e-8
            optimizer =
                name == .adam
                ? .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay ?? 0)
                : .adamw(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay ?? 0.01)
        }
    }

    /// The most steps that a state counts.
    private static let maximumSteps = Int(Int32.max)

    /// What the last answer returned as `optimizer_state`, or a fresh start.
    ///
    /// - Parameter steps: the steps that follow, which the count must have room for.
    func state<Scalar: WireScalar>(
        _ question: Question, layers: [DenseLayer<Scalar>], steps: Int
    ) throws(Problem) -> OptimizerState<Scalar> {
        guard let value = question.fields["optimizer_state"] else { return OptimizerState() }
        guard case .object(let object) = value else {
            question.wrong("optimizer_state", "an object expected, \(value.shortText) found")
            return OptimizerState()
        }
        let state = question.part(object, named: "optimizer_state")
        state.refuseUnknown(besides: ["name", "step", "layers"])
        if let given = state.choice("name", Name.self), given != name {
            state.wrong("name", "the state is of \(given.rawValue), the optimizer is \(name.rawValue)")
        }
        let step = Int(clamping: state.natural("step", upTo: UInt64(Self.maximumSteps)) ?? 0)
        if step > Self.maximumSteps - steps {
            state.wrong(
                "step",
                "\(step) steps are taken and \(steps) asked for; an optimizer counts up to \(Self.maximumSteps), "
                    + "so start a fresh state")
        }
        guard let entries = state.objects("layers"), entries.count == layers.count else {
            state.wrong("layers", "an entry for each of the \(layers.count) layers expected")
            return OptimizerState()
        }
        var slots: [OptimizerSlot<Scalar>] = []
        for (entry, layer) in zip(entries, layers) {
            entry.refuseUnknown(besides: Self.moments)
            entry.refuse(
                Self.moments.filter { name in !names.contains { [$0.weights, $0.bias].contains(name) } }, of: name)
            var moments: [[Scalar]] = []
            for name in names {
                let weights = try entry.tensor(name.weights, of: Scalar.self)?.tensor
                let bias = try entry.tensor(name.bias, of: Scalar.self)?.tensor
                if weights?.shape != layer.weights.shape || bias?.elements.count != layer.bias.count {
                    entry.wrong("\(name.weights) and \(name.bias) in the shapes of the layer are required")
                }
                if name.isSquare {
                    try entry.refuseNegative(weights?.elements ?? [], name.weights)
                    try entry.refuseNegative(bias?.elements ?? [], name.bias)
                }
                moments.append((weights?.elements ?? []) + (bias?.elements ?? []))
            }
            slots.append(
                OptimizerSlot(
                    first: moments.first ?? [], second: moments.count > 1 ? moments[1] : []))
        }
        return OptimizerState(stepCount: step, slots: slots)
    }

    /// The fields of one layer's state, in the order of the moments.
    private var names: [(weights: String, bias: String, isSquare: Bool)] {
        guard optimizer.hasState else { return [] }
        return optimizer.usesSecondMoment
            ? [("mean_weights", "mean_bias", false), ("square_weights", "square_bias", true)]
            : [("velocity_weights", "velocity_bias", false)]
    }

    func write<Scalar: WireScalar>(
        _ state: OptimizerState<Scalar>, layers: [LayerFields<Scalar>], form: TensorForm?,
        to writer: inout JSONWriter
    ) {
        writer.key("optimizer_state")
        writer.beginObject()
        writer.field("name", name.rawValue)
        writer.field("step", state.stepCount)
        writer.key("layers")
        writer.beginArray()
        for (slot, fields) in zip(state.slots, layers) {
            let shape = fields.layer.weights.shape.dimensions
            let form = form ?? fields.form
            writer.beginObject()
            for (name, moment) in zip(names, [slot.first, slot.second]) {
                let count = fields.layer.weights.elements.count
                writer.key(name.weights)
                writer.tensorValue(Array(moment.prefix(count)), shape, form: form)
                writer.key(name.bias)
                fields.writeBias(Array(moment.dropFirst(count)), form: form, to: &writer)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}

extension Question {
    /// Notes the fields that another optimizer has. Null leaves them out.
    fileprivate func refuse(_ names: [String], of optimizer: OptimizerFields.Name) {
        for name in names where has(name) { wrong(name, "no field of \(optimizer.rawValue)") }
    }

    /// Notes a mean of squares that is negative. NaN and infinity may come of a step whose gradients overflow.
    fileprivate func refuseNegative<Scalar: WireScalar>(
        _ squares: [Scalar], _ name: String
    ) throws(Problem) {
        for start in stride(from: 0, to: squares.count, by: 8192) {
            try checkStop()
            let block = squares[start..<min(squares.count, start + 8192)]
            guard let index = block.firstIndex(where: { $0 < 0 }) else { continue }
            wrong(name, "a mean of squares is not negative; \(squares[index]) found at element \(index)")
            return
        }
    }
}
