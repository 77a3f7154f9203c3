import Testing

/// `dtype` float16 and bfloat16. The bits are NumPy's and ml_dtypes': x / x.dtype.type(0.9) where the mask keeps.
@Suite("Tensors of 16 bits")
struct HalfTensorTests {
    private struct Case: CustomTestStringConvertible, Sendable {
        let type: String
        let input: String
        let output: String
        let nested: String
        let nestedOutput: String

        var testDescription: String { type }
        func tensor(_ base64: String) -> String { #"{"shape":[6],"dtype":"\#(type)","base64":"\#(base64)"}"# }
    }

    private static let cases = [
        Case(
            type: "float16", input: "ADwAwf97AQBmLgBC", output: "cjyOwQB8AQAcLwAA",
            nested: "[1,-2.5,65500,6e-8,0.1,3]", nestedOutput: #"[1.111,-2.777,"Infinity",6e-8,0.1111,0]"#),
        Case(
            type: "bfloat16", input: "gD8gwJZ+AQDNPUBA", output: "jj8ywKd+AQDkPQAA",
            nested: "[1,-2.5,1e38,9e-41,0.1,3]", nestedOutput: "[1.11,-2.78,1.11e38,9e-41,0.1113,0]"),
    ]

    private static let fields = #""keep_prob":0.9,"mask":[1,1,1,1,1,0],"include":["output"]"#

    @Test("A tensor in base64 is computed and answered in its own type", arguments: cases)
    private func base64(_ one: Case) {
        let reply = ask("/forward", #"{"input":\#(one.tensor(one.input)),\#(Self.fields)}"#)
        #expect(reply.text == #"{"output":\#(one.tensor(one.output))}"# + "\n")
    }

    @Test("Numbers in JSON are rounded to the type, and printed with its shortest digits", arguments: cases)
    private func nested(_ one: Case) {
        let reply = ask("/forward", #"{"dtype":"\#(one.type)","input":\#(one.nested),\#(Self.fields)}"#)
        #expect(reply.text == #"{"output":\#(one.nestedOutput)}"# + "\n")
        // The type at the end of a long text, which is read a second time.
        let late = ask(
            "/forward",
            #"{"input":\#(one.nested),\#(Self.fields),"tensor_format":"nested","dtype":"#
                + String(repeating: " ", count: 3000) + "\"\(one.type)\"}")
        #expect(late.text == reply.text)
    }

    @Test("A tensor of another type is rounded once", arguments: cases)
    private func conversion(_ one: Case) {
        // 1.00048828125 and the next float64, the middle between two float16 and just above it; 1 in bfloat16.
        let double = #"{"shape":[2],"dtype":"float64","base64":"AAAAAAAC8D8BAAAAAALwPw=="}"#
        let reply = ask(
            "/forward",
            #"{"dtype":"\#(one.type)","input":\#(double),"rate":0,"include":["output"],"tensor_format":"flat"}"#)
        let data = one.type == "float16" ? "[1,1.001]" : "[1,1]"
        #expect(reply.text == #"{"output":{"shape":[2],"data":\#(data)}}"# + "\n")
        let wide = ask(
            "/forward",
            #"{"dtype":"float64","input":\#(one.tensor(one.input)),"rate":0,"include":["output"],"tensor_format":"nested"}"#
        )
        #expect((wide.object["output"] as? [Double])?[1] == -2.5)
    }

    @Test(
        "Whole numbers that are too large for the type are taken as seeds and extents",
        arguments: ["float16", "bfloat16"])
    func wholeNumbers(_ type: String) {
        let fields = #""rate":0.5,"generator":"tf-stateless","seed":[174892504,58297501],"include":["echo"]"#
        let reply = ask("/forward", #"{"dtype":"\#(type)","input":{"shape":[1,100001],"base64":""},\#(fields)}"#)
        #expect(reply.pointers == ["/input/shape"])
        let right = ask("/forward", #"{"dtype":"\#(type)","input":[1,2],\#(fields)}"#)
        #expect(right.text.contains(#""seed":[174892504,58297501]"#))
    }

    @Test("Two types of 16 bits are computed in float32, and a wider type wins")
    func widest() {
        let (half, brain) = (Self.cases[0], Self.cases[1])
        let both = #""input":\#(half.tensor(half.input)),"variant":"zoneout","previous":\#(brain.tensor(brain.input))"#
        #expect(ask("/forward", "{\(both),\"rate\":0.5,\"seed\":1}").member("dtype") as? String == "float32")
    }

    @Test(
        "A number that is too large for the type is refused", arguments: [("float16", "65520"), ("bfloat16", "3.4e38")])
    func tooLarge(_ type: String, _ number: String) {
        for (input, pointer) in [(number, "/input"), ("[1,\(number)]", "/input/1")] {
            let reply = ask("/forward", #"{"input":\#(input),"dtype":"\#(type)","rate":0.5}"#)
            #expect(reply.status == 422)
            #expect(reply.pointers == [pointer])
        }
    }

    @Test("Base64 of an odd number of bytes is refused")
    func oddBytes() {
        let reply = ask("/forward", #"{"input":{"shape":[1],"dtype":"float16","base64":"AAAA"},"rate":0.5}"#)
        #expect(reply.pointers == ["/input/base64"])
    }

    @Test("Networks and training have no types of 16 bits", arguments: ["float16", "bfloat16"])
    func networks(_ type: String) {
        let network = #""layers":[{"weights":[[1,2]]}],"input":[[1],[1]],"dtype":"\#(type)""#
        let training = #"{\#(network),"target":[[1]],"loss":"mse","learning_rate":0.1}"#
        for reply in [ask("/forward", "{\(network)}"), ask("/train-step", training)] {
            #expect(reply.status == 422)
            #expect(reply.pointers == ["/dtype"])
        }
    }

    @Test(
        "A library that draws in the type of x does so",
        arguments: [
            ("tf-stateless", "[1,2]", "bfloat16"), ("keras-tensorflow", "1", "bfloat16"),
            ("torch-compile", "1", "bfloat16"),
        ])
    func drawType(_ generator: String, _ seed: String, _ type: String) {
        let fields = #""input":[1,2,3],"rate":0.5,"dtype":"\#(type)","generator":"\#(generator)","seed":\#(seed)"#
        #expect(ask("/forward", "{\(fields)}").member("draw_dtype") as? String == type)
        let own = ask("/forward", "{\(fields),\"draw_dtype\":\"float32\"}")
        #expect(own.member("draw_dtype") as? String == "float32")
    }

    @Test("Another generator draws as ever", arguments: ["numpy-pcg64", "philox"])
    func drawTypeOfOthers(_ generator: String) {
        let fields = #""input":[1,2,3],"rate":0.5,"generator":"\#(generator)","seed":1,"include":["mask"]"#
        #expect(ask("/forward", "{\(fields),\"dtype\":\"float16\"}").text == ask("/forward", "{\(fields)}").text)
    }

    @Test(
        "The check of a large constant tensor allows for the rounding of its factor",
        arguments: ["float16", "bfloat16"])
    func check(_ type: String) {
        let ones = "[\([String](repeating: "1", count: 20_000).joined(separator: ","))]"
        let reply = ask("/forward", #"{"input":\#(ones),"rate":0.1,"seed":3,"dtype":"\#(type)","include":["check"]}"#)
        #expect(reply.member("check", "consistent") as? Bool == true)
    }

    @Test("Moments are float64 and say so", arguments: ["float16", "bfloat16"])
    func moments(_ type: String) {
        let reply = ask(
            "/forward", #"{"input":[1,2],"rate":0.1,"seed":3,"dtype":"\#(type)","samples":2000,"include":["samples"]}"#)
        #expect(reply.member("samples", "dtype") as? String == "float64")
        #expect((reply.member("samples", "max_abs_z") as? Double).map { $0 < 4 } == true)
    }

    @Test("The variants round each step", arguments: ["alpha", "gaussian", "concrete", "zoneout", "drop_path"])
    func variants(_ variant: String) throws {
        let shape = variant == "drop_path" ? "[[1,2],[3,4]]" : "[1.1,-2.3,3.7,4.9]"
        let previous = variant == "zoneout" ? #","previous":[0.1,0.2,0.3,0.4]"# : ""
        for mode in ["train", "eval"] {
            let fields = #""input":\#(shape),"rate":0.3,"seed":5,"variant":"\#(variant)","mode":"\#(mode)"\#(previous)"#
            let half = ask("/forward", #"{\#(fields),"dtype":"float16","include":["output"],"tensor_format":"flat"}"#)
            let single = ask("/forward", #"{\#(fields),"dtype":"float32","include":["output"],"tensor_format":"flat"}"#)
            let numbers = try #require(half.member("output", "data") as? [Double])
            let near = try #require(single.member("output", "data") as? [Double])
            // Each is a float16, and near the number of float32.
            #expect(zip(numbers, near).allSatisfy { ($0 - $1).magnitude <= 4e-3 * max(1, $1.magnitude) })
        }
    }

    @Test("A verification of 16 bits finds nothing wrong with the service's own output", arguments: cases)
    private func verification(_ one: Case) {
        let body = #"""
            {"input":\#(one.tensor(one.input)),"output":\#(one.tensor(one.output)),"keep_prob":0.9,"mask":[1,1,1,1,1,0]}
            """#
        let reply = ask("/verify", body)
        #expect((reply.member("rounding", "scalings") as? [String])?.contains("divide") == true)
    }
}
