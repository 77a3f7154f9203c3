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

    /// What a state instead of a seed has.
    enum State: Sendable {
        case legacy, pcg64, philox, torch, mlx
    }

    package let name: String
    let seed: Seed
    let state: State?
    let parameters: [String]
    let offset: Offset
    /// The words of `key_data`.
    let keyWords: Int

    private init(
        _ name: String, _ seed: Seed, _ parameters: [String], _ offset: Offset = .anywhere, keyWords: Int = 2,
        state: State? = nil
    ) {
        (self.name, self.seed, self.parameters, self.offset, self.keyWords) = (name, seed, parameters, offset, keyWords)
        self.state = state
    }

    package static let all: [GeneratorFields] = [
        .init("philox", .natural(bits: 64), ["step", "stream"]),
        .init("numpy-legacy", .words, ["skip", "keep_when"], .byDrawing, state: .legacy),
        .init("numpy-legacy-binomial", .words, ["skip"], .byDrawing, state: .legacy),
        .init("numpy-pcg64", .entropy, ["draw_dtype", "skip", "keep_when"], state: .pcg64),
        .init("numpy-philox", .entropy, ["draw_dtype", "skip", "keep_when"], state: .philox),
        .init("onnx-reference", .words, ["skip"], .byDrawing, state: .legacy),
        .init("torch-cpu", .wrapping, ["skip", "order"], .byDrawing, state: .torch),
        .init("torch-cpu-mkl", .wrapping, ["skip", "order"], state: .torch),
        .init("torch-rand", .wrapping, ["skip", "draw_dtype", "keep_when"], .byDrawing, state: .torch),
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
        .init("mlx", .natural(bits: 64), ["call"], .none, state: .mlx),
        .init("tinygrad", .any, ["call", "skip"], .none),
        .init("onnxruntime", .signed, ["call"], .byDrawing),
        .init("torch-compile", .wrapping, ["skip", "draw_dtype", "order"], state: .torch),
        .init("paddle", .natural(bits: 64), ["skip"], .byDrawing),
        .init("mindspore", .natural(bits: 31), ["call", "skip"]),
    ]

    /// The seed or a state, some of the parameters and sometimes an offset.
    ///
    /// - Parameter isQuery: whether the question is a query, which has no state.
    func members(
        _ choices: inout Choices, _ sizes: QuestionSizes, hasOffset: Bool, isQuery: Bool = false
    ) -> [(name: String, value: Node)] {
        var members: [(name: String, value: Node)] = []
        var call = 0
        for parameter in parameters where parameter != "key_data" && choices.chance(40) {
            guard let value = value(of: parameter, &choices, sizes, call: &call) else { continue }
            members.append((parameter, value))
        }
        if parameters.contains("key_data"), choices.chance(20) {
            members.append(("key_data", .list((0..<keyWords).map { _ in word(&choices) })))
        } else if let state, !isQuery, choices.chance(20) {
            members.append(("state", text(of: state, &choices)))
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

    private func text(of state: State, _ choices: inout Choices) -> Node {
        let words = { (choices: inout Choices, count: Int) in
            Node.list((0..<count).map { _ in .literal(String(choices.word() >> 32)) })
        }
        let wide = { (choices: inout Choices) in Node.literal(String(choices.word())) }
        let half: [(name: String, value: Node)] = [
            ("has_uint32", .number(choices.below(2))), ("uinteger", .literal(String(choices.word() >> 32))),
        ]
        switch state {
        case .legacy:
            let (words, position) = (words(&choices, 624), Node.number(choices.below(625)))
            guard choices.chance(50) else { return .list([.string("MT19937"), words, position]) }
            return .object([
                ("bit_generator", .string("MT19937")), ("state", .object([("key", words), ("pos", position)])),
                ("has_gauss", .number(1)), ("gauss", .literal("-0.25")),
            ])
        case .pcg64:
            let increment = Node.string(String(choices.word() | 1))
            let state = Node.object([("state", wide(&choices)), ("inc", increment)])
            return .object([("bit_generator", .string("PCG64")), ("state", state)] + half)
        case .philox:
            let counter = Node.list((0..<4).map { _ in wide(&choices) })
            let key = Node.list((0..<2).map { _ in wide(&choices) })
            let buffer = Node.list((0..<4).map { _ in wide(&choices) })
            return .object(
                [
                    ("bit_generator", .string("Philox")), ("state", .object([("counter", counter), ("key", key)])),
                    ("buffer", buffer), ("buffer_pos", .number(choices.below(5))),
                ] + half)
        case .torch:
            // A generator that was seeded and has drawn no word.
            var bytes: [UInt8] = [7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
            for _ in 0..<624 {
                let word = choices.word()
                bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } + [0, 0, 0, 0]
            }
            return .string(Self.base64(bytes + [UInt8](repeating: 0, count: 40)))
        case .mlx: return words(&choices, 2)
        }
    }

    /// The base64 of bytes of which the last group of three has one.
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).reduce(0) { $0 << 8 | (start + $1 < bytes.count ? Int(bytes[start + $1]) : 0) }
            for shift in [18, 12, 6, 0] { text.append(alphabet[group >> shift & 63]) }
        }
        return String(decoding: text.dropLast(2), as: UTF8.self) + "=="
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
