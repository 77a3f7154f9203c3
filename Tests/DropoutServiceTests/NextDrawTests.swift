import Foundation
import Testing

/// How one request draws several masks from a library's generator: layers, samples and training steps.
@Suite struct NextDrawTests {
    private static let eye = "[[1,0,0],[0,1,0],[0,0,1]]"
    private static let input = "[[1,2,3,4],[5,6,7,8],[9,1,2,3]]"

    /// The masks of the dropouts of a network of `fields.count` identity layers, each with further fields.
    private static func network(_ fields: [String], _ top: String) throws -> [[[Int]]] {
        let layers = fields.map { "{\"weights\":\(eye),\"rate\":0.5\($0)}" }.joined(separator: ",")
        let reply = ask("/forward", "{\"input\":\(input),\"layers\":[\(layers)],\(top)}")
        let answered = try #require(reply.object["layers"] as? [[String: Any]], "\(reply.text)")
        return try answered.map { try #require($0["mask"] as? [[Int]]) }
    }

    private static func mask(_ fields: String) throws -> [[Int]] {
        let reply = ask("/mask", "{\"shape\":[3,4],\"rate\":0.5,\(fields)}")
        return try #require(reply.object["mask"] as? [[Int]], "\(reply.text)")
    }

    @Test(
        "The dropouts of a network draw as /mask does with the fields that the generator's `next` names",
        arguments: [
            (#""generator":"philox","seed":5"#, [#""stream":0"#, #""stream":1"#]),
            (#""generator":"numpy-legacy","seed":5"#, [#""skip":0"#, #""skip":12"#]),
            (#""generator":"numpy-legacy-binomial","seed":5"#, [#""skip":0"#, #""skip":12"#]),
            (#""generator":"numpy-pcg64","seed":5"#, [#""skip":0"#, #""skip":12"#]),
            (#""generator":"numpy-philox","seed":5"#, [#""skip":0"#, #""skip":12"#]),
            (#""generator":"onnx-reference","seed":5"#, [#""skip":0"#, #""skip":12"#]),
            (#""generator":"torch-cpu","seed":5"#, [#""skip":0"#, #""skip":24"#]),
            (#""generator":"torch-cpu-mkl","seed":5"#, [#""skip":0"#, #""skip":1"#]),
            (#""generator":"torch-cuda","seed":5"#, [#""offset_philox":0"#, #""offset_philox":4"#]),
            (#""generator":"jax","seed":5"#, [#""fold_in":[]"#, #""fold_in":[2147483649]"#]),
            (#""generator":"jax-rbg","seed":5"#, [#""fold_in":[]"#, #""fold_in":[2147483649]"#]),
            (#""generator":"flax-linen","seed":5"#, [#""path":["Dropout_0"]"#, #""path":["Dropout_1"]"#]),
            (#""generator":"flax-nnx","seed":5"#, [#""draws_before_fork":0"#, #""draws_before_fork":1"#]),
            (#""generator":"tf-dropout","seed":5"#, [#""call":0"#, #""call":1"#]),
            (#""generator":"mlx","seed":5"#, [#""call":0"#, #""call":1"#]),
            (#""generator":"tinygrad","seed":5"#, [#""skip":0"#, #""skip":12"#]),
            (#""generator":"onnxruntime","seed":5"#, [#""call":0"#, #""call":1"#]),
        ])
    func layers(_ top: String, _ own: [String]) throws {
        let drawn = try Self.network(["", ""], top)
        #expect(try drawn == own.map { try Self.mask("\(top),\($0)") })
        #expect(drawn[0] != drawn[1])
    }

    @Test("A pair of seeds and a layer's seed count up from dropout to dropout")
    func seedsCountUp() throws {
        #expect(
            try Self.network(["", ""], #""generator":"tf-stateless","seed":[5,9]"#)
                == [#"[5,9]"#, "[5,10]"].map { try Self.mask("\"generator\":\"tf-stateless\",\"seed\":\($0)") })
        #expect(
            try Self.network(["", ""], #""generator":"keras-jax","seed":5"#)
                == ["5", "6"].map { try Self.mask("\"generator\":\"keras-jax\",\"seed\":\($0)") })
    }

    @Test("A layer's own fields replace the network's, for itself alone")
    func ownFields() throws {
        let own = try Self.network(
            [#","path":["Block_0","Dropout_0"]"#, "", #","seed":77"#], #""generator":"flax-linen","seed":5"#)
        #expect(own[0] == (try Self.mask(#""generator":"flax-linen","seed":5,"path":["Block_0","Dropout_0"]"#)))
        #expect(own[1] == (try Self.mask(#""generator":"flax-linen","seed":5,"path":["Dropout_0"]"#)))
        #expect(own[2] == (try Self.mask(#""generator":"flax-linen","seed":77,"path":["Dropout_1"]"#)))
        let reply = ask(
            "/forward",
            "{\"input\":\(Self.input),\"layers\":[{\"weights\":\(Self.eye),\"rate\":0.5,\"path\":[\"a\"]}],\"seed\":1}")
        #expect(reply.pointers == ["/layers/0/path"])
    }

    /// A generator, and the fields for the passes 0 and 1 of a single tensor.
    @Test(
        "Samples are the passes that follow each other",
        arguments: [
            (#""generator":"philox","seed":5"#, [#""step":0"#, #""step":1"#]),
            (#""generator":"torch-cpu","seed":5"#, [#""skip":0"#, #""skip":24"#]),
            (#""generator":"numpy-pcg64","seed":5"#, [#""skip":0"#, #""skip":12"#]),
            (#""generator":"jax","seed":5"#, [#""fold_in":[]"#, #""fold_in":[1]"#]),
            (#""generator":"keras-torch","seed":5"#, [#""call":0"#, #""call":1"#]),
            (#""generator":"flax-nnx","seed":5"#, [#""call":0"#, #""call":1"#]),
        ])
    func samples(_ top: String, _ passes: [String]) throws {
        let ones = "[[1,1,1,1],[1,1,1,1],[1,1,1,1]]"
        let reply = ask("/forward", "{\"input\":\(ones),\"rate\":0.5,\(top),\"samples\":2,\"include\":[\"samples\"]}")
        let mean = try #require(reply.member("samples", "mean") as? [[Double]], "\(reply.text)")
        let masks = try passes.map { try Self.mask("\(top),\($0)") }
        let expected = zip(masks[0], masks[1]).map { zip($0, $1).map { Double($0 + $1) } }
        #expect(mean == expected)
    }

    @Test(
        "A training step's `next` continues the draws of its steps",
        arguments: [
            "philox", "numpy-legacy", "numpy-pcg64", "torch-cpu", "torch-cpu-mkl", "torch-cuda", "jax",
            "jax-philox4x32",
            "flax-linen", "flax-nnx", "tf-stateless", "tf-dropout", "keras-numpy", "mlx", "tinygrad", "onnxruntime",
        ])
    func steps(_ generator: String) throws {
        let seed = generator == "tf-stateless" ? "[5,9]" : "5"
        func masks(_ steps: Int, _ fields: String) throws -> (masks: [[[Int]]], next: [String: Any]) {
            let reply = ask(
                "/train-step",
                """
                {"input":\(Self.input),"target":\(Self.input),"loss":"mse","learning_rate":0,"steps":\(steps),
                "include":["masks","next"],"generator":"\(generator)"\(fields),
                "layers":[{"weights":\(Self.eye),"rate":0.5},{"weights":\(Self.eye),"rate":0.5}]}
                """)
            let masks = try #require(reply.object["masks"] as? [[[Int]]], "\(reply.text)")
            return (masks, try #require(reply.object["next"] as? [String: Any]))
        }
        // The masks of the third step, asked for as the last of three and as the one after two.
        let third = try masks(3, ",\"seed\":\(seed)").masks
        var fields: [String: Any] = ["seed": generator == "tf-stateless" ? [5, 9] : 5]
        fields.merge(try masks(2, ",\"seed\":\(seed)").next) { $1 }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
        #expect(try masks(1, "," + text.dropFirst().dropLast()).masks == third)
    }
}
