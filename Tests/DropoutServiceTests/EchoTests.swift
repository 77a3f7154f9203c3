import Foundation
import Testing

/// What is echoed can be sent back, and gives the same answer.
@Suite struct EchoTests {
    /// The members of an answer that are results. All others are echoed.
    private static let results: Set = [
        "output", "mask", "noise", "check", "layers", "samples", "exact", "size", "kept", "kept_fraction", "scale",
        "log_probability", "fingerprint", "loss", "gradients", "masks", "optimizer_state", "next_step", "next",
    ]
    private static let layerResults: Set = [
        "pre_activation", "activation", "mask", "noise", "output", "check",
    ]

    /// A variant of a tensor with the fields that are not echoed, its input included.
    private static let variants = [
        #""input":[[1,-2,3],[-0.0,5,6]]"#, #""input":[[1,-2,3],[4,5,6]],"granularity":"unit""#,
        #""input":[[1,-2,3],[4,5,6]],"noise_shape":[1,3]"#, #""input":[[1,-2,3],[4,5,6]],"variant":"alpha""#,
        #""input":[[1,-2,3],[4,5,6]],"variant":"gaussian""#,
        #""input":[[1,-2,3],[4,5,6]],"variant":"concrete","temperature":0.5"#,
        #""input":[[[1,-2],[3,4]]],"variant":"spatial""#,
        #""input":[[[1,-2],[3,4]]],"variant":"spatial","data_format":"channels_last""#,
        #""input":[[1,-2,3],[4,5,6]],"variant":"drop_path""#,
        #""input":[[1,-2,3],[4,5,6]],"variant":"drop_path","granularity":"batch""#,
        #""input":[[[1,-2,3,4,5,6]]],"variant":"drop_block","block_size":2"#,
        #""input":[[[1,-2],[3,4]]],"variant":"variational""#,
        #""input":[[1,-2],[3,4]],"variant":"zoneout","previous":[[5,6],[7,8]]"#,
    ]

    private static let tensorFormats = ["nested", "flat", "base64"]
    private static let maskFormats = ["numbers", "booleans", "packed", "indices", "none"]

    /// The members that are not echoed, to which the echo is added.
    private static func kept(_ fields: String) -> [(name: String, text: String)] {
        Reply.members(of: "{\(fields)}").filter { ["input", "previous"].contains($0.name) }
    }

    private static func body(_ members: [(name: String, text: String)]) -> String {
        "{" + members.map { "\"\($0.name)\":\($0.text)" }.joined(separator: ",") + "}"
    }

