import DropoutService
import Testing

/// KServe's protocol, version 1, and TensorFlow Serving's REST interface, whose requests are quoted from its document.
@Suite("Predictions")
struct PredictionTests {
    private static func predict(_ json: String, model: String = "dropout") -> Reply {
        ask("/v1/models/\(model):predict", json)
    }

    @Test("Instances become predictions, and inputs become outputs")
    func forms() throws {
        let parameters = #""parameters":{"keep_prob":0.8,"seed":42,"mode":"train"}"#
        let tensor = "[[7,13],[7,13],[16,31],[16,31]]"
        let rows = Self.predict(#"{"signature_name":"serving_default","instances":\#(tensor),\#(parameters)}"#)
        #expect(
            rows.text == """
                {"predictions":[[8.75,16.25],[8.75,16.25],[0,38.75],[20,38.75]],"parameters":{"keep_prob":0.8,"rate":0.2,\
                "seed":42,"step":0,"stream":0,"offset":0,"generator":"philox","mode":"train","scheme":"inverted",\
                "granularity":"element","layout":"columns","dtype":"float64"}}

                """)
        let whole = Self.predict(#"{"inputs":\#(tensor),\#(parameters)}"#)
        #expect(try whole.json("outputs") == rows.json("predictions"))
        let named = Self.predict(#"{"inputs":{"data":\#(tensor)},\#(parameters)}"#)
        #expect(named.text == whole.text)
    }

    @Test("The example of TensorFlow Serving is answered with its numbers, since nothing is dropped")
    func example() throws {
        #expect(try Self.predict(#"{"instances":[1.0,2.0,5.0]}"#).json("predictions") == "[1,2,5]")
    }

    @Test(
        "Instances as objects, the row format of named inputs, have the predictions of their tensors",
        arguments: [
            ("[1,2,5]", #"[{"data":1},{"data":2},{"data":5}]"#, ""),
            ("[[7,13],[16,31]]", #"[{"data":[7,13]},{"data":[16,31]}]"#, ""),
            ("[[7,13],[16,31]]", #"[{"data":[7,13]},{"data":[16,31]}]"#, #","dtype":"float32""#),
            ("[[[1],[2]]]", #"[{"data":[[1],[2]]}]"#, ""),
            ("[[0.1,16777217]]", #"[{"data":{"shape":[2],"data":[0.1,16777217]}}]"#, #","dtype":"float32""#),
        ])
    func objects(_ rows: String, _ objects: String, _ more: String) throws {
        let parameters = #""parameters":{"rate":0.25,"seed":7,"mode":"train"\#(more)}"#
        let answer = Self.predict(#"{"instances":\#(objects),\#(parameters)}"#)
        #expect(answer.text == Self.predict(#"{"instances":\#(rows),\#(parameters)}"#).text)
        #expect(answer.status == 200)
    }

    @Test("A ratio and a training mode that all instances have are those of the pass")
    func sharedInputs() throws {
        let inputs = #""ratio":0.25,"training_mode":true"#
        let rows = Self.predict(
            #"{"instances":[{"data":[1,2],\#(inputs)},{"data":[3,4],\#(inputs)}],"parameters":{"seed":3}}"#)
        let forward = ask("/forward", #"{"input":[[1,2],[3,4]],"rate":0.25,"seed":3}"#)
        #expect(try rows.json("predictions") == forward.json("output"))
    }

    @Test("A ratio and a training mode may be inputs")
    func inputs() throws {
        let answer = Self.predict(
            #"{"inputs":{"data":[1,2,3,4],"ratio":[0.25],"training_mode":true},"parameters":{"seed":3}}"#,
            model: "alpha_dropout")
        let forward = ask("/forward", #"{"input":[1,2,3,4],"rate":0.25,"seed":3,"variant":"alpha"}"#)
        #expect(try answer.json("outputs") == forward.json("output"))
    }

    @Test(
        "A wrong member has its pointer",
        arguments: [
            ("{}", [""]), (#"{"instances":[1],"inputs":[1]}"#, [""]),
            (#"{"instances":0}"#, ["/instances"]), (#"{"instances":[1,"a"]}"#, ["/instances/1"]),
            (#"{"inputs":"a"}"#, ["/inputs"]),
            (#"{"inputs":{"data":[[1],[2,3]]}}"#, ["/inputs/data/1"]),
            (#"{"inputs":{"x":[1]}}"#, ["/inputs/x", "/inputs"]),
            (#"{"inputs":{"data":[1],"ratio":2}}"#, ["/inputs/ratio"]),
            (#"{"inputs":{"data":[1],"training_mode":1}}"#, ["/inputs/training_mode"]),
            (#"{"inputs":{"data":[1],"ratio":0.5},"parameters":{"rate":0.5}}"#, ["/parameters/rate"]),
            (#"{"instances":[1],"parameters":{"sede":1}}"#, ["/parameters/sede"]),
            (#"{"instances":[{"data":1},2]}"#, ["/instances/1"]),
            (#"{"instances":[{"data":[1]},{"data":[1,2]}]}"#, ["/instances/1/data"]),
            (#"{"instances":[{"data":[1]},{"data":["a"]}]}"#, ["/instances/1/data/0"]),
            (#"{"instances":[{"data":[1]},{"data":[[1],[2,3]]}]}"#, ["/instances/1/data/1"]),
            (#"{"instances":[{"x":1}]}"#, ["/instances/0/x", "/instances/0"]),
            (#"{"instances":[{"data":1},{"data":1,"x":2}]}"#, ["/instances/1"]),
            (#"{"instances":[{"data":1},{}]}"#, ["/instances/1"]),
            (#"{"instances":[{"data":1,"ratio":0.5},{"data":1,"ratio":0.25}]}"#, ["/instances/1/ratio"]),
            (#"{"instances":[{"data":1,"ratio":2},{"data":1,"ratio":2}]}"#, ["/instances/0/ratio"]),
            (#"{"instances":[{"data":1,"training_mode":1}]}"#, ["/instances/0/training_mode"]),
            (#"{"instances":[{"data":1,"ratio":0.5}],"parameters":{"rate":0.5}}"#, ["/parameters/rate"]),
        ])
    func pointers(_ json: String, _ pointers: [String]) {
        let answer = Self.predict(json)
        #expect(answer.pointers == pointers, "\(answer.text)")
        #expect(answer.status == 422)
    }

    @Test("A model and its version are ready, for both protocols")
    func ready() {
        let answer = ask("/v1/models/dropout").text
        #expect(
            answer == """
                {"name":"dropout","ready":true,"model_version_status":[{"version":"1","state":"AVAILABLE",\
                "status":{"error_code":"OK","error_message":""}}]}

                """)
        #expect(ask("/v1/models/dropout/versions/1").text == answer)
        #expect(ask("/v1/models/dropout/versions/1:predict", #"{"instances":[1]}"#).status == 200)
        #expect(ask("/v1/models/dropout/versions/2:predict", #"{"instances":[1]}"#).status == 404)
        #expect(ask("/v1/models/nothing").status == 404)
        #expect(ask("/v1/models/nothing:predict", "{}").status == 404)
        #expect(ask("/v1/models").text.contains(#""drop_path""#))
    }

    @Test("The index says that the service is alive, as KServe's client asks it")
    func alive() { #expect(ask("/").member("status") as? String == "alive") }
}
