import DropoutService
import Testing

/// The Open Inference Protocol in JSON. The requests have the form of the protocol's document, with the names of our tensors.
@Suite("Inferences in JSON")
struct InferenceTests {
    private static let data =
        #"{"name":"data","shape":[4,2],"datatype":"FP64","data":[7,13,7,13,16,31,16,31]}"#
    private static let training = #"{"name":"training_mode","shape":[1],"datatype":"BOOL","data":[true]}"#

    @Test("The README's request has the README's numbers as outputs")
    func wholeAnswer() {
        let answer = infer(
            #"{"id":"42","inputs":[\#(Self.data),\#(Self.training)],"parameters":{"keep_prob":0.8,"seed":42}}"#)
        #expect(
            answer.reply.text == """
                {"model_name":"dropout","model_version":"1","id":"42","parameters":{"keep_prob":0.8,"rate":0.2,\
                "seed":42,"step":0,"stream":0,"offset":0,"generator":"philox","mode":"train","scheme":"inverted",\
                "granularity":"element","layout":"columns","dtype":"float64"},"outputs":[\
                {"name":"output","datatype":"FP64","shape":[4,2],"data":[8.75,16.25,8.75,16.25,0,38.75,20,38.75]},\
                {"name":"mask","datatype":"BOOL","shape":[4,2],"data":[true,true,true,true,false,true,true,true]}]}

                """)
        #expect(answer.headers["Content-Type"] == "application/json")
    }

