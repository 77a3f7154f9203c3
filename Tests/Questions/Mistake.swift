/// One thing that a caller may get wrong in a question: a value, a name, a field too many or too few.
struct Mistake {
    private let sizes: QuestionSizes

    init(_ sizes: QuestionSizes) { self.sizes = sizes }

    /// Values that some field refuses, or that lead to the edge of what it takes.
    private static let values = [
        "null", "true", "false", "0", "1", "2", "-1", "0.5", "-0", "-0.0", "1e-400", "1e308", "1e400", "4096", "65535",
        "16777216", "16777217", "2147483647", "2147483648", "3000000000", "4294967295", "4294967296",
        "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551615", "18446744073709551616", "\"\"", "\"0\"", "\"12\"", "\"NaN\"", "\"Infinity\"",
        "\"numpy\"", "\"a name that nothing has\"", "[]", "[[]]", "[[],[]]", "{}", "[0]", "[1,2]", "[[1,2],[3]]",
        "[1,\"x\"]", "[true,false]", "[0,1,1000000000000]", "[1,1,0,9223372036854775807]", "[3037000500,3037000500]",
        "{\"shape\":[0,1,1000000000000],\"data\":[]}", "{\"shape\":[1,1,0,9223372036854775807],\"data\":[]}",
        "{\"shape\":[1,0],\"data\":[]}", "{\"shape\":[0,1],\"data\":[]}", "{\"shape\":[1000000000000,0],\"data\":[]}",
        "{\"shape\":[2,2],\"data\":[1,2,3]}", "{\"shape\":[0],\"base64\":\"\"}", "{\"shape\":[4],\"packed\":\"8A==\"}",
    ]

    private static let names = [
        "rate", "keep_prob", "seed", "step", "skip", "call", "offset", "generator", "mode", "scheme", "granularity",
        "noise_shape", "variant", "block_size", "temperature", "previous", "data_format", "mask", "uniforms", "samples",
        "samples_format", "exact", "include", "layers", "input", "layout", "dtype", "mask_format", "tensor_format",
        "steps", "loss_samples", "eval_every", "test_input", "test_target", "keep_prop", "output", "outputs",
        "key_data", "fold_in", "path", "op_seed", "x64",
        "state",
    ]

    /// Fields whose number is a number of passes.
    private static let passes: Set = ["samples", "steps", "loss_samples", "exact"]

    func made(in root: Node, _ choices: inout Choices) -> Node {
        var place = choices.below(Self.count(root))
        return changed(root, name: "", &place, &choices) ?? .literal("null")
    }

    private static func count(_ node: Node) -> Int {
        switch node {
        case .text: 1
        case .list(let items): items.reduce(1) { $0 + count($1) }
        case .object(let members): members.reduce(1) { $0 + count($1.value) }
        }
    }

    /// The node with its part number `place` changed, nil if that part is gone.
    private func changed(_ node: Node, name: String, _ place: inout Int, _ choices: inout Choices) -> Node? {
        if place == 0 {
            place = -1
            return mistaken(node, name: name, &choices)
        }
        place -= 1
        switch node {
        case .text: return node
        case .list(let items):
            return .list(items.compactMap { place < 0 ? $0 : changed($0, name: name, &place, &choices) })
        case .object(let members):
            var changes: [(name: String, value: Node)] = []
            for member in members {
                let value = place < 0 ? member.value : changed(member.value, name: member.name, &place, &choices)
                if let value { changes.append((member.name, value)) }
            }
            return .object(changes)
        }
    }

    private func mistaken(_ node: Node, name: String, _ choices: inout Choices) -> Node? {
        switch (choices.below(8), node) {
        case (0, _): return nil
        case (1, .object(let members)) where !members.isEmpty:
            // A name stands twice, or in place of another.
            let place = choices.below(members.count)
            var changes = members
            if choices.chance(30) {
                changes.append(members[place])
            } else {
                let name = choices.one(of: Self.names)
                changes[place] = (name, bounded(members[place].value, name: name))
            }
            return .object(changes)
        case (2...5, .object(let members)):
            let name = choices.one(of: Self.names)
            return .object(members + [(name, value(name, &choices))])
        case (1, .list(let items)) where !items.isEmpty: return .list(items + [choices.one(of: items)])
        case (2, .list(let items)): return .list(items.dropLast())
        case (3, _): return .list([node])
        default: return value(name, &choices)
        }
    }

    private func value(_ name: String, _ choices: inout Choices) -> Node {
        bounded(.literal(choices.one(of: Self.values)), name: name)
    }

    /// The value, but for too many passes a small number.
    private func bounded(_ node: Node, name: String) -> Node {
        guard !sizes.mayNameManyPasses, Self.passes.contains(name), case .text(let text) = node, text.count > 2,
            text.contains(where: { (0x30...0x39).contains($0) })
        else { return node }
        return .number(sizes.passes)
    }
}
