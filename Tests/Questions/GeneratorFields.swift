/// What each generator takes, by the names on the wire: written down from `openapi.yaml` and `GET /generators`, not from the
/// service's own table.
package struct GeneratorFields: Sendable {
    enum Seed: Sendable {
        case natural(bits: Int)
        case signed
        case wrapping
        case word
        case entropy
        case pair
        case words
        case any
    }

    enum Offset: Sendable {
        case anywhere, byDrawing, none
    }

    package let name: String
    let seed: Seed
    let parameters: [String]
    let offset: Offset
    /// The words of `key_data`.
    let keyWords: Int

    private init(_ name: String, _ seed: Seed, _ parameters: [String], _ offset: Offset = .anywhere, keyWords: Int = 2)
    {
        (self.name, self.seed, self.parameters, self.offset, self.keyWords) = (name, seed, parameters, offset, keyWords)
    }

    package static let all: [GeneratorFields] = [
        .init("philox", .natural(bits: 64), ["step", "stream"]),
        .init("numpy-legacy", .words, ["skip", "keep_when"], .byDrawing),
        .init("numpy-legacy-binomial", .words, ["skip"], .byDrawing),
        .init("numpy-pcg64", .entropy, ["draw_dtype", "skip", "keep_when"]),
        .init("numpy-philox", .entropy, ["draw_dtype", "skip", "keep_when"]),
        .init("onnx-reference", .words, ["skip"], .byDrawing),
        .init("torch-cpu", .wrapping, ["skip", "order"], .byDrawing),
        .init("torch-cpu-mkl", .wrapping, ["skip", "order"]),
        .init("torch-rand", .wrapping, ["skip", "draw_dtype", "keep_when"], .byDrawing),
        .init(
            "torch-cuda", .wrapping,
            ["offset_philox", "multiprocessors", "threads_per_multiprocessor", "vector_width", "draw_dtype"], .none),
        .init("jax", .signed, ["x64", "key_data", "fold_in", "step", "rate_dtype", "execution"]),
        .init("jax-original", .signed, ["x64", "key_data", "fold_in", "step", "rate_dtype", "execution"], .none),
        .init("jax-rbg", .signed, ["key_data", "fold_in", "step", "execution"], keyWords: 4),
        .init("jax-philox4x32", .signed, ["key_data", "fold_in", "step", "execution"]),
        .init("jax-philox2x32", .signed, ["key_data", "fold_in", "step", "execution"], keyWords: 1),
        .init("jax-threefry4x32", .signed, ["key_data", "fold_in", "step", "execution"], keyWords: 4),
        .init("flax-linen", .signed, ["key_data", "fold_in", "path", "call", "x64", "execution"]),
        .init("flax-nnx", .signed, ["key_data", "draws_before_fork", "call", "x64", "execution"]),
        .init("tf-stateless", .pair, ["draw_dtype"]), .init("tf-stateless-xla-philox", .pair, ["draw_dtype"]),
        .init("tf-stateless-xla-threefry", .pair, ["draw_dtype"], .none),
        .init("tf-stateless-xla-auto", .pair, ["draw_dtype"]),
        // Its stream may be entered inside only before the first call.
        .init("tf-dropout", .any, ["op_seed", "call", "draw_dtype"], .none),
        .init("keras-tensorflow", .signed, ["call", "draw_dtype"]),
        .init("keras-jax", .natural(bits: 32), ["call", "x64", "execution"]),
        .init("keras-torch", .word, ["call"], .byDrawing), .init("keras-numpy", .natural(bits: 32), ["call"]),
        .init("mlx", .natural(bits: 64), ["call"], .none), .init("tinygrad", .any, ["call", "skip"], .none),
        .init("onnxruntime", .signed, ["call"], .byDrawing),
        .init("torch-compile", .wrapping, ["skip", "draw_dtype", "order"]),
        .init("paddle", .natural(bits: 64), ["skip"], .byDrawing),
        .init("mindspore", .natural(bits: 31), ["call", "skip"]),
    ]

    /// The seed, some of the parameters and sometimes an offset.
    func members(
        _ choices: inout Choices, _ sizes: QuestionSizes, hasOffset: Bool
    ) -> [(name: String, value: Node)] {
        var members: [(name: String, value: Node)] = []
        var call = 0
        for parameter in parameters where parameter != "key_data" && choices.chance(40) {
            guard let value = value(of: parameter, &choices, sizes, call: &call) else { continue }
            members.append((parameter, value))
        }
        if parameters.contains("key_data"), choices.chance(20) {
            members.append(("key_data", .list((0..<keyWords).map { _ in word(&choices) })))
        } else {
            members.append(("seed", seed(&choices, isFirstCall: call == 0)))
        }
        if hasOffset, offset != .none, choices.chance(20) {
            members.append(("offset", .number(sizes.move(&choices))))
        }
        return members
    }

    private func value(
        of parameter: String, _ choices: inout Choices, _ sizes: QuestionSizes, call: inout Int
    ) -> Node? {
        switch parameter {
        case "step", "stream", "draws_before_fork": return word(&choices)
        case "skip": return .number(sizes.move(&choices))
        case "call":
            call = sizes.move(&choices)
            return .number(call)
        case "draw_dtype":
            let isTwo = name.hasPrefix("numpy") || name == "torch-cuda" || name == "torch-rand"
            return .string(
                choices.one(of: isTwo ? ["float64", "float32"] : ["float32", "float64", "float16", "bfloat16"]))
        case "x64": return .bool(choices.chance(50))
        case "rate_dtype": return .string(choices.one(of: ["float32", "float16", "bfloat16"]))
        case "fold_in": return .list((0..<choices.magnitude(sizes.isExact ? 64 : 4)).map { _ in word(&choices) })
        case "path":
            let length = sizes.isExact ? choices.magnitude(7800) : choices.magnitude(20)
            let name = String(repeating: "d", count: max(1, length / 3))
            return .strings([name, "Dropout_0", name])
        case "op_seed": return .number(Int(truncatingIfNeeded: choices.word() >> UInt64(choices.below(64))))
        case "offset_philox": return .number(4 * choices.magnitude(1 << 40))
        case "multiprocessors": return .number(choices.magnitude(200))
        case "threads_per_multiprocessor": return .number(256 * choices.magnitude(8))
        case "keep_when": return .string(choices.one(of: ["below", "above", "from"]))
        case "execution": return .string(choices.one(of: ["jit", "eager"]))
        case "vector_width": return .number(choices.one(of: [1, 2, 4, 8]))
        default: return nil
        }
    }

    private func word(_ choices: inout Choices) -> Node { .number(choices.magnitude(Int(UInt32.max))) }

    private func seed(_ choices: inout Choices, isFirstCall: Bool) -> Node {
        let word = choices.word() >> UInt64(choices.below(64))
        let signed = Int64(bitPattern: word)
        switch seed {
        case .natural(64): return choices.chance(50) ? .literal(String(word)) : .string(String(word))
        case .natural(let bits): return .literal(String(word >> UInt64(64 - bits)))
        case .signed:
            return .literal(String(choices.chance(30) ? ~signed.magnitude.signedHalf : signed.magnitude.signedHalf))
        case .wrapping: return .literal(choices.chance(50) ? String(word) : String(signed))
        case .word: return .literal(isFirstCall ? String(word >> 32) : String(word >> 33))
        case .entropy:
            if choices.chance(70) { return .literal(String(word)) }
            if choices.chance(50) { return .string(String(word) + String(word)) }
            return .list((0..<choices.magnitude(64)).map { _ in .literal(String(choices.word())) })
        case .words:
            if choices.chance(70) { return .literal(String(word >> 32)) }
            return .list((0..<max(1, choices.magnitude(64))).map { _ in .literal(String(choices.word() >> 32)) })
        case .any: return choices.chance(50) ? .literal(String(signed)) : .string("-" + String(word) + String(word))
        case .pair: return .list([.literal(String(signed)), .literal(String(signed / 3))])
        }
    }
}

extension UInt64 {
    /// The lower 63 bits.
    fileprivate var signedHalf: Int64 { Int64(bitPattern: self & 0x7FFF_FFFF_FFFF_FFFF) }
}
