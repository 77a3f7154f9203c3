import Foundation
import Testing

/// The forms in which a mask is given: those in which answers have one.
@Suite struct GivenMaskFormTests {
    /// The second of four elements is kept.
    private static let second = [
        "[[0,1],[0,0]]", "[[false,true],[false,false]]", #"{"shape":[2,2],"data":[0,1,0,0]}"#,
        #"{"shape":[2,2],"data":[false,true,false,false]}"#,
        #"{"shape":[2,2],"data":[false,true,false,false],"dtype":null}"#,
        #""QA==""#, #"{"shape":[2,2],"packed":"QA=="}"#, #"{"shape":[2,2],"indices":[1]}"#,
        #"{"shape":[2,2],"indices":[1.0],"packed":null}"#,
        #"{"shape":[2,2],"dtype":"float32","base64":"AAAAAAAAgD8AAAAAAAAAAA=="}"#,
        #"[1],"mask_format":"indices""#, #"[[0,1],[0,0]],"mask_format":"indices""#, #""QA==","mask_format":"indices""#,
    ]

    @Test("A tensor takes a mask in every form that an answer has", arguments: second, ["float32", "float64"])
    func tensor(_ mask: String, _ type: String) {
        let reply = ask(
            "/forward",
            #"{"input":[[1,2],[3,4]],"rate":0.5,"dtype":"\#(type)","include":["output"],"mask":\#(mask)}"#)
        #expect(reply.text == "{\"output\":[[0,4],[0,0]]}\n")
    }

    @Test("A layer takes a mask in every form that an answer has", arguments: second)
    func layer(_ mask: String) {
        let parts = mask.components(separatedBy: #","mask_format""#)
        let format = parts.count > 1 ? #","mask_format":"indices""# : ""
        let layers = #"[{"weights":[[1,0],[0,1]],"rate":0.5,"mask":\#(parts[0])}]"#
        let reply = ask("/forward", #"{"input":[[1,2],[3,4]],"layers":\#(layers),"include":["output"]\#(format)}"#)
        #expect(reply.text == "{\"output\":[[0,4],[0,0]]}\n")
        let training = ask(
            "/train-step",
            """
            {"input":[[1,2],[3,4]],"layers":\(layers),"target":[[0,0],[0,0]],"loss":"mse","learning_rate":0,
            "include":["loss","masks"]\(format)}
            """)
        // The squares of 0, 4, 0 and 0.
        #expect(training.member("loss", "train") as? Double == 4, "\(training.text)")
    }

    @Test("A verification takes a mask in every form that an answer has", arguments: second)
    func verification(_ mask: String) {
        let agreeing = ask("/verify", #"{"input":[[1,2],[3,4]],"output":[[0,4],[0,0]],"rate":0.5,"mask":\#(mask)}"#)
        #expect(agreeing.object["verdict"] as? String == "dropout", "\(agreeing.text)")
        let other = ask("/verify", #"{"input":[[1,2],[3,4]],"output":[[2,0],[0,0]],"rate":0.5,"mask":\#(mask)}"#)
        #expect(other.object["verdict"] as? String == "mask_differs", "\(other.text)")
    }

    @Test(
        "A mask may have the drawn shape",
        arguments: [
            "[[0],[1]]", "[[false],[true]]", #"{"shape":[2,1],"data":[false,true]}"#, #""QA==""#,
            #"{"shape":[2,1],"packed":"QA=="}"#, #"{"shape":[2,1],"indices":[1]}"#,
        ])
    func drawnShape(_ mask: String) {
        let row = "1,2,3,4,5,6,7,8"
        let reply = ask(
            "/forward",
            """
            {"input":[[\(row)],[\(row)]],"rate":0.5,"granularity":"unit","mask":\(mask),"include":["output"]}
            """)
        #expect(reply.text == "{\"output\":[[0,0,0,0,0,0,0,0],[2,4,6,8,10,12,14,16]]}\n", "\(reply.text)")
    }

    @Test("Drop block's and drop connect's masks are taken packed and as indices")
    func otherMasks() {
        for mask in [#""zA==""#, #"{"shape":[1,1,6],"indices":[0,1,4,5]}"#, #"[0,1,4,5],"mask_format":"indices""#] {
            let fields = #""input":[[[1,1,1,1,1,1]]],"variant":"drop_block","block_size":2,"rate":0.3"#
            let reply = ask("/forward", #"{\#(fields),"dtype":"float32","mask":\#(mask),"include":["output"]}"#)
            #expect(reply.text == "{\"output\":[[[1.4999996,1.4999996,0,0,1.4999996,1.4999996]]]}\n", "\(reply.text)")
        }
        for mask in [#""gA==""#, #"{"shape":[1,2],"indices":[0]}"#] {
            let layer = #"{"weights":[[1,10]],"variant":"drop_connect","rate":0.5,"mask":\#(mask)}"#
            let reply = ask("/forward", #"{"input":[[1,2],[3,4]],"layers":[\#(layer)],"include":["output"]}"#)
            #expect(reply.text == "{\"output\":[[2,4]]}\n", "\(reply.text)")
        }
    }

    @Test(
        "A mask that does not fit is refused at its place",
        arguments: [
            (#"{"shape":[2,2],"data":[false,true,false]}"#, "/mask/shape"),
            (#"{"shape":[4],"data":[false,true,false,false]}"#, "/mask"), (#"{"data":[false,true]}"#, "/mask"),
            (#"{"shape":[2,2],"data":[[false,true],[false,false]]}"#, "/mask/data"),
            (#"{"shape":[2,2],"data":[false,1,false,false]}"#, "/mask/data"),
            (#"{"shape":[2,2],"data":[false,true,false,false],"dtype":"float32"}"#, "/mask/dtype"),
            (#""QAA=""#, "/mask"), (#""QA=""#, "/mask"), (#""NaN""#, "/mask"), (#""""#, "/mask"),
            (#"{"shape":[2,2],"packed":"QAA="}"#, "/mask/packed"), (#"{"shape":[4],"packed":"QA=="}"#, "/mask"),
            (#"{"shape":[2,2],"indices":[1,1]}"#, "/mask/indices"),
            (#"{"shape":[2,2],"indices":[2,1]}"#, "/mask/indices"),
            (#"{"shape":[2,2],"indices":[-1]}"#, "/mask/indices"), (#"{"shape":[2,2],"indices":[4]}"#, "/mask/indices"),
            (#"{"shape":[2,2],"indices":[1.5]}"#, "/mask/indices"),
            (#"{"shape":[2,2],"indices":["NaN"]}"#, "/mask/indices"),
            (#"{"shape":[2,2],"indices":[true]}"#, "/mask/indices"), (#"{"shape":[2,2],"indices":1}"#, "/mask/indices"),
            (#"{"shape":[2,2],"indices":[[1]]}"#, "/mask/indices"), (#"{"shape":[4],"indices":[1]}"#, "/mask"),
            (#"{"shape":[9007199254740992],"indices":[1]}"#, "/mask"), (#"{"indices":[1]}"#, "/mask"),
            (#"{"shape":[9223372036854775807,9],"indices":[]}"#, "/mask/shape"),
            (#"{"shape":[2,2],"indices":[1],"data":[0]}"#, "/mask/data"), ("[1]", "/mask"),
            (#"[4],"mask_format":"indices""#, "/mask"), (#"[1,0],"mask_format":"indices""#, "/mask"),
            (#"[-1],"mask_format":"indices""#, "/mask"), (#"[0,9007199254740993],"mask_format":"indices""#, "/mask"),
        ])
    func misfits(_ mask: String, _ pointer: String) {
        let forward = ask("/forward", #"{"input":[[1,2],[3,4]],"rate":0.5,"mask":\#(mask)}"#)
        #expect(forward.status == 422)
        #expect(forward.pointers == [pointer], "\(forward.text)")
        let verify = ask("/verify", #"{"input":[[1,2],[3,4]],"output":[[0,4],[0,0]],"rate":0.5,"mask":\#(mask)}"#)
        #expect(verify.pointers == [pointer], "\(verify.text)")
    }

    @Test("A packed mask of the tensor's bytes is not taken for the drawn units")
    func ambiguousBytes() {
        // 0100: the two elements of the first unit differ.
        let reply = ask("/forward", #"{"input":[[1,2],[3,4]],"rate":0.5,"granularity":"unit","mask":"QA=="}"#)
        #expect(reply.pointers == ["/mask"])
    }

    @Test(
        "A list of one number that can be no index is the only unit's bit with every format",
        arguments: [
            (#""input":[3],"mask":[1]"#, "[6]"), (#""input":[1,2,3],"noise_shape":[1],"mask":[1]"#, "[2,4,6]"),
            (#""input":[1,2,3],"noise_shape":[1],"mask":[0]"#, "[0,0,0]"),
            (#""input":[1,2,3],"noise_shape":[1],"mask":[0,1,2]"#, "[2,4,6]"),
            (#""input":[1,2,3],"noise_shape":[1],"mask":[]"#, "[0,0,0]"), (#""input":[3],"mask":[0]"#, "[6]"),
            (#""input":[3],"mask":[]"#, "[0]"),
        ])
    func onlyUnit(_ fields: String, _ output: String) {
        let body = #"{\#(fields),"rate":0.5,"mask_format":"indices","include":["output"]}"#
        #expect(ask("/forward", body).text == "{\"output\":\(output)}\n")
    }

    @Test("A list of one or two elements that ascends is one of indices only if the format says so")
    func shortLists() {
        let fields = #""input":[1,2],"rate":0.5,"mask":[0,1],"include":["output"]"#
        #expect(ask("/forward", "{\(fields)}").text == "{\"output\":[0,4]}\n")
        #expect(ask("/forward", "{\(fields),\"mask_format\":\"indices\"}").text == "{\"output\":[2,4]}\n")
    }
}