    @Test("The echo of a tensor's answer gives the same answer", arguments: variants, ["train", "eval"])
    func tensors(_ variant: String, _ mode: String) {
        for tensorFormat in Self.tensorFormats {
            for maskFormat in Self.maskFormats {
                let formats = #""tensor_format":"\#(tensorFormat)","mask_format":"\#(maskFormat)""#
                let first = ask("/forward", #"{\#(variant),"rate":0.3,"mode":"\#(mode)",\#(formats)}"#)
                let echo = first.members.filter { !Self.results.contains($0.name) }
                let second = ask(
                    "/forward", Self.body(Self.kept(variant) + Reply.members(of: "{\(formats)}") + echo))
                #expect(first.status == 200, "\(first.text)")
                #expect(second.text == first.text)
            }
        }
    }

    @Test("The mask of a tensor's answer gives the same output and the same mask", arguments: variants)
    func masks(_ variant: String) {
        if variant.contains("gaussian") || variant.contains("concrete") { return }
        for tensorFormat in Self.tensorFormats {
            for maskFormat in Self.maskFormats where maskFormat != "none" {
                let formats = #""tensor_format":"\#(tensorFormat)","mask_format":"\#(maskFormat)""#
                let first = ask("/forward", #"{\#(variant),"rate":0.3,"seed":5,\#(formats)}"#)
                let moved = first.members.filter { $0.name == "mask" || !Self.results.contains($0.name) }
                let second = ask(
                    "/forward", Self.body(Self.kept(variant) + Reply.members(of: "{\(formats)}") + moved))
                #expect(second.status == 200, "\(moved) \(second.text)")
                for name in ["output", "mask"] {
                    #expect((try? second.json(name)) == (try? first.json(name)), "\(moved)")
                    #expect((try? first.json(name)) != nil)
                }
            }
        }
    }

    @Test(
        "The echo of each kind of generator gives the same answer",
        arguments: [
            #""generator":"flax-linen""#, #""generator":"flax-linen","path":["a","b"],"call":2"#,
            #""generator":"flax-nnx","draws_before_fork":2"#, #""generator":"tf-dropout""#,
            #""generator":"tf-dropout","op_seed":-7,"seed":3"#, #""generator":"torch-cuda""#,
            #""generator":"jax","x64":true"#, #""generator":"jax","key_data":[1,2],"fold_in":[3]"#,
            #""generator":"jax-original","rate_dtype":"float16""#, #""generator":"numpy-pcg64","skip":3"#,
            #""generator":"numpy-pcg64","seed":[1,"18446744073709551617"]"#, #""generator":"tf-stateless""#,
            #""generator":"keras-torch","call":1"#, #""generator":"onnxruntime""#, #""generator":"mlx""#,
            #""generator":"philox","seed":18446744073709551615,"step":4294967295,"stream":7,"offset":"9007199254740993""#,
        ])
    func generators(_ fields: String) {
        let first = ask("/forward", #"{"input":[1,2,3,4],"rate":0.3,\#(fields)}"#)
        #expect(first.status == 200, "\(first.text)")
        let echo = first.members.filter { !Self.results.contains($0.name) }
        let input = [(name: "input", text: "[1,2,3,4]")]
        #expect(ask("/forward", Self.body(input + echo)).text == first.text)
        let network = #""input":[[1,2]],"layers":[{"weights":[[1],[2]],"rate":0.5}]"#
        if !fields.contains("offset") {
            let answer = ask("/forward", "{\(network),\(fields)}")
            let rest = answer.members.filter { !Self.results.contains($0.name) }
            let again = ask("/forward", Self.body(Reply.members(of: "{\(network)}") + rest))
            #expect(again.text == answer.text)
            #expect(answer.status == 200, "\(answer.text)")
        }
        let mask = ask("/mask", #"{"shape":[8],"rate":0.3,\#(fields)}"#)
        let shape = mask.members.filter { !Self.results.contains($0.name) }
        #expect(ask("/mask", Self.body(shape)).text == mask.text)
        #expect(mask.status == 200, "\(mask.text)")
    }

    @Test("The echo of a layer gives the same answer", arguments: tensorFormats, maskFormats)
    func layers(_ tensorFormat: String, _ maskFormat: String) throws {
        let layers = [
            #""weights":[[1,-1],[2,0.5]],"activation":"relu","keep_prob":0.8"#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"granularity":"unit""#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"noise_shape":[1,2]"#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"variant":"alpha""#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"variant":"gaussian""#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"variant":"concrete","temperature":0.7"#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"variant":"drop_path""#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"variant":"drop_connect","granularity":"sample""#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"variant":"variational""#,
            #""weights":[[1,-1],[2,0.5]],"rate":0.5,"variant":"zoneout","previous":[[1,2],[3,4]]"#,
            #""weights":[[1,-1],[2,0.5]]"#,
        ]
        let formats = #""tensor_format":"\#(tensorFormat)","mask_format":"\#(maskFormat)","dtype":"float32""#
        let question = #""input":[[1,2],[3,4]],\#(formats)"#
        let list = layers.map { "{\($0)}" }.joined(separator: ",")
        let first = ask("/forward", #"{\#(question),"layers":[\#(list)]}"#)
        #expect(first.status == 200, "\(first.text)")
        var echoed: [String] = []
        for (given, answered) in zip(layers, Reply.items(of: try first.json("layers"))) {
            let own = Reply.members(of: "{\(given)}").filter {
                ["weights", "activation", "previous"].contains($0.name)
            }
            let echo = Reply.members(of: answered).filter { !Self.layerResults.contains($0.name) }
            echoed.append(Self.body(own + echo))
        }
        #expect(echoed.count == layers.count)
        let rest = first.members.filter { !Self.results.contains($0.name) && $0.name != "dtype" }
        let second = ask(
            "/forward",
            Self.body(
                Reply.members(of: "{\(question)}") + rest
                    + [(name: "layers", text: "[\(echoed.joined(separator: ","))]")]))
        #expect(second.text == first.text)
    }

    @Test(
        "A training step's layers, state and echo go on where it ended",
        arguments: tensorFormats,
        [#""sgd""#, #"{"name":"sgd","momentum":0.9,"nesterov":true}"#, #""adam""#, #"{"name":"adamw","beta1":0.5}"#])
    func training(_ tensorFormat: String, _ optimizer: String) throws {
        let layers = """
            [{"weights":[[1,-1],[2,0.5]],"bias":1,"activation":"tanh","keep_prob":0.8},
            {"weights":[[1,-1],[2,0.5]],"bias":[[1],[2]],"rate":0.5,"variant":"zoneout","previous":[[1,2],[3,4]]},
            {"weights":[[1,-1],[2,0.5]],"rate":0.5,"variant":"concrete","temperature":0.7,"granularity":"unit"},
            {"weights":[[1,-1]],"rate":0.5,"seed":9,"noise_shape":[1,2]}]
            """.replacingOccurrences(of: "\n", with: "")
        let fixed =
            #""input":[[1,2],[3,4]],"target":[[0,1]],"tensor_format":"\#(tensorFormat)","optimizer":\#(optimizer)"#
        let start = #"\#(fixed),"layers":\#(layers),"loss":"mse","learning_rate":0.1,"seed":4"#
        let two = ask("/train-step", "{\(start),\"steps\":2,\"include\":[\"layers\",\"optimizer_state\"]}")
        let one = ask("/train-step", "{\(start)}")
        #expect(one.status == 200, "\(one.text)")
        let echo = one.members.filter { !Self.results.contains($0.name) }
        let same = ask(
            "/train-step",
            Self.body(Reply.members(of: "{\(fixed)}") + [(name: "layers", text: layers)] + echo))
        #expect(same.text == one.text)
        let moved = try echo.map { ($0.name, $0.name == "step" ? try one.json("next_step") : $0.text) }
        let next = ask(
            "/train-step",
            Self.body(
                Reply.members(of: "{\(fixed)}") + moved
                    + [
                        ("layers", try one.json("layers")), ("optimizer_state", try one.json("optimizer_state")),
                        ("include", #"["layers","optimizer_state"]"#),
                    ]))
        #expect(next.text == two.text)
        #expect(two.status == 200)
    }

    @Test("The loss is taken by its echoed name, and both only if they agree")
    func lossFunction() {
        let fields = #""input":[[1]],"layers":[{"weights":[[1]]}],"target":[[0]],"learning_rate":1"#
        let plain = ask("/train-step", #"{\#(fields),"loss":"half_mse"}"#)
        #expect(plain.status == 200)
        #expect(ask("/train-step", #"{\#(fields),"loss_function":"half_mse"}"#).text == plain.text)
        #expect(ask("/train-step", #"{\#(fields),"loss":"half_mse","loss_function":"half_mse"}"#).text == plain.text)
        let both = ask("/train-step", #"{\#(fields),"loss":"mse","loss_function":"half_mse"}"#)
        #expect(both.pointers == ["/loss_function"])
        #expect(ask("/train-step", "{\(fields)}").pointers == [""])
        #expect(ask("/train-step", #"{\#(fields),"loss_function":"mae"}"#).pointers == ["/loss_function"])
    }

    @Test(
        "The generator's note is ignored on every route",
        arguments: [
            ("/forward", #""input":[1],"rate":0.5,"seed":1"#), ("/mask", #""shape":[1],"rate":0.5,"seed":1"#),
            ("/verify", #""input":[1],"output":[2],"rate":0.5"#),
            (
                "/train-step",
                #""input":[[1]],"layers":[{"weights":[[1]]}],"target":[[0]],"learning_rate":1,"loss":"mse""#
            ),
        ])
    func note(_ path: String, _ fields: String) {
        let plain = ask(path, "{\(fields)}")
        #expect(plain.status == 200)
        for note in [#""any text""#, "null", "7"] {
            #expect(ask(path, #"{\#(fields),"generator_note":\#(note)}"#).text == plain.text)
        }
    }
}
