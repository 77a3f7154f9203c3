/// `/forward` through layers, and `/train-step`.
extension QuestionMaker {
    private static let activations = [
        "identity", "relu", "leaky_relu", "elu", "selu", "gelu", "softplus", "sigmoid", "tanh", "softmax",
    ]

    private struct Layers {
        var nodes: [Node] = []
        var shapes: [(weights: [Int], hasBias: Bool)] = []
        var batch = 0
        var inputs = 0
        var outputs = 0
        var variant = "none"
        /// Whether a layer has a previous state, which fits examples of one number only.
        var hasState = false
    }

    mutating func network() -> Question {
        let isExactSum = choices.chance(8)
        let generator = generator()
        let isRows = choices.chance(40)
        let layers = layers(isRows: isRows, generator: generator, isExactSum: isExactSum)
        var members: Members = [
            ("input", TensorText.node(matrix(layers.inputs, layers.batch, isRows), .numbers, &choices)),
            ("layers", .list(layers.nodes)),
        ]
        members += generatorField(generator) + generator.members(&choices, sizes, hasOffset: false)
        members += option("mode", ["train", "eval"]) + layout(isRows) + networkPresentation()
        if isExactSum {
            members.append(("exact", .bool(true)))
        } else if choices.chance(40) {
            members.append(("samples", .number(sizes.passes(&choices))))
            members += option("samples_format", ["summary", "ndjson"])
        }
        // Six units at most have masks that are few enough to be listed.
        let lists = isExactSum && !sizes.isExact ? ["subnetworks"] : []
        members += include(
            lists + Self.uniforms(generator) + ["output", "masks", "layers", "samples", "moments", "exact", "echo"])
        return Question(route: .network, variant: layers.variant, generator: generator.name, root: .object(members))
    }

    mutating func trainStep() -> Question {
        let generator = generator()
        let isRows = choices.chance(40)
        let layers = layers(isRows: isRows, generator: generator, isExactSum: false)
        let loss = choices.one(of: ["mse", "half_mse", "cross_entropy", "binary_cross_entropy"])
        let target = target(layers.outputs, layers.batch, loss, isRows)
        var members: Members = [
            ("input", TensorText.node(matrix(layers.inputs, layers.batch, isRows), .numbers, &choices)),
            ("layers", .list(layers.nodes)), ("target", target), ("loss", .string(loss)),
            ("learning_rate", .literal(choices.one(of: ["0.01", "0", "1", "1e-6"]))),
        ]
        members += optimizer(layers)
        members += generatorField(generator) + generator.members(&choices, sizes, hasOffset: false)
        members += layout(isRows) + networkPresentation()
        if choices.chance(20) { members.append(("max_norm", .literal(choices.one(of: ["0.5", "3", "1e-9"])))) }
        if choices.chance(40) { members.append(("steps", .number(sizes.passes(&choices)))) }
        if choices.chance(25) { members.append(("loss_samples", .number(sizes.passes(&choices)))) }
        if choices.chance(30) { members.append(("eval_every", .number(1 + choices.below(4)))) }
        if choices.chance(30) { members += testData(layers, loss, isRows) }
        members += include([
            "loss", "eval_history", "layers", "gradients", "masks", "optimizer_state", "next_step", "next", "echo",
        ])
        return Question(route: .trainStep, variant: layers.variant, generator: generator.name, root: .object(members))
    }

    private mutating func testData(_ layers: Layers, _ loss: String, _ isRows: Bool) -> Members {
        let batch = layers.hasState ? layers.batch : choices.below(layers.batch * 2 + 1)
        return [
            ("test_input", TensorText.node(matrix(layers.inputs, batch, isRows), .numbers, &choices)),
            ("test_target", target(layers.outputs, batch, loss, isRows)),
        ]
    }

    private mutating func target(_ outputs: Int, _ batch: Int, _ loss: String, _ isRows: Bool) -> Node {
        if loss == "cross_entropy", choices.chance(60) {
            return TensorText.flatList(batch, .classes(outputs), &choices)
        }
        let values: TensorText.Values = loss == "binary_cross_entropy" ? .bits : .numbers
        return TensorText.node(matrix(outputs, batch, isRows), values, &choices)
    }

    private func matrix(_ units: Int, _ batch: Int, _ isRows: Bool) -> [Int] {
        isRows ? [batch, units] : [units, batch]
    }

