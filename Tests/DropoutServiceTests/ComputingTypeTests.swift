import Testing

@Suite("The type of a computation without `dtype`")
struct ComputingTypeTests {
    /// 1.5 and 2.5.
    private static let float32 = #"{"shape":[2],"dtype":"float32","base64":"AADAPwAAIEA="}"#
    private static let float64 = #"{"shape":[2],"dtype":"float64","base64":"AAAAAAAA+D8AAAAAAAAEQA=="}"#
    private static let untyped = #"{"shape":[2],"base64":"AAAAAAAA+D8AAAAAAAAEQA=="}"#
    /// 1 and 0.
    private static let bits = #"{"shape":[2],"dtype":"float32","base64":"AACAPwAAAAA="}"#
    /// A matrix of 1.5 and 2.5.
    private static let weights = #"{"shape":[1,2],"dtype":"float32","base64":"AADAPwAAIEA="}"#

    @Test(
        "The tensors in base64 say it, and the widest of them if they differ",
        arguments: [
            (#""input":\#(float32)"#, "float32"), (#""input":\#(float64)"#, "float64"),
            (#""input":\#(untyped)"#, "float64"), (#""input":[1.5,2.5]"#, "float64"),
            (#""input":\#(float32),"dtype":null"#, "float32"), (#""input":\#(float32),"dtype":"float64""#, "float64"),
            (#""input":[1.5,2.5],"variant":"zoneout","previous":\#(float32)"#, "float32"),
            (#""input":\#(float64),"variant":"zoneout","previous":\#(float32)"#, "float64"),
        ])
    func tensors(_ fields: String, _ type: String) {
        #expect(ask("/forward", "{\(fields),\"rate\":0.5,\"seed\":1}").member("dtype") as? String == type)
    }

    @Test("A mask and uniforms do not say it", arguments: ["mask", "uniforms"])
    func noise(_ field: String) {
        let given = field == "mask" ? Self.bits : Self.bits.replacing("AACAPw", with: "AAAAPw")
        let reply = ask("/forward", #"{"input":[1.5,2.5],"rate":0.5,"\#(field)":\#(given)}"#)
        #expect(reply.member("dtype") as? String == "float64")
    }

    @Test("The weights of a network say it, in a pass and in a training step")
    func networks() {
        let network = #""layers":[{"weights":\#(Self.weights),"bias":0.5}],"input":[[1],[1]]"#
        #expect(ask("/forward", "{\(network)}").member("dtype") as? String == "float32")
        let step = #"{\#(network),"target":[[1]],"loss":"mse","learning_rate":0.1}"#
        #expect(ask("/train-step", step).member("dtype") as? String == "float32")
    }

    @Test("A verification compares in the type of its tensors")
    func verification() {
        // 0.7 / 0.3 in float32, whose float64 is another number.
        let body = #"""
            {"input":{"shape":[1],"dtype":"float32","base64":"MzMzPw=="},"rate":0.7,"seed":3,
            "output":{"shape":[1],"dtype":"float32","base64":"VVUVQA=="},"mask":[1]}
            """#
        let single = ask("/verify", body).member("rounding", "scalings") as? [String]
        let double = ask("/verify", body.replacing("{\"input\"", with: #"{"dtype":"float64","input""#))
        #expect(single?.contains("divide") == true)
        #expect((double.member("rounding", "scalings") as? [String])?.contains("divide") == false)
    }

    @Test("A tensor of float32 is answered with its own bytes if everything is kept")
    func answer() {
        let reply = ask("/forward", #"{"input":\#(Self.float32),"rate":0,"include":["output"]}"#)
        #expect(reply.text == "{\"output\":\(Self.float32)}\n")
    }

    @Test(
        "Moments say their type if the passes have another",
        arguments: [(#""samples":3"#, "samples"), (#""exact":true"#, "exact")])
    func moments(_ field: String, _ name: String) {
        let single = ask("/forward", #"{"input":\#(Self.float32),"rate":0.5,"seed":1,\#(field)}"#)
        let double = ask("/forward", #"{"input":[1.5,2.5],"rate":0.5,"seed":1,\#(field)}"#)
        #expect(single.member(name, "dtype") as? String == "float64")
        #expect(double.member(name, "dtype") == nil)
    }
}
