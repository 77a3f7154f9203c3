import Foundation
import Testing

/// Masks that the libraries themselves drew, each with the request that draws it: forms of use beyond a plain dropout layer.
///
/// masks.json holds Flax and Keras under JAX's configurations, strided PyTorch tensors, comparisons with the rate exactly on a
/// drawn uniform, and seeds at the border of what a library takes. Versions: torch 2.13.0, jax 0.10.2, flax 0.12.8, keras
/// 3.15.1, tensorflow 2.21.0, numpy 2.4.6, scipy's `bernoulli`, tinygrad 0.14.0.
@Suite struct LibraryMaskTests {
    @Test("Every mask that a library drew is drawn by the request beside it")
    func masks() throws {
        let url = try #require(Bundle.module.url(forResource: "masks", withExtension: "json", subdirectory: "Vectors"))
        let file = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        let cases = try #require(file["masks"] as? [[String: Any]])
        for one in cases {
            var request = try #require(one["request"] as? [String: Any])
            request["tensor_format"] = "flat"
            let body = String(decoding: try JSONSerialization.data(withJSONObject: request), as: UTF8.self)
            let reply = ask("/mask", body)
            if let bits = one["mask"] as? String {
                let mask = (reply.member("mask", "data") as? [Int])?.map(String.init).joined()
                #expect(mask == bits, "\(one["form"] ?? ""): \(body) \(reply.status)")
            } else {
                #expect(reply.object["fingerprint"] as? String == one["sha256"] as? String, "\(body)")
            }
        }
        #expect(cases.count > 1600)
    }

    @Test("Eager JAX divides a single element, and compiled code multiplies by the reciprocal")
    func eager() {
        // flax 0.12.8: nn.Dropout(0.04) of [7.7], eagerly and under jit.
        func output(_ fields: String) -> String {
            ask(
                "/forward",
                #"{"input":[7.7],"rate":0.04,"seed":0,"generator":"flax-linen","dtype":"float32","include":["output"]\#(fields)}"#
            ).text
        }
        #expect(output(#","execution":"eager""#) == #"{"output":[8.020833]}"# + "\n")
        #expect(output(#","execution":"jit""#) == #"{"output":[8.020834]}"# + "\n")
        #expect(output("") == #"{"output":[8.020834]}"# + "\n")
    }

    @Test("A channels_last tensor has the mask of its memory order")
    func channelsLast() {
        let shape = #""shape":[2,3,2,2],"rate":0.5,"seed":7,"generator":"torch-cpu""#
        #expect(
            ask("/mask", #"{\#(shape),"order":"channels_last","include":["mask"]}"#).text
                == ask("/mask", #"{\#(shape),"order":[0,2,3,1],"include":["mask"]}"#).text)
        #expect(ask("/mask", #"{\#(shape),"order":[0,1,2,3]}"#).object["order"] as? [Int] == [0, 1, 2, 3])
    }

    @Test(
        "An order of units that the drawn shape does not have is refused at its place",
        arguments: [#"[0]"#, #"[0,0]"#, #"[0,2]"#, #""channels_last""#, #""fastest""#, #"[]"#, "7"])
    func orders(_ order: String) {
        let reply = ask("/mask", #"{"shape":[2,4],"rate":0.5,"generator":"torch-cpu","seed":1,"order":\#(order)}"#)
        #expect(reply.status == 422)
        #expect(reply.pointers == ["/order"], "\(reply.text)")
        let layers = #""layers":[{"weights":[[1]],"rate":0.5,"order":\#(order)}]"#
        let network = ask("/forward", #"{"input":[[1]],"generator":"torch-cpu","seed":1,\#(layers)}"#)
        #expect(network.pointers == ["/layers/0/order"], "\(network.text)")
    }

    @Test(
        "A key type that the library does not run with is refused",
        arguments: [
            (#""generator":"keras-jax","key_type":"rbg""#, "/key_type"),
            (#""generator":"flax-linen","key_type":"rbg","x64":true"#, "/x64"),
            (#""generator":"flax-nnx","key_type":"philox4x32","partitionable":false"#, "/partitionable"),
            (#""generator":"flax-linen","key_type":"unsafe_rbg""#, "/key_type"),
        ])
    func keyTypes(_ fields: String, _ pointer: String) {
        let reply = ask("/mask", #"{"shape":[4],"rate":0.5,"seed":1,\#(fields)}"#)
        #expect(reply.pointers == [pointer], "\(reply.text)")
    }

    @Test("At rate 0 and 1 the comparison is the program's: 0 > 0 is false")
    func comparisons() {
        func mask(_ rule: String, _ rate: Int) -> String {
            ask(
                "/mask",
                #"{"shape":[4],"rate":\#(rate),"generator":"numpy-legacy","seed":1,"keep_when":"\#(rule)","include":["mask"]}"#
            ).text
        }
        for rule in ["below", "above", "from"] {
            #expect(mask(rule, 0) == #"{"mask":[1,1,1,1]}"# + "\n")
            #expect(mask(rule, 1) == #"{"mask":[0,0,0,0]}"# + "\n")
        }
    }
}