    private func layout(_ isRows: Bool) -> Members { isRows ? [("layout", .string("rows"))] : [] }

    private mutating func networkPresentation() -> Members { presentation().filter { $0.name != "layout" } }

    /// One to three layers whose activations have about as many elements as is wanted, or a row of many small ones.
    private mutating func layers(isRows: Bool, generator: GeneratorFields, isExactSum: Bool) -> Layers {
        var layers = Layers()
        var count = sizes.elements(&choices)
        if isExactSum { count = min(count, sizes.isExact ? 12 : 4) }
        let isDeep = !isExactSum && choices.chance(6)
        layers.batch = isDeep ? 1 : max(1, count / choices.magnitude(min(count, 256)))
        let width = isDeep ? 1 : max(1, count / layers.batch)
        if !sizes.isExact, choices.chance(5) { layers.batch = 0 }
        layers.inputs = isExactSum ? 1 : choices.magnitude(max(1, width * 2))
        layers.outputs = layers.inputs
        let depth = isDeep ? max(1, min(count, 2000)) : isExactSum ? 1 : 1 + choices.below(3)
        for place in 0..<depth {
            let inputs = layers.outputs
            layers.outputs = isDeep ? 1 : isExactSum ? width : choices.magnitude(width)
            layers.nodes.append(layer(inputs, &layers, isRows, generator, isFirst: place == 0, isExactSum: isExactSum))
        }
        return layers
    }

    private mutating func layer(
        _ inputs: Int, _ layers: inout Layers, _ isRows: Bool, _ generator: GeneratorFields, isFirst: Bool,
        isExactSum: Bool
    ) -> Node {
        let outputs = layers.outputs
        var members: Members = [("weights", TensorText.node([outputs, inputs], .numbers, &choices))]
        let hasBias = choices.chance(60)
        if hasBias {
            members.append(("bias", choices.chance(50) ? .number(1) : TensorText.flatList(outputs, .numbers, &choices)))
        }
        members += option("activation", Self.activations, percent: 70)
        layers.shapes.append(([outputs, inputs], hasBias))
        guard isFirst || choices.chance(60) else { return .object(members) }
        let isPhilox = generator.name == "philox"
        let variants =
            ["dropout", "alpha", "drop_path", "zoneout", "drop_connect"] + (isPhilox ? ["gaussian", "concrete"] : [])
        let variant = isExactSum || choices.chance(50) ? "dropout" : choices.one(of: variants)
        if isFirst { layers.variant = variant }
        if variant == "zoneout" { layers.hasState = true }
        // What is shared is written for [units, batch] of the network's own layout.
        let drop = variantMembers(variant, matrix(outputs, layers.batch, isRows))
        members += drop.filter { $0.name != "scheme" }
        if !isFirst, choices.chance(10) {
            members += generator.members(&choices, QuestionSizes.small, hasOffset: false)
        }
        return .object(members)
    }

    private mutating func optimizer(_ layers: Layers) -> Members {
        let name = choices.one(of: ["sgd", "adam", "adamw"])
        guard choices.chance(70) else { return [] }
        guard choices.chance(60) else {
            return [("optimizer", .string(name))] + state(name, layers, hasState: name != "sgd")
        }
        let hasMomentum = name == "sgd" && choices.chance(60)
        var members: Members = [("name", .string(name))]
        if hasMomentum {
            members += [("momentum", .literal("0.9"))] + (choices.chance(40) ? [("nesterov", .bool(true))] : [])
        }
        if choices.chance(40) { members.append(("weight_decay", .literal("0.01"))) }
        return [("optimizer", .object(members))] + state(name, layers, hasState: name != "sgd" || hasMomentum)
    }

    /// The `optimizer_state` of a step before.
    private mutating func state(_ name: String, _ layers: Layers, hasState: Bool) -> Members {
        guard hasState, choices.chance(30) else { return [] }
        let moments = name == "sgd" ? ["velocity"] : ["mean", "square"]
        let entries = layers.shapes.map { layer -> Node in
            .object(
                moments.flatMap { moment -> Members in
                    [
                        ("\(moment)_weights", TensorText.node(layer.weights, .fractions, &choices)),
                        ("\(moment)_bias", TensorText.flatList(layer.weights[0], .fractions, &choices)),
                    ]
                })
        }
        return [
            ("optimizer_state", .object([("name", .string(name)), ("step", .number(3)), ("layers", .list(entries))]))
        ]
    }
}
