import DropoutService
import Foundation
import Testing

/// The first wrong questions of a newcomer, each with the sentence that helps.
@Suite struct FirstErrorTests {
    @Test(
        "A wrong name gets the sentence that helps", arguments: FirstError.fields + FirstError.names + FirstError.seeds)
    func aWrongNameGetsTheSentenceThatHelps(_ error: FirstError) { error.check() }

    @Test(
        "A wrong value gets the sentence that helps",
        arguments: FirstError.numbers + FirstError.tensors + FirstError.texts)
    func aWrongValueGetsTheSentenceThatHelps(_ error: FirstError) { error.check() }

    /// Every field of a question.
    private static let fields = [
        "input", "layers", "mask", "uniforms", "samples", "exact", "include", "keep_prob", "rate", "granularity",
        "noise_shape", "variant", "block_size", "previous", "generator", "offset", "seed", "mode", "layout", "dtype",
        "mask_format", "fold_in", "key_data", "path", "x64", "order", "draw_dtype", "op_seed", "step",
    ]

    /// Values of all kinds, short and long.
    private static let values = [
        "1.5", "-1", "true", "\"a\"", "{}", "[]", "[1.5]", "[-1, 2]", "[\"a\"]", "[true, false]", "[[1, 2]]",
        "[[1], [2, 3]]", "[1, \"a\"]", "[1, [2]]", "[{}]", "[null]", "[\(list("7", 65))]", "[\(list("\"a\"", 65))]",
        "[\(list("7", 30)), -2]", "[\(list("7", 30)), \"a\"]", "[[\(list("7", 3000))], \"a\"]",
    ]

    private static func list(_ item: String, _ count: Int) -> String {
        [String](repeating: item, count: count).joined(separator: ", ")
    }

    @Test(
        "No message says that a list was expected and a list found, nor the like of another kind",
        arguments: fields, ["philox", "numpy-pcg64", "jax", "tf-stateless"])
    func noMessageContradictsItself(_ field: String, _ generator: String) {
        let kinds = [
            "a list found": "list", "an array found": "list", "a number found": "number", "a string found": "string",
            "a boolean found": "boolean", "an object found": "object",
        ]
        for value in Self.values {
            let others = ["input": "[1, 2]", "rate": "0.5", "generator": "\"\(generator)\""].filter { $0.key != field }
            let members = others.map { "\"\($0.key)\": \($0.value)" } + ["\"\(field)\": \(value)"]
            for (_, detail) in FirstError.errors(ask("/forward", "{\(members.joined(separator: ", "))}")) {
                for (found, kind) in kinds {
                    guard let end = detail.range(of: found)?.lowerBound else { continue }
                    #expect(!detail[..<end].contains(kind), "\(field): \(value): \(detail)")
                }
                #expect(!detail.contains("incomplete"))
            }
        }
    }

    @Test("A name that no generator has is never answered with the names of all generators")
    func aWrongGeneratorGetsAFewNames() {
        for name in [
            "", "x", "torch", "numpy", "tensorflow", "keras", "jax.random", "cpu", "random", "3", "cuda on jax", "-",
        ] {
            let reply = ask("/mask", "{\"shape\": [1], \"rate\": 0.5, \"generator\": \"\(name)\"}")
            #expect(reply.pointers == ["/generator"])
            let words = reply.text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
            #expect(Set(words.filter { $0.contains("-") && Self.isGenerator($0) }).count <= 7)
        }
    }

    private static func isGenerator(_ name: String) -> Bool {
        ask("/mask", "{\"shape\": [1], \"rate\": 0, \"generator\": \"\(name)\"}").status == 200
    }
}