    @Test("Without ratio and training_mode it is ONNX's inference: nothing is dropped")
    func defaults() {
        let answer = infer(#"{"inputs":[\#(Self.data)]}"#)
        #expect(answer.data("output") == "[7,13,7,13,16,31,16,31]")
        #expect(answer.data("mask") == "[true,true,true,true,true,true,true,true]")
        #expect(answer.reply.text.contains(#""rate":0.5"#))
        #expect(!answer.reply.text.contains("seed"))
        #expect(!answer.reply.text.contains(#""id""#))
    }

    @Test(
        "Each type of elements is computed in the type that /forward has for it",
        arguments: [
            ("BOOL", "[true,false]", "[1,0]", "float64"), ("INT8", "[-128,127]", "[-128,127]", "float64"),
            ("UINT8", "[0,255]", "[0,255]", "float64"), ("INT16", "[-32768,5]", "[-32768,5]", "float64"),
            ("UINT16", "[0,65535]", "[0,65535]", "float64"), ("INT32", "[-3,2147483647]", "[-3,2147483647]", "float64"),
            ("UINT32", "[1,4294967295]", "[1,4294967295]", "float64"), ("INT64", "[-9,9]", "[-9,9]", "float64"),
            ("UINT64", "[1,9007199254740993]", "[1,9007199254740993]", "float64"),
            ("FP32", "[0.1,-2.5]", "[0.1,-2.5]", "float32"), ("FP64", "[0.1,-2.5]", "[0.1,-2.5]", "float64"),
            ("FP16", "[0.1,-2.5]", "[0.1,-2.5]", "float16"), ("BF16", "[0.1,-2.5]", "[0.1,-2.5]", "bfloat16"),
            ("FP32", #"["NaN","-Infinity"]"#, #"["NaN","-Infinity"]"#, "float32"),
        ])
    func types(_ type: String, _ data: String, _ input: String, _ dtype: String) throws {
        let answer = infer(
            """
            {"inputs":[{"name":"data","shape":[2],"datatype":"\(type)","data":\(data)},\(Self.training)],
            "parameters":{"rate":0.25,"seed":3}}
            """)
        let forward = ask(
            "/forward",
            #"{"input":\#(input),"rate":0.25,"seed":3,"dtype":"\#(dtype)","mask_format":"booleans"}"#)
        #expect(answer.data("output") == (try forward.json("output")), "\(answer.reply.text)")
        #expect(answer.data("mask") == (try forward.json("mask")))
        let names = ["float64": "FP64", "float32": "FP32", "float16": "FP16", "bfloat16": "BF16"]
        #expect(answer.member(of: "output", "datatype") == "\"\(names[dtype, default: ""])\"")
    }

    @Test(
        "Each model is one variant of /forward",
        arguments: [
            ("dropout", "dropout", "[2,3,1,2]"), ("alpha_dropout", "alpha", "[12]"),
            ("gaussian_dropout", "gaussian", "[3,4]"), ("spatial_dropout", "spatial", "[2,3,2]"),
            ("drop_path", "drop_path", "[4,3]"), ("drop_block", "drop_block", "[1,1,12]"),
            ("variational_dropout", "variational", "[2,2,3]"), ("concrete_dropout", "concrete", "[12]"),
        ])
    func models(_ model: String, _ variant: String, _ shape: String) throws {
        let numbers = "[1,2,3,4,5,6,7,8,9,10,11,12]"
        let answer = infer(
            """
            {"inputs":[{"name":"data","shape":\(shape),"datatype":"FP32","data":\(numbers)},
            {"name":"ratio","shape":[],"datatype":"FP64","data":[0.25]},\(Self.training)],
            "parameters":{"seed":"18446744073709551615"\(variant == "drop_block" ? #","block_size":2"# : "")}}
            """, model: model)
        let forward = ask(
            "/forward",
            """
            {"input":{"shape":\(shape),"data":\(numbers)},"rate":0.25,"seed":"18446744073709551615","dtype":"float32",
            "variant":"\(variant)","include":["output"]\(variant == "drop_block" ? #","block_size":2"# : "")}
            """)
        let output = try #require(Reply.members(of: try forward.json("output")).first { $0.name == "data" }?.text)
        #expect(answer.data("output") == output, "\(answer.reply.text)")
        let hasMask = variant != "gaussian" && variant != "concrete"
        #expect((answer.data("mask") != nil) == hasMask)
    }

    @Test("A float32 ratio is the float32 number, in JSON too")
    func ratio() {
        let answer = infer(
            """
            {"inputs":[\(Self.data),\(Self.training),{"name":"ratio","shape":[1],"datatype":"FP32","data":[0.1]}]}
            """)
        #expect(answer.reply.text.contains(#""rate":0.10000000149011612,"#))
    }

    @Test("`outputs` chooses the outputs and their order")
    func chosenOutputs() throws {
        let answer = infer(#"{"inputs":[\#(Self.data)],"outputs":[{"name":"mask"},{"name":"output"}]}"#)
        let names = Reply.items(of: try answer.reply.json("outputs")).map { Reply.members(of: $0)[0].text }
        #expect(names == [#""mask""#, #""output""#])
        let one = infer(#"{"inputs":[\#(Self.data)],"outputs":[{"name":"output"}]}"#)
        #expect(Reply.items(of: try one.reply.json("outputs")).count == 1)
    }

    @Test("A nested list is taken if it has the shape")
    func nested() {
        let answer = infer(
            #"{"inputs":[{"name":"data","shape":[2,2],"datatype":"INT32","data":[[1,2],[3,4]]}]}"#)
        #expect(answer.data("output") == "[1,2,3,4]")
    }

    @Test("A list among the parameters is a string with commas, in both directions")
    func listParameters() throws {
        let answer = infer(
            """
            {"inputs":[\(Self.data),\(Self.training)],
            "parameters":{"noise_shape":"4,1","keep_prob":"0.5","seed":"1,2","generator":"numpy-pcg64"}}
            """)
        let forward = ask(
            "/forward",
            """
            {"input":[[7,13],[7,13],[16,31],[16,31]],"keep_prob":0.5,"seed":[1,2],"generator":"numpy-pcg64",
            "noise_shape":[4,1],"tensor_format":"flat"}
            """)
        let output = Reply.members(of: try forward.json("output")).first { $0.name == "data" }?.text
        #expect(answer.data("output") == output, "\(answer.reply.text)")
        #expect(answer.reply.text.contains(#""seed":"1,2""#))
        #expect(answer.reply.text.contains(#""noise_shape":"4,1""#))
    }

    @Test("A block of a larger tensor is drawn as in /forward")
    func block() throws {
        let block = infer(
            """
            {"inputs":[\(Self.data),\(Self.training)],
            "parameters":{"full_shape":"4,4","start":"0,2","keep_prob":0.5,"seed":5}}
            """)
        let forward = ask(
            "/forward",
            """
            {"input":[[7,13],[7,13],[16,31],[16,31]],"keep_prob":0.5,"seed":5,"full_shape":[4,4],"start":[0,2],
            "tensor_format":"flat"}
            """)
        let output = Reply.members(of: try forward.json("output")).first { $0.name == "data" }?.text
        #expect(block.data("output") == output, "\(block.reply.text)")
        #expect(block.reply.text.contains(#""full_shape":"4,4""#))
        #expect(block.reply.text.contains(#""start":"0,2""#))
    }

    @Test("Unknown members and the parameters of servers are ignored")
    func ignored() {
        let answer = infer(
            """
            {"model_name":"mymodel","inputs":[\(Self.data)],"parameters":{"sequence_id":0,"sequence_start":false,
            "sequence_end":false},"outputs":[]}
            """)
        #expect(answer.status == 200, "\(answer.reply.text)")
    }

    @Test("The version may be in the path, and is 1")
    func version() {
        let json = #"{"inputs":[\#(Self.data)]}"#
        #expect(infer(json, path: "/v2/models/dropout/versions/1/infer").status == 200)
        #expect(infer(json, path: "/v2/models/dropout/versions/2/infer").status == 404)
        #expect(infer(json, model: "zoneout").status == 404)
    }

    @Test(
        "A request is taken with the types that clients send",
        arguments: [nil, "application/json", "application/octet-stream"] as [String?])
    func contentType(_ type: String?) {
        #expect(infer(#"{"inputs":[\#(Self.data)]}"#, contentType: type).status == 200)
    }

    @Test(
        "A timeout is the deadline of the computation, and a priority the rank",
        arguments: [
            ("{}", nil, nil), (#"{"timeout":0,"priority":0}"#, nil, nil),
            (#"{"timeout":1500,"priority":2}"#, .microseconds(1500), 2),
        ] as [(String, Duration?, UInt64?)])
    func urgency(_ parameters: String, _ deadline: Duration?, _ rank: UInt64?) throws {
        let json = #"{"inputs":[\#(Self.data)],"parameters":\#(parameters)}"#
        guard case .work(let work) = plan("/v2/models/dropout/infer", json) else {
            Issue.record("no plan")
            return
        }
        #expect(work.urgency.deadline == deadline)
        #expect(work.urgency.rank == rank)
    }
}
