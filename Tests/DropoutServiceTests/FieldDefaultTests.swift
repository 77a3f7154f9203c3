import Foundation
import Testing
import Yams

/// What openapi.yaml documents as a default may be sent, and null means left out.
@Suite struct FieldDefaultTests {
    /// A question that is answered, as JSON members.
    struct Question: CustomTestStringConvertible, Sendable {
        let path: String
        let schema: String
        let members: String
        /// The members of the only layer, if the fields of `schema` are a layer's.
        var layer: String?

        init(_ path: String, _ schema: String, _ members: String, layer: String? = nil) {
            (self.path, self.schema, self.members, self.layer) = (path, schema, members, layer)
        }

        var testDescription: String { "\(path) {\(members)\(layer.map { ",layer \($0)" } ?? "")}" }

        /// The question with one more member, which is the layer's if there is one.
        func body(_ extra: String? = nil) -> String {
            let extra = extra.map { ",\($0)" } ?? ""
            guard let layer else { return "{\(members)\(extra)}" }
            return #"{\#(members),"layers":[{\#(layer)\#(extra)},{"weights":[[1,2]],"rate":0.25}]}"#
        }

        func has(_ field: String) -> Bool { (layer ?? members).contains(#""\#(field)":"#) }
    }

    private static let generators = [
        "philox", "numpy-legacy", "numpy-pcg64", "onnxruntime", "torch-cpu", "torch-cuda", "jax", "jax-rbg",
        "flax-linen",
        "flax-nnx", "tf-stateless", "tf-dropout", "keras-jax", "mlx", "tinygrad",
    ]

    private static let questions: [Question] = {
        var questions: [Question] = []
        for generator in generators {
            let drawn = #""generator":"\#(generator)","seed":\#(generator == "tf-stateless" ? "[1,2]" : "1")"#
            questions.append(Question("/mask", "MaskQuestion", #""shape":[3,4],"rate":0.5,\#(drawn)"#))
            questions.append(Question("/forward", "ForwardQuestion", #""input":[[1,2],[3,4]],"rate":0.5,\#(drawn)"#))
            questions.append(
                Question("/verify", "VerifyQuestion", #""input":[1,2],"output":[2,0],"rate":0.5,\#(drawn)"#))
            questions.append(
                Question(
                    "/forward", "Layer", #""input":[[1,2],[3,4]],\#(drawn)"#,
                    layer: #""weights":[[1,2],[3,4]],"rate":0.5"#))
        }
        let map = #""input":[[[1,2,3,4,5,6,7,8]]],"rate":0.1,"seed":1"#
        for variant in ["alpha", "gaussian", "spatial", "drop_path", "drop_block", "variational", "concrete"] {
            questions.append(Question("/forward", "ForwardQuestion", #"\#(map),"variant":"\#(variant)""#))
        }
        questions += [
            Question("/mask", "MaskQuestion", #""shape":[3,4],"rate":0.5,"seed":1"#),
            Question("/mask", "MaskQuestion", #""shape":[3,4],"rate":0.5,"seed":1,"noise_shape":[3,1]"#),
            Question("/forward", "ForwardQuestion", #""input":[1,2,3],"rate":0.5,"seed":1"#),
            Question("/forward", "ForwardQuestion", #""input":[1,2],"rate":0.5,"seed":1,"samples":2"#),
            Question("/forward", "ForwardQuestion", #""input":[1,2],"keep_prob":0.5,"mask":[0,1]"#),
            Question(
                "/forward", "ForwardQuestion",
                #""input":[1,2],"rate":0.5,"seed":1,"variant":"zoneout","previous":[3,4]"#),
            Question(
                "/forward", "ForwardQuestion", #""input":[[1],[2]],"seed":1,"layers":[{"weights":[[1,2]],"rate":0.5}]"#),
            Question("/forward", "Layer", #""input":[[1],[2]],"seed":1"#, layer: #""weights":[[1,2],[3,4]]"#),
            Question(
                "/forward", "Layer", #""input":[[1],[2]],"seed":1"#,
                layer: #""weights":[[1,2],[3,4]],"rate":0.5,"variant":"drop_connect""#),
            Question("/verify", "VerifyQuestion", #""input":[1,2],"output":[2,0],"rate":0.5"#),
            Question("/verify", "VerifyQuestion", #""input":[1,2],"outputs":[[2,0],[0,4]]"#),
            Question(
                "/train-step", "TrainStepQuestion",
                #""input":[[1],[2]],"target":[[1]],"loss":"mse","learning_rate":0.1,"seed":1,"layers":[{"weights":[[1,2]],"rate":0.5}]"#
            ),
            Question(
                "/train-step", "Layer", #""input":[[1],[2]],"target":[[1]],"loss":"mse","learning_rate":0.1,"seed":1"#,
                layer: #""weights":[[1,2],[3,4]],"rate":0.5"#),
        ]
        return questions
    }()

    /// The fields of a schema: which are required, and the defaults as JSON.
    private struct Fields: Sendable {
        let names: Set<String>
        let required: Set<String>
        let defaults: [String: String]
    }

    private static let schemas: [String: Fields] = {
        let document = (try? Yams.load(yaml: ask("/openapi.yaml").text)) as? [String: Any]
        let schemas = (document?["components"] as? [String: Any])?["schemas"] as? [String: [String: Any]] ?? [:]
        return schemas.mapValues { schema in
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            return Fields(
                names: Set(properties.keys), required: Set(schema["required"] as? [String] ?? []),
                defaults: properties.compactMapValues { fieldDefault($0, schemas).flatMap { try? json($0) } })
        }
    }()

    /// The default of a schema, of what it refers to, or of one of its alternatives. Null is one where a field may be left out.
    private static func fieldDefault(_ schema: [String: Any], _ schemas: [String: [String: Any]]) -> Any? {
        if let value = schema["default"] { return value }
        let name = (schema["$ref"] as? String)?.split(separator: "/").last.map(String.init)
        let parts = [name.flatMap { schemas[$0] }].compactMap(\.self) + (schema["anyOf"] as? [[String: Any]] ?? [])
        return parts.lazy.compactMap { fieldDefault($0, schemas) }.first
    }

    private static func json(_ value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed), as: UTF8.self)
    }

    @Test("A field with its documented default is a field left out", arguments: questions)
    func defaults(_ question: Question) throws {
        let plain = ask(question.path, question.body())
        #expect(plain.status == 200, "\(plain.text)")
        var sent = 0
        for (field, value) in try #require(Self.schemas[question.schema]).defaults where !question.has(field) {
            let reply = ask(question.path, question.body(#""\#(field)":\#(value)"#))
            #expect(reply.text == plain.text, "\(field)")
            sent += 1
        }
        #expect(sent >= (question.schema == "Layer" ? 4 : 12))
    }

    @Test("An optional field that is null is a field left out", arguments: questions)
    func nulls(_ question: Question) throws {
        let plain = ask(question.path, question.body())
        let schema = try #require(Self.schemas[question.schema])
        #expect(schema.names.count > 15)
        for field in schema.names where !schema.required.contains(field) && !question.has(field) {
            let reply = ask(question.path, question.body(#""\#(field)":null"#))
            #expect(reply.text == plain.text, "\(field)")
        }
    }

    @Test("A layer's parameter that its generator lacks may have its default", arguments: generators)
    func layerParameters(_ generator: String) throws {
        let seed = generator == "tf-stateless" ? "[1,2]" : "1"
        let question = Question(
            "/forward", "Layer", #""input":[[1,2],[3,4]],"generator":"\#(generator)","seed":\#(seed)"#,
            layer: #""weights":[[1,2],[3,4]],"rate":0.5"#)
        let plain = ask(question.path, question.body())
        let defaults = try #require(Self.schemas["ForwardQuestion"]).defaults
        let generators = try #require(ask("/generators").object["generators"] as? [[String: Any]])
        let own = try #require(
            generators.first { $0["name"] as? String == generator }?["parameters"] as? [[String: Any]])
        let lacking = try #require(Self.schemas["Layer"]).names.filter { name in
            defaults[name] != nil && !own.contains { $0["name"] as? String == name }
        }
        for field in lacking {
            let value = try #require(defaults[field])
            #expect(ask(question.path, question.body(#""\#(field)":\#(value)"#)).text == plain.text, "\(field)")
        }
        #expect(lacking.count >= 8)
    }

    @Test(
        "A layer with a seed of its own has the network's other parameters",
        arguments: [
            ("mlx", #""call":2"#), ("torch-cuda", #""offset_philox":8"#), ("tf-dropout", #""op_seed":5"#),
            ("flax-linen", #""call":2"#), ("philox", #""step":7"#),
        ])
    func inherited(_ generator: String, _ member: String) {
        func output(network: String, layer: String) -> Reply {
            ask(
                "/forward",
                #"{"input":[[1,2],[3,4]],"include":["output"],"generator":"\#(generator)"\#(network),"layers":[{"weights":[[1,2],[3,4],[5,6],[7,8]],"rate":0.5,"seed":5\#(layer)}]}"#
            )
        }
        let inherited = output(network: ",\(member)", layer: "")
        #expect(inherited.status == 200)
        #expect(inherited.text == output(network: "", layer: ",\(member)").text)
        #expect(inherited.text != output(network: "", layer: "").text)
    }

    @Test("A layer that names only defaults has no dropout")
    func layerOfDefaults() {
        let defaults = #""variant":"dropout","granularity":"element","block_size":7,"temperature":0.1,"mask":null"#
        let plain = ask("/forward", #"{"input":[[1],[2]],"layers":[{"weights":[[1,2]]}]}"#)
        #expect(ask("/forward", #"{"input":[[1],[2]],"layers":[{"weights":[[1,2]],\#(defaults)}]}"#).text == plain.text)
    }

    @Test(
        "A required field that is null is required",
        arguments: [
            ("/mask", #"{"shape":null,"rate":0.5}"#), ("/mask", #"{"shape":[1],"rate":null}"#),
            ("/forward", #"{"input":null,"rate":0.5}"#), ("/forward", #"{"input":[1],"rate":null,"keep_prob":null}"#),
            ("/forward", #"{"input":[[1]],"layers":[{"weights":null}]}"#),
            ("/verify", #"{"input":null,"output":[1],"rate":0.5}"#),
            ("/verify", #"{"input":[1],"output":null,"rate":0.5}"#),
            (
                "/train-step",
                #"{"input":[[1]],"layers":[{"weights":[[1]]}],"target":[[1]],"loss":"mse","learning_rate":null}"#
            ),
            (
                "/train-step",
                #"{"input":[[1]],"layers":[{"weights":[[1]]}],"target":null,"loss":"mse","learning_rate":1}"#
            ),
            ("/train-step", #"{"input":[[1]],"layers":null,"target":[[1]],"loss":"mse","learning_rate":1}"#),
            (
                "/train-step",
                #"{"input":[[1]],"layers":[{"weights":[[1]]}],"target":[[1]],"loss":"mse","learning_rate":1,"optimizer":{"name":null}}"#
            ),
        ])
    func required(_ path: String, _ body: String) throws {
        let reply = ask(path, body)
        #expect(reply.status == 422)
        let errors = try #require(reply.object["errors"] as? [[String: String]])
        #expect(errors.count == 1)
        #expect(errors.first?["detail"]?.contains("required") == true, "\(reply.text)")
    }

    @Test("What is echoed may be sent again", arguments: questions.filter { $0.layer == nil && $0.path != "/verify" })
    func echo(_ question: Question) throws {
        let plain = ask(question.path, question.body())
        let names = try #require(Self.schemas[question.schema]).names
        // Parts of the answer that have the name of another thing in the question.
        let parts: Set = ["mask", "samples", "exact", "layers", "loss", "output", "optimizer_state"]
        for (field, value) in plain.object
        where names.contains(field) && !parts.contains(field) && !question.has(field) {
            let reply = ask(question.path, question.body(#""\#(field)":\#(try Self.json(value))"#))
            #expect(reply.text == plain.text, "\(field): \(reply.text.prefix(300))")
        }
    }

    @Test(
        "A value other than the default is refused if it does not apply",
        arguments: [
            #""block_size":8"#, #""temperature":0.2"#, #""data_format":"channels_last""#, #""samples_format":"ndjson""#,
            #""skip":1"#, #""x64":true"#, #""fold_in":[1]"#, #""call":1"#, #""vector_width":2"#, #""path":[]"#,
        ])
    func notApplicable(_ member: String) {
        #expect(ask("/forward", #"{"input":[1],"rate":0.5,"seed":1,\#(member)}"#).status == 422)
    }

    @Test(
        "Null is no name for an unknown field, and no item of a list",
        arguments: [
            ("/mask", #"{"shape":[1],"rate":0.5,"seeed":null}"#, "/seeed"),
            ("/forward", #"{"input":[[1]],"layers":[null]}"#, "/layers/0"),
            ("/verify", #"{"input":[1],"outputs":[[1],null]}"#, "/outputs/1"),
            ("/forward", #"{"input":[1,null],"rate":0.5}"#, "/input/1"),
            ("/forward", #"{"input":[1],"rate":0.5,"mask":{"shape":[1],"data":[1],"bits":null}}"#, "/mask/bits"),
        ])
    func strayNulls(_ path: String, _ body: String, _ pointer: String) {
        let reply = ask(path, body)
        #expect(reply.status == 422)
        #expect(reply.pointers == [pointer], "\(reply.text)")
    }
}
