import DropoutService
import Foundation
import Testing

/// Questions about tensors without elements: huge extents are answered as they are, and nothing is computed from them.
@Suite struct EmptyTensorAnswerTests {
    private static let shapes = [
        "[0,1,1000000000000]", "[1,1,0,9223372036854775807]", "[1,1,9223372036854775807,0]", "[0,1,100000000]",
        "[9223372036854775807,0,1]", "[0,1,1048576,1048576,4194304]", "[1099511627776,0,2]", "[1,1,0]",
    ]

    private static let extras = [
        "", #","mode":"eval""#, #","mask":TENSOR"#, #","uniforms":TENSOR"#,
        #","exact":true,"include":["output","echo"]"#,
        #","samples":3"#, #","samples":3,"samples_format":"ndjson""#, #","include":["check"]"#,
    ]

    @Test("Every variant answers an empty tensor with an empty tensor", arguments: shapes, extras)
    func variants(_ shape: String, _ extra: String) throws {
        let tensor = #"{"shape":\#(shape),"data":[]}"#
        let extra = extra.replacingOccurrences(of: "TENSOR", with: tensor)
        for variant in [
            "dropout", "alpha", "gaussian", "spatial", "drop_path", "drop_block", "variational", "concrete", "zoneout",
        ] {
            let own = variant == "zoneout" ? #","previous":\#(tensor)"# : ""
            let body = #"{"input":\#(tensor),"rate":0.2,"seed":1,"variant":"\#(variant)"\#(own)\#(extra)}"#
            let reply = ask("/forward", body)
            if reply.status == 422 {
                // Only what the variant takes of no tensor: its rank, uniforms of blocks, masks of noise, exact noise.
                let pointers: Set = ["/variant", "/uniforms", "/mask", "/exact", "/block_size"]
                #expect(pointers.isSuperset(of: reply.pointers), "\(body) \(reply.text)")
                continue
            }
            #expect(reply.status == 200, "\(body)")
            guard let output = reply.object["output"] else { continue }
            let printed = try JSONSerialization.data(withJSONObject: output, options: .sortedKeys)
            #expect(String(decoding: printed, as: UTF8.self) == #"{"data":[],"shape":\#(shape)}"#)
        }
    }

    @Test(
        "Drop block takes an empty tensor in training and evaluation, with a given mask and in its check",
        arguments: shapes)
    func dropBlock(_ shape: String) {
        let tensor = #"{"shape":\#(shape),"data":[]}"#
        for extra in ["", #","mode":"eval""#, #","mask":\#(tensor)"#, #","block_size":4294967295"#] {
            let reply = ask("/forward", #"{"input":\#(tensor),"rate":0.2,"seed":1,"variant":"drop_block"\#(extra)}"#)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.member("check", "consistent") as? Bool == true)
            #expect(reply.member("check", "expected_sum") as? Double == 0)
            #expect(reply.member("check", "kept") as? Int == 0)
        }
    }

    @Test("Every generator draws nothing for an empty tensor", arguments: shapes)
    func generators(_ shape: String) throws {
        let tensor = #"{"shape":\#(shape),"data":[]}"#
        let list = try #require(ask("/generators").object["generators"] as? [[String: Any]])
        #expect(list.count > 20)
        for generator in list.compactMap({ $0["name"] as? String }) {
            let drawn =
                #""rate":0.2,"generator":"\#(generator)","seed":\#(generator.hasPrefix("tf-stateless") ? "[1,2]" : "1")"#
            #expect(ask("/forward", #"{"input":\#(tensor),"samples":2,\#(drawn)}"#).status == 200, "\(generator)")
            #expect(ask("/verify", #"{"input":\#(tensor),"output":\#(tensor),\#(drawn)}"#).status == 200)
            let mask = ask("/mask", #"{"shape":\#(shape),"tensor_format":"flat",\#(drawn)}"#)
            #expect(mask.status == 200)
            #expect(mask.object["size"] as? Int == 0)
        }
    }

    @Test("Several outputs without elements are as many outputs")
    func outputs() {
        let body =
            #"{"input":{"shape":[0,99999999],"data":[]},"outputs":{"shape":[3,0,99999999],"data":[]},"rate":0.5}"#
        #expect(ask("/verify", body).status == 200)
    }
}
