/// Makes questions that the service answers with 200, unless they are dearer than it takes.
package struct QuestionMaker: Sendable {
    package var choices: Choices
    package let sizes: QuestionSizes

    package init(_ choices: Choices, _ sizes: QuestionSizes) { (self.choices, self.sizes) = (choices, sizes) }

    package mutating func question() -> Question {
        let routes: [Question.Route] = [
            .tensor, .tensor, .tensor, .network, .network, .mask, .maskByQuery, .trainStep, .verify,
        ]
        return question(choices.one(of: routes))
    }

    package mutating func question(_ route: Question.Route) -> Question {
        switch route {
        case .tensor: tensor()
        case .network: network()
        case .mask, .maskByQuery: mask(route)
        case .trainStep: trainStep()
        case .verify: verify()
        }
    }

    // MARK: Parts of questions

    typealias Members = [(name: String, value: Node)]

    /// Extents whose product is about `count`; without `isExact` some are 0, and then the others may be huge.
    mutating func dimensions(_ count: Int, rank: Int) -> [Int] {
        var dimensions: [Int] = []
        var left = max(1, count)
        for axis in 0..<rank {
            let extent = axis == rank - 1 ? left : choices.magnitude(left)
            dimensions.append(extent)
            left = max(1, left / extent)
        }
        if !sizes.isExact, rank > 0, choices.chance(6) {
            dimensions[choices.below(rank)] = 0
            if rank > 1, choices.chance(50) {
                let other = choices.below(rank)
                if dimensions[other] != 0 { dimensions[other] = choices.one(of: [1_000_000_000_000, 1 << 31, 7]) }
            }
        }
        // An extent within an outer one that is 0 is not seen in a nested array, so it may be anything.
        return dimensions
    }

    mutating func generator() -> GeneratorFields {
        choices.chance(30) ? GeneratorFields.all[0] : choices.one(of: GeneratorFields.all)
    }

    mutating func probability(_ most: Double = 1) -> Members {
        let rate = choices.one(of: [0.5, 0.2, 0.1, 0.75, 0.25, 0, 1, 0.3333333333333333, 0.001])
        return choices.chance(70)
            ? [("rate", .literal(String(min(rate, most))))] : [("keep_prob", .literal(String(1 - min(rate, most))))]
    }

    mutating func sharing(_ dimensions: [Int]) -> Members {
        if choices.chance(20), !dimensions.isEmpty {
            return [("noise_shape", .numbers(dimensions.map { choices.chance(50) ? 1 : $0 }))]
        }
        guard choices.chance(40) else { return [] }
        return [("granularity", .string(choices.one(of: ["element", "unit", "sample", "channel", "batch"])))]
    }

    /// `name` with one of `values`, in some questions.
    mutating func option(_ name: String, _ values: [String], percent: Int = 25) -> Members {
        choices.chance(percent) ? [(name, .string(choices.one(of: values)))] : []
    }

    mutating func include(_ parts: [String]) -> Members {
        guard choices.chance(40) else { return [] }
        return [("include", .strings(parts.filter { _ in choices.chance(60) }))]
    }

    mutating func presentation() -> Members {
        option("layout", ["columns", "rows"]) + option("dtype", ["float64", "float32"], percent: 40)
            + option("mask_format", ["numbers", "booleans", "packed", "indices", "none"], percent: 40)
            + option("tensor_format", ["nested", "flat", "base64"], percent: 30)
    }

    // MARK: /mask

    private mutating func mask(_ route: Question.Route) -> Question {
        let shape = dimensions(sizes.elements(&choices), rank: choices.below(5))
        let generator = generator()
        var members: Members = [("shape", .numbers(shape))]
        members += probability() + sharing(shape) + generatorField(generator)
        members += generator.members(&choices, sizes, hasOffset: true, isQuery: route == .maskByQuery)
        members +=
            option("layout", ["columns", "rows"])
            + option("mask_format", ["numbers", "booleans", "packed", "indices", "none"], percent: 50)
            + option("tensor_format", ["nested", "flat", "base64"], percent: 30)
        // An empty list has no form in a query.
        if route == .mask { members += include(Self.uniforms(generator) + ["mask", "statistics", "echo", "next"]) }
        return Question(route: route, variant: "mask", generator: generator.name, root: .object(members))
    }

    /// The part of an answer with the numbers behind a mask, of a generator that has them.
    static func uniforms(_ generator: GeneratorFields) -> [String] {
        ["numpy-legacy-binomial", "torch-cpu-mkl", "mlx"].contains(generator.name) ? [] : ["uniforms"]
    }

    func generatorField(_ generator: GeneratorFields) -> Members {
        generator.name == "philox" ? [] : [("generator", .string(generator.name))]
    }

    // MARK: /verify

    private mutating func verify() -> Question {
        let variant = choices.chance(50) ? "dropout" : choices.one(of: Self.variants)
        let (isPlain, isContinuous) = (variant == "dropout", variant == "gaussian" || variant == "concrete")
        let shape = dimensions(
            sizes.elements(&choices), rank: isPlain ? 1 + choices.below(3) : max(1, rank(of: variant)))
        var members: Members = [("input", TensorText.node(shape, .numbers, &choices))]
        let isOne = choices.chance(70)
        if isOne {
            members.append(("output", TensorText.node(shape, choices.chance(50) ? .numbers : .zeros, &choices)))
        } else {
            // One form for all of them: a list of nested tensors is one array.
            let count = 1 + choices.below(4)
            members.append(
                ("outputs", .list((0..<count).map { _ in TensorText.flat(shape, .numbers, &choices) })))
        }
        if !isContinuous, choices.chance(30) { members.append(("mask", TensorText.node(shape, .bits, &choices))) }
        if choices.chance(20) { members.append(("tolerance", .literal(choices.one(of: ["0", "1e-6", "0.1"])))) }
        var name = "none"
        if choices.chance(60) {
            let generator = isContinuous ? GeneratorFields.all[0] : generator()
            name = generator.name
            members += generatorField(generator) + generator.members(&choices, sizes, hasOffset: true)
        }
        if isPlain {
            if choices.chance(60) { members += probability() }
            members += sharing(shape) + option("scheme", ["inverted", "classic"])
        } else {
            members += variantMembers(variant, shape)
        }
        if isOne, choices.chance(30) {
            for field in ["output_gradient", "gradient"] {
                members.append((field, TensorText.node(shape, .numbers, &choices)))
            }
        } else {
            members += option("mode", ["train", "eval"])
        }
        members += option("layout", ["columns", "rows"]) + option("dtype", ["float64", "float32"])
        return Question(route: .verify, variant: "verify", generator: name, root: .object(members))
    }
}
