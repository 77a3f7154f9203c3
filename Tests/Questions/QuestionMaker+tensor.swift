/// `/forward` over one tensor, with every variant.
extension QuestionMaker {
    static let variants = [
        "dropout", "alpha", "gaussian", "spatial", "drop_path", "drop_block", "variational", "concrete", "zoneout",
    ]

    mutating func tensor() -> Question {
        let variant = choices.chance(30) ? "dropout" : choices.one(of: Self.variants)
        let isContinuous = variant == "gaussian" || variant == "concrete"
        let isExactSum = !isContinuous && choices.chance(10)
        let hasSamples = !isExactSum && choices.chance(40)
        var count = sizes.elements(&choices)
        if isExactSum { count = min(count, sizes.isExact ? 12 + choices.below(5) : 6) }
        let shape = dimensions(count, rank: rank(of: variant))
        let generator = isContinuous ? GeneratorFields.all[0] : generator()
        var members: Members = [("input", TensorText.node(shape, .numbers, &choices))]
        members += variantMembers(variant, shape)
        if !hasSamples, choices.chance(20), let given = given(variant, shape) {
            members.append(given)
        } else {
            members += generatorField(generator) + generator.members(&choices, sizes, hasOffset: true)
        }
        members += option("mode", ["train", "eval"]) + presentation()
        if isExactSum { members.append(("exact", .bool(true))) }
        if hasSamples {
            members.append(("samples", .number(sizes.passes(&choices))))
            members += option("samples_format", ["summary", "ndjson"])
        }
        // Six units at most have masks that are few enough to be listed.
        let lists = isExactSum && !sizes.isExact ? ["subnetworks"] : []
        let uniforms = variant == "drop_block" ? [] : Self.uniforms(generator)
        members += include(lists + uniforms + ["output", "mask", "check", "samples", "moments", "exact", "echo"])
        return Question(route: .tensor, variant: variant, generator: generator.name, root: .object(members))
    }

    mutating func rank(of variant: String) -> Int {
        switch variant {
        case "spatial", "drop_block": 3 + choices.below(3)
        case "variational": 2 + choices.below(2)
        default: choices.below(5)
        }
    }

    /// The variant with its probability, what is shared, and its own fields.
    mutating func variantMembers(_ variant: String, _ shape: [Int]) -> Members {
        var members: Members = variant == "dropout" ? [] : [("variant", .string(variant))]
        switch variant {
        case "dropout":
            members += probability() + sharing(shape) + option("scheme", ["inverted", "classic"])
        case "alpha": members += probability() + sharing(shape)
        // No finite variance at rate 1.
        case "gaussian": members += probability(0.9) + sharing(shape)
        case "concrete":
            members += probability() + sharing(shape)
            if choices.chance(50) { members.append(("temperature", .literal(choices.one(of: ["0.5", "2", "1e-9"])))) }
        case "zoneout":
            members += probability() + sharing(shape)
            members.append(("previous", TensorText.node(shape, .numbers, &choices)))
        case "spatial":
            members += probability() + option("data_format", ["channels_first", "channels_last"])
        case "drop_path": members += probability() + option("granularity", ["sample", "batch"])
        case "drop_block":
            // A block of the whole map starts in one place only, so that the rate is its probability.
            members += [("rate", .literal(choices.one(of: ["0", "0.05", "0.1"])))]
            if choices.chance(60) { members.append(("block_size", .number(1 + choices.below(4)))) }
        case "drop_connect": members += probability() + option("granularity", ["batch", "sample"])
        default: members += probability()
        }
        return members
    }

    /// A mask or uniforms instead of a draw. Elements that share a draw have one value.
    private mutating func given(_ variant: String, _ shape: [Int]) -> (name: String, value: Node)? {
        switch variant {
        case "gaussian", "concrete": ("uniforms", TensorText.node(shape, .same("0.5"), &choices))
        case "drop_block": ("mask", TensorText.node(shape, .bits, &choices))
        default: ("mask", TensorText.node(shape, .same("1"), &choices))
        }
    }
}
