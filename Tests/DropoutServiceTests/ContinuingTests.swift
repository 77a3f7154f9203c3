import DropoutEngine
import DropoutService
import Foundation
import Testing

/// The law of going on: what follows a request is what its `next` says, for every generator.
@Suite struct ContinuingTests {
    // MARK: Questions

    /// A request's members.
    typealias Members = [String: Any]

    private static func text(_ members: Members) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: members, options: .sortedKeys), as: UTF8.self)
    }

    private static func answer(_ path: String, _ members: Members) throws -> Members {
        let reply = ask(path, try text(members))
        try #require(reply.status == 200, "\(reply.text)")
        return reply.object
    }

    /// The seed of a generator's question, and another one.
    static func seeds(_ generator: Generator) -> (Any, Any) {
        generator.name.hasPrefix("tf-stateless") ? ([5, 9], [77, -3]) : (5, 77)
    }

    /// A generator, and whether the question has a state instead of a seed.
    struct Stream: Sendable, CustomTestStringConvertible {
        let generator: Generator
        var hasState = false

        var testDescription: String { "\(generator)\(hasState ? " from a state" : "")" }
    }

    /// Every generator from a seed, and from a state if it takes one.
    static let streams: [Stream] =
        Generator.all.map { Stream(generator: $0) }
        + Generator.all.filter { !LibraryStates.pair($0.name).isEmpty }.map { Stream(generator: $0, hasState: true) }

    /// Two states of a generator, as answers echo them.
    private static func states(_ generator: Generator) -> [Any] {
        LibraryStates.pair(generator.name).compactMap { state in
            ask("/mask", #"{"shape":[1],"rate":0.5,"generator":"\#(generator)","state":\#(state)}"#).object["state"]
        }
    }

    /// A stream's top-level fields, those that count among them.
    static func top(_ stream: Stream) -> Members {
        let generator = stream.generator
        var top: Members = ["generator": generator.name]
        if stream.hasState { top["state"] = states(generator)[0] } else { top["seed"] = seeds(generator).0 }
        for parameter in generator.parameters {
            switch parameter {
            case .step: top["step"] = 3
            case .stream: top["stream"] = 2
            case .skip: top["skip"] = 7
            case .call: top["call"] = 2
            case .drawsBeforeFork: top["draws_before_fork"] = 1
            case .philoxOffset: top["offset_philox"] = 8
            case .foldIn: top["fold_in"] = [4]
            case .path: top["path"] = ["Block_1"]
            default: break
            }
        }
        return top
    }

    /// A value that a layer may have for each field of its own.
    static func own(_ generator: Generator) -> [(String, Any)] {
        [("seed", seeds(generator).1)] + states(generator).suffix(1).map { ("state", $0) }
            + generator.parameters.compactMap { parameter in
                let value: Any? =
                    switch parameter {
                    case .step: 9
                    case .stream: 6
                    case .skip: 21
                    case .call: 5
                    case .drawsBeforeFork: 4
                    case .philoxOffset: 40
                    case .foldIn: [8, 9]
                    case .path: ["a", "b"]
                    case .opSeed: 13
                    case .drawType: generator.drawTypes[1].rawValue
                    case .rateType: "bfloat16"
                    case .x64: true
                    case .vectorWidth: 1
                    case .keyData: nil
                    case .multiprocessors: 2
                    case .threadsPerMultiprocessor: 512
                    case .partitionable: false
                    case .keyType: "philox4x32"
                    case .execution: "eager"
                    case .order: [1, 0]
                    case .keepWhen: "above"
                    }
                return value.map { (parameter.rawValue, $0) }
            }
    }

    /// What the layers of a network have, beside their weights.
    static func networks(_ generator: Generator) -> [[Members]] {
        let half: Members = ["rate": 0.5]
        let own = own(generator).map { field in half.merging([field.0: field.1]) { $1 } }
        return [
            [half], [half, half], [["rate": 0.0], half, ["rate": 1.0], half], [half, ["rate": 0.0]],
            [half, ["rate": 0.3, "variant": "alpha"], ["rate": 0.4, "variant": "drop_path"]],
            [["rate": 0.0, "variant": "drop_path"], ["rate": 1.0, "variant": "drop_path"], half],
            [["rate": 0.4, "variant": "drop_connect"], half, ["rate": 0.4, "granularity": "unit"]],
            [["keep_prob": 0.5, "mask": [[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]]], half],
        ] + own.map { [half, $0, half] } + [own + [half]]
    }

    private static let eye = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    private static let input = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]]

    private static func training(_ top: Members, _ layers: [Members]) -> Members {
        top.merging([
            "input": input, "target": input, "loss": "mse", "learning_rate": 0,
            "include": ["masks", "next", "layers"], "layers": layers.map { $0.merging(["weights": eye]) { $1 } },
        ]) { $1 }
    }

    /// The question that an answer's `next` and `layers` make of the one before.
    private static func moved(_ question: Members, by answer: Members) throws -> Members {
        var next = try #require(answer["next"] as? Members)
        let layers = try #require(answer["layers"] as? [Members])
        var question = question
        question["layers"] = zip(layers, try #require(question["layers"] as? [Members])).map { answered, asked in
            // A given mask is not answered.
            answered.merging(asked.filter { $0.key == "mask" }) { $1 }
        }
        if let own = next.removeValue(forKey: "layers") as? [Any] {
            for (place, fields) in zip(layers, own) {
                for (name, value) in fields as? Members ?? [:] {
                    let (next, answered) = (try text([name: value]), try text([name: place[name] ?? "absent"]))
                    #expect(next == answered)
                }
            }
        }
        return question.merging(next) { $1 }
    }

    // MARK: Laws

    @Test("Requests chained by `next` draw what one request with `steps` draws", arguments: streams)
    func chain(_ stream: Stream) throws {
        let generator = stream.generator
        for layers in Self.networks(generator) {
            let first = Self.training(Self.top(stream), layers)
            var question = first
            for steps in 1...6 {
                let answer = try Self.answer("/train-step", question)
                let whole = try Self.answer("/train-step", first.merging(["steps": steps]) { $1 })
                let (one, all) = (
                    try Self.text(["masks": answer["masks"] ?? 0]), try Self.text(["masks": whole["masks"] ?? 1])
                )
                #expect(one == all, "step \(steps) of \(layers)")
                #expect(
                    try Self.text(["next": answer["next"] ?? 0, "layers": answer["layers"] ?? 0])
                        == Self.text(["next": whole["next"] ?? 1, "layers": whole["layers"] ?? 1]))
                question = try Self.moved(question, by: answer)
            }
        }
    }

    @Test("Pass p of `samples` is what the request moved on by p passes draws", arguments: streams)
    func samples(_ stream: Stream) throws {
        let generator = stream.generator
        let variants: [Members] = [
            ["rate": 0.5], ["rate": 0], ["rate": 1], ["rate": 0.5, "granularity": "unit"],
            ["rate": 0.3, "variant": "alpha"],
            ["rate": 0.5, "variant": "drop_path"], ["rate": 0.5, "variant": "variational"],
        ]
        let tensors: [Members] = variants.map {
            Self.top(stream).merging(["input": Self.input]) { $1 }.merging($0) { $1 }
        }
        let networks = Self.networks(generator).map { layers in
            Self.training(Self.top(stream), layers).filter { !["target", "loss", "learning_rate"].contains($0.key) }
        }
        for question in tensors + networks {
            let lines = ask(
                "/forward",
                try Self.text(
                    question.merging(["samples": 4, "samples_format": "ndjson", "include": ["samples"]]) { $1 })
            ).text.split(separator: "\n").map { Reply(status: 200, text: String($0), headers: [:]) }
            try #require(lines.count == 5, "\(lines)")
            var next = question
            for pass in 0..<4 {
                let answer = try Self.answer("/forward", next.merging(["include": ["output", "next"]]) { $1 })
                #expect(
                    try Self.text(["output": answer["output"] ?? 0])
                        == Self.text(["output": lines[pass].object["output"] ?? 1]), "pass \(pass) of \(question)")
                var fields = try #require(answer["next"] as? Members)
                if let layers = fields.removeValue(forKey: "layers") as? [Any] {
                    let asked = try #require(next["layers"] as? [Members])
                    next["layers"] = zip(asked, layers).map { $0.merging($1 as? Members ?? [:]) { $1 } }
                }
                next.merge(fields) { $1 }
            }
            let moved = try Self.answer("/forward", question.merging(["samples": 4, "include": ["next"]]) { $1 })
            let fields = try #require(moved["next"] as? Members).filter { $0.key != "layers" }
            let (said, chained) = (try Self.text(fields), try Self.text(next.filter { fields.keys.contains($0.key) }))
            #expect(said == chained)
        }
    }

    @Test("A layer's field replaces the network's and nothing else", arguments: streams)
    func layerFields(_ stream: Stream) throws {
        let generator = stream.generator
        let top = Self.top(stream)
        for (name, value) in [("", 0 as Any)] + Self.own(generator) {
            let field: Members = name.isEmpty ? [:] : [name: value]
            let layer = ["weights": Self.eye, "rate": 0.5].merging(field) { $1 }
            let network = try Self.answer(
                "/forward", top.merging(["input": Self.input, "layers": [layer], "include": ["layers"]]) { $1 })
            // A seed and a state take each other's place.
            let replaced = ["seed": "state", "state": "seed"][name]
            var expected = top.filter { $0.key != replaced }.merging(field) { $1 }.merging([
                "shape": [3, 4], "rate": 0.5,
            ]) { $1 }
            // The network's path is a prefix; a layer's own path is the whole of it.
            if let path = top["path"] as? [String], name != "path" { expected["path"] = path + ["Dropout_0"] }
            let mask = try Self.answer("/mask", expected)
            let layers = try #require(network["layers"] as? [Members])
            #expect(
                try Self.text(["mask": layers[0]["mask"] ?? 0]) == Self.text(["mask": mask["mask"] ?? 1]), "\(field)")
        }
    }

    /// A generator and how far a draw of 12 units moves it: at rate 0.5, at rate 0 and at rate 1.
    ///
    /// Runs of the libraries (PyTorch 2.13.0, timm 1.0.31, TensorFlow 2.21.0, Keras 3.15.1, Flax 0.12.8, MLX 0.32.4, ONNX Runtime 1.32.0, tinygrad
    /// 0.14.0, Paddle 3.3.1, MindSpore 2.10.0) decide the rates 0 and 1: what the next draw's mask showed. PyTorch's MKL and CUDA kernels are read.
    struct Moves: Sendable, CustomTestStringConvertible {
        let generator: String
        var variant = "dropout"
        let field: String
        let half: Int
        let rate0: Int
        let rate1: Int

        var testDescription: String { "\(generator) \(variant)" }
    }

    static let moves: [Moves] = [
        Moves(generator: "torch-cpu", field: "skip", half: 24, rate0: 0, rate1: 0),
        Moves(generator: "torch-cpu", variant: "alpha", field: "skip", half: 24, rate0: 0, rate1: 0),
        Moves(generator: "torch-cpu", variant: "drop_path", field: "skip", half: 8, rate0: 0, rate1: 8),
        Moves(generator: "torch-cpu-mkl", field: "skip", half: 1, rate0: 0, rate1: 0),
        Moves(generator: "torch-cuda", field: "offset_philox", half: 4, rate0: 0, rate1: 0),
        Moves(generator: "tf-dropout", field: "call", half: 1, rate0: 1, rate1: 1),
        Moves(generator: "mlx", field: "call", half: 1, rate0: 0, rate1: 1),
        Moves(generator: "onnxruntime", field: "call", half: 1, rate0: 0, rate1: 1),
        Moves(generator: "tinygrad", field: "skip", half: 12, rate0: 0, rate1: 0),
        Moves(generator: "keras-jax", field: "call", half: 1, rate0: 0, rate1: 0),
        Moves(generator: "keras-torch", field: "call", half: 1, rate0: 0, rate1: 0),
        Moves(generator: "flax-linen", field: "call", half: 1, rate0: 0, rate1: 0),
        Moves(generator: "flax-nnx", field: "call", half: 1, rate0: 0, rate1: 0),
        Moves(generator: "torch-compile", field: "skip", half: 2, rate0: 0, rate1: 0),
        Moves(generator: "paddle", field: "skip", half: 12, rate0: 0, rate1: 0),
        Moves(generator: "mindspore", field: "call", half: 1, rate0: 1, rate1: 1),
        Moves(generator: "numpy-legacy", field: "skip", half: 12, rate0: 12, rate1: 12),
        Moves(generator: "numpy-pcg64", field: "skip", half: 12, rate0: 12, rate1: 12),
    ]

    @Test("A draw that the library does not make moves nothing", arguments: moves)
    func silence(_ moves: Moves) throws {
        for (rate, length) in [(0.5, moves.half), (0, moves.rate0), (1, moves.rate1)] {
            let answer = try Self.answer(
                "/forward",
                [
                    "input": Self.input, "rate": rate, "variant": moves.variant, "generator": moves.generator,
                    "seed": 5,
                    "include": ["next"],
                ])
            #expect(answer["next"] as? [String: Int] == [moves.field: length], "rate \(rate)")
        }
    }

    @Test("An evaluation and a mask's question say what follows too")
    func otherRoutes() throws {
        let question: Members = ["input": [1, 2, 3], "rate": 0.5, "seed": 1, "step": 4, "include": ["next"]]
        #expect(ask("/forward", try Self.text(question)).text == #"{"next":{"step":5}}"# + "\n")
        #expect(
            ask("/forward", try Self.text(question.merging(["mode": "eval"]) { $1 })).text
                == #"{"next":{"step":4}}"# + "\n")
        #expect(
            ask("/mask?shape=3&rate=0.5&generator=torch-cpu&seed=1&skip=2&include=next").text
                == #"{"next":{"skip":8}}"# + "\n")
        #expect(ask("/mask?shape=3&rate=0.5&seed=1&include=mask").text == #"{"mask":[0,0,0]}"# + "\n")
    }

    // MARK: Ends of the fields

    /// A field's last value, and the generator.
    static let lastValues: [(generator: String, field: String, value: String)] = [
        ("philox", "step", "4294967295"), ("jax", "step", "4294967295"), ("jax-rbg", "step", "4294967295"),
        ("flax-linen", "call", "4294967295"), ("flax-nnx", "call", "4294967295"),
        ("keras-numpy", "call", "4294967295"), ("onnxruntime", "call", "4294967295"),
        ("torch-cuda", "offset_philox", "18446744073709551612"), ("tf-stateless", "seed", "[9223372036854775807,9]"),
    ]

    @Test(
        "The last pass is drawn and its `next` is null; a pass after it is refused at its field", arguments: lastValues)
    func lastPass(_ generator: String, _ field: String, _ value: String) throws {
        let seed = field == "seed" ? "" : #","seed":1"#
        let question = #"{"input":[1,2,3],"rate":0.5,"generator":"\#(generator)","\#(field)":\#(value)\#(seed)"#
        let last = ask("/forward", question + #","include":["mask","next"]}"#)
        #expect(last.status == 200, "\(last.text)")
        #expect(last.object["next"] is NSNull)
        for passes in [2, 3] {
            let beyond = ask("/forward", question + #","samples":\#(passes)}"#)
            #expect(beyond.status == 422)
            #expect(beyond.pointers == ["/\(field)"], "\(beyond.text)")
        }
        let steps = ask(
            "/train-step",
            #"{"input":[[1]],"target":[[1]],"loss":"mse","learning_rate":0,"layers":[{"weights":[[1]],"rate":0.5}],"steps":2,"generator":"\#(generator)","\#(field)":\#(value)\#(seed)}"#
        )
        #expect(steps.pointers == ["/\(field)"], "\(steps.text)")
    }

    @Test("The end of a field that no layer draws with ends nothing")
    func unusedField() throws {
        let question =
            #"{"input":[[1]],"generator":"tf-stateless","seed":["9223372036854775807",5],"include":["next"],"#
        let layer = #"{"weights":[[1]],"rate":0.5,"seed":[1,2]}"#
        #expect(
            ask("/forward", question + "\"layers\":[\(layer)]}").text
                == #"{"next":{"seed":["9223372036854775807",5],"layers":[{"seed":[2,2]}]}}"# + "\n")
    }

    @Test("A stream's skip ends where its words end")
    func lastSkip() {
        for (generator, last) in [("numpy-pcg64", "18446744073709551612"), ("tinygrad", "18446744073709551612")] {
            let question = #"{"input":[1,2,3],"rate":0.5,"generator":"\#(generator)","seed":1,"skip":\#(last)"#
            #expect(
                ask("/forward", question + #","include":["next"]}"#).text
                    == #"{"next":{"skip":"18446744073709551615"}}"#
                    + "\n")
            #expect(ask("/forward", question + #","samples":2}"#).pointers == ["/skip"])
        }
    }

    @Test(
        "A dropout of a network beyond the last place is refused at its field",
        arguments: [
            (#""generator":"philox","seed":1,"stream":4294967295"#, "/stream"),
            (#""generator":"keras-jax","seed":4294967295"#, "/seed"),
            (#""generator":"keras-tensorflow","seed":9223372036854775807"#, "/seed"),
            (#""generator":"flax-nnx","seed":1,"draws_before_fork":4294967295"#, "/draws_before_fork"),
            (#""generator":"tf-dropout","seed":1,"op_seed":9223372036854775807"#, "/op_seed"),
            (#""generator":"tf-stateless","seed":[1,9223372036854775807]"#, "/seed"),
        ])
    func lastPlace(_ fields: String, _ pointer: String) {
        func network(_ layers: Int) -> Reply {
            let layer = #"{"weights":[[1]],"rate":0.5}"#
            let list = [String](repeating: layer, count: layers).joined(separator: ",")
            return ask("/forward", #"{"input":[[1]],"layers":[\#(list)],\#(fields)}"#)
        }
        #expect(network(1).status == 200, "\(network(1).text)")
        #expect(network(2).status == 422)
        #expect(network(2).pointers == [pointer])
    }

    @Test("Keras on PyTorch refuses a second pass of a seed from 2^31 on")
    func secondCall() {
        let question = #"{"input":[1,2],"rate":0.5,"generator":"keras-torch","seed":2147483648"#
        #expect(ask("/forward", question + "}").status == 200)
        #expect(ask("/forward", question + #","samples":2}"#).pointers == ["/seed"])
    }

    // MARK: Nothing drawn

    @Test(
        "Where nothing is drawn no seed is made up, and one that was sent is echoed",
        arguments: [#""rate":0.5,"mode":"eval""#, #""rate":0"#, #""rate":1"#, #""rate":0,"generator":"tf-stateless""#])
    func noSeed(_ fields: String) {
        let network =
            #"{"input":[[1]],"layers":[{"weights":[[1]],\#(fields.split(separator: ",")[0])}],"#
            + fields.split(separator: ",").dropFirst().joined(separator: ",")
        for question in [
            #"{"input":[1,2,3],\#(fields)"#, network.hasSuffix(",") ? String(network.dropLast()) : network,
        ] {
            let first = ask("/forward", question + "}")
            #expect(first.status == 200, "\(first.text)")
            #expect(first.object["seed"] == nil)
            #expect(ask("/forward", question + "}").text == first.text)
            let seed = fields.contains("stateless") ? "[7,8]" : "7"
            #expect(ask("/forward", question + #","seed":\#(seed)}"#).object["seed"] != nil)
        }
        if !fields.contains("eval") {
            let mask = ask("/mask", #"{"shape":[3],\#(fields)}"#)
            #expect(mask.object["seed"] == nil)
            #expect(ask("/mask", #"{"shape":[3],\#(fields)}"#).text == mask.text)
        }
    }

    @Test("A drawing error points to the field that is at fault, not to the offset")
    func pointers() {
        let layers = #""layers":[{"weights":[[1],[1],[1],[1]],"rate":0.5}]"#
        let network = #"{"input":[[1,1,1,1]],"generator":"mlx","seed":5,"call":4294967295,\#(layers)}"#
        #expect(ask("/forward", network).pointers == ["/call"])
        let own =
            #"{"input":[[1,1,1,1]],"generator":"mlx","seed":5,"layers":[{"weights":[[1]],"rate":0.5,"call":4294967295}]}"#
        #expect(ask("/forward", own).pointers == ["/layers/0/call"])
    }
}
