import DropoutService
import Testing

/// What is wrong with an inference request is said at its own places, whatever fields of `/forward` it became.
@Suite("Refused inferences")
struct InferenceRefusalTests {
    private static let data = #"{"name":"data","shape":[2],"datatype":"FP32","data":[1,2]}"#

    @Test(
        "A wrong member has its pointer",
        arguments: [
            ("{}", [""]), (#"{"inputs":[]}"#, ["/inputs"]), (#"{"inputs":3}"#, ["/inputs"]),
            (#"{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}"#, ["/inputs/0/name"]),
            (#"{"inputs":[{"name":"data","shape":[1],"datatype":"FP8","data":[1]}]}"#, ["/inputs/0/datatype"]),
            (#"{"inputs":[{"name":"data","shape":[1],"datatype":"BYTES","data":["a"]}]}"#, ["/inputs/0/datatype"]),
            (#"{"inputs":[{"name":"data","shape":[-1],"datatype":"FP32","data":[1]}]}"#, ["/inputs/0/shape/0"]),
            (#"{"inputs":[{"name":"data","shape":[3],"datatype":"FP32","data":[1,2]}]}"#, ["/inputs/0/shape"]),
            (#"{"inputs":[{"name":"data","shape":[2],"datatype":"FP32","data":[1,"a"]}]}"#, ["/inputs/0/data"]),
            (#"{"inputs":[{"name":"data","shape":[2],"datatype":"FP32","data":[1,1e39]}]}"#, ["/inputs/0/data/1"]),
            (#"{"inputs":[{"name":"data","shape":[2,2],"datatype":"FP32","data":[[1,2],[3]]}]}"#, ["/inputs/0/data/1"]),
            (#"{"inputs":[{"name":"data","shape":[4],"datatype":"FP32","data":[[1,2],[3,4]]}]}"#, ["/inputs/0/data"]),
            (#"{"inputs":[{"name":"data","shape":[2],"datatype":"BOOL","data":[1,0]}]}"#, ["/inputs/0/data"]),
            (#"{"inputs":[{"name":"data","shape":[1],"datatype":"FP32","data":[true]}]}"#, ["/inputs/0/data"]),
            (#"{"inputs":[{"name":"data","shape":[1],"datatype":"UINT8","data":[256]}]}"#, ["/inputs/0/data"]),
            (#"{"inputs":[{"name":"data","shape":[1],"datatype":"INT32","data":[1.5]}]}"#, ["/inputs/0/data"]),
            (#"{"inputs":[{"name":"data","shape":[1],"datatype":"FP32"}]}"#, ["/inputs/0"]),
            (#"{"inputs":[{"shape":[1],"data":[1]}]}"#, ["/inputs/0", "/inputs/0"]),
            (
                #"{"inputs":[\#(data),{"name":"ratio","shape":[2],"datatype":"FP32","data":[0,1]}]}"#,
                ["/inputs/1/shape"]
            ),
            (#"{"inputs":[{"name":"ratio","shape":[1],"datatype":"FP32","data":[2]},\#(data)]}"#, ["/inputs/0"]),
            (
                #"{"inputs":[{"name":"training_mode","shape":[1],"datatype":"INT8","data":[1]},\#(data)]}"#,
                ["/inputs/0/datatype"]
            ),
            (#"{"inputs":[\#(data),\#(data)]}"#, ["/inputs/1/name"]),
            (#"{"inputs":[\#(data)],"parameters":{"keep_prop":0.5}}"#, ["/parameters/keep_prop"]),
            (#"{"inputs":[\#(data)],"parameters":{"keep_prob":2}}"#, ["/parameters/keep_prob"]),
            (#"{"inputs":[\#(data)],"parameters":{"samples":2}}"#, ["/parameters/samples"]),
            (#"{"inputs":[\#(data)],"parameters":{"timeout":-1}}"#, ["/parameters/timeout"]),
            (#"{"inputs":[\#(data)],"parameters":{"priority":"high"}}"#, ["/parameters/priority"]),
            (#"{"inputs":[\#(data)],"parameters":[]}"#, ["/parameters"]),
            (#"{"inputs":[\#(data)],"outputs":[{"name":"x"}]}"#, ["/outputs/0/name"]),
            (#"{"inputs":[\#(data)],"outputs":[{"name":"mask"},{"name":"mask"}]}"#, ["/outputs/1/name"]),
            (
                #"{"inputs":[\#(data)],"outputs":[{"name":"mask","parameters":{"classification":1}}]}"#,
                ["/outputs/0/parameters/classification"]
            ),
            (#"{"id":3,"inputs":[\#(data)]}"#, ["/id"]),
        ])
    func pointers(_ json: String, _ pointers: [String]) {
        let answer = infer(json)
        #expect(answer.reply.pointers == pointers, "\(answer.reply.text)")
        #expect(answer.status == 422)
    }

    @Test("A keep probability and a ratio may both be there if they agree")
    func ratioTwice() {
        func answer(_ ratio: String, _ parameters: String) -> Inference {
            infer(
                """
                {"inputs":[\(Self.data),{"name":"ratio","shape":[1],"datatype":"FP64","data":[\(ratio)]}],
                "parameters":{\(parameters)}}
                """)
        }
        #expect(answer("0.25", #""keep_prob":0.75"#).status == 200)
        #expect(answer("0.25", #""keep_prob":0.5"#).reply.pointers == ["/inputs/1"])
        #expect(answer("0.25", #""rate":0.25"#).reply.pointers == ["/parameters/rate"])
    }

    @Test("A shape that the model does not take is wrong at the shape")
    func modelShape() {
        #expect(infer(#"{"inputs":[\#(Self.data)]}"#, model: "spatial_dropout").reply.pointers == ["/inputs/0/shape"])
    }

    @Test("A model whose noise is a number has no mask")
    func noMask() {
        let answer = infer(#"{"inputs":[\#(Self.data)],"outputs":[{"name":"mask"}]}"#, model: "gaussian_dropout")
        #expect(answer.reply.pointers == ["/outputs/0/name"])
    }

    @Test(
        "Raw elements that do not fit are refused",
        arguments: [
            (#"{"binary_data_size":4}"#, 8, ["/inputs/0"]),
            (#"{"binary_data_size":8}"#, 4, ["/inputs/0/parameters/binary_data_size"]),
            (#"{"binary_data_size":8}"#, 9, [""]),
            (#"{"binary_data_size":-8}"#, 8, ["/inputs/0/parameters/binary_data_size"]),
            (#"{"shared_memory_region":"x","binary_data_size":8}"#, 8, ["/inputs/0/parameters/shared_memory_region"]),
        ])
    func sizes(_ parameters: String, _ count: Int, _ pointers: [String]) {
        let answer = infer(
            #"{"inputs":[{"name":"data","shape":[2],"datatype":"FP32","parameters":\#(parameters)}]}"#,
            tail: [UInt8](repeating: 0, count: count))
        #expect(answer.reply.pointers == pointers, "\(answer.reply.text)")
    }

    @Test("A price over the limit is due to the input")
    func price() {
        var limits = ServiceLimits()
        limits.maximumNanoseconds = 1
        let answer = infer(#"{"inputs":[\#(Self.data)]}"#, limits: limits)
        #expect(answer.reply.text.contains("too-expensive"))
        #expect(answer.reply.pointers.first?.hasPrefix("/inputs/0") == true, "\(answer.reply.text)")
    }
}
