import Testing

/// The mask of an evaluation: nothing is dropped.
@Suite struct EvaluationMaskTests {
    private static let formats: [(format: String, ones: String)] = [
        ("numbers", "[[1,1,1],[1,1,1]]"), ("booleans", "[[true,true,true],[true,true,true]]"), ("packed", #""/A==""#),
        ("indices", "[0,1,2,3,4,5]"),
    ]

    @Test("A tensor's mask is all ones in evaluation, whatever is drawn in training", arguments: formats)
    func tensor(_ one: (format: String, ones: String)) {
        for fields in [
            #""rate":0.5"#, #""rate":1"#, #""rate":0.5,"granularity":"unit""#, #""rate":0.5,"scheme":"classic""#,
            #""rate":0.5,"variant":"alpha""#, #""rate":0.5,"variant":"drop_path""#,
            #""rate":0.5,"variant":"variational""#, #""rate":0.5,"mask":[[0,0,0],[0,0,0]]"#,
            #""rate":0.5,"variant":"zoneout","previous":[[0,0,0],[0,0,0]]"#,
        ] {
            let body =
                #"{"input":[[1,2,3],[4,5,6]],"mode":"eval",\#(fields),"mask_format":"\#(one.format)","include":["mask"]}"#
            #expect(ask("/forward", body).text == "{\"mask\":\(one.ones)}\n", "\(body)")
        }
    }

    @Test(
        "Feature maps keep all of their elements, and no mask is printed if none is asked for",
        arguments: [
            (#""variant":"spatial""#, "{\"mask\":[[[1,1],[1,1]]]}\n"),
            (#""variant":"drop_block","block_size":2"#, "{\"mask\":[[[1,1],[1,1]]]}\n"),
            (#""variant":"spatial","tensor_format":"flat""#, "{\"mask\":{\"shape\":[1,2,2],\"data\":[1,1,1,1]}}\n"),
            (#""mask_format":"none""#, "{}\n"),
        ])
    func featureMaps(_ fields: String, _ text: String) {
        let body = #"{"input":[[[1,2],[3,4]]],"mode":"eval","rate":0.3,\#(fields),"include":["mask"]}"#
        #expect(ask("/forward", body).text == text)
    }

    @Test(
        "Gaussian and concrete dropout have factors instead of a mask, which are 1 in evaluation",
        arguments: ["gaussian", "concrete"])
    func factors(_ variant: String) {
        let fields =
            #""input":[[1,2],[3,4]],"mode":"eval","rate":0.3,"variant":"\#(variant)","include":["output","mask"]"#
        #expect(ask("/forward", "{\(fields)}").text == "{\"output\":[[1,2],[3,4]],\"noise\":[[1,1],[1,1]]}\n")
        let units = ask("/forward", "{\(fields),\"granularity\":\"unit\"}")
        #expect(units.text == "{\"output\":[[1,2],[3,4]],\"noise\":[[1],[1]]}\n")
    }

    @Test("A network's layers have masks of ones in evaluation, those of weights too")
    func network() throws {
        let reply = ask(
            "/forward",
            """
            {"input":[[1,2]],"mode":"eval","include":["layers"],"layers":[{"weights":[[1],[2]],"rate":0.5,"granularity":"unit"},
            {"weights":[[1,1]],"rate":0.5,"variant":"drop_connect"},{"weights":[[1]]},
            {"weights":[[1]],"rate":0.5,"variant":"gaussian"}]}
            """)
        let layers = try #require(reply.object["layers"] as? [[String: Any]])
        #expect(layers[0]["mask"] as? [[Int]] == [[1, 1], [1, 1]])
        #expect(layers[1]["mask"] as? [[Int]] == [[1, 1]])
        #expect(layers[2]["mask"] == nil)
        #expect(layers[3]["noise"] as? [[Double]] == [[1, 1]])
    }

    @Test(
        "An empty tensor has an empty mask in evaluation",
        arguments: ["[0,1000000000000]", "[1000000000000,0]", "[0]", "[3,0,2]"])
    func empty(_ shape: String) {
        for fields in ["", #","granularity":"unit""#, #","granularity":"sample""#, #","variant":"gaussian""#] {
            let body = #"{"input":{"shape":\#(shape),"data":[]},"mode":"eval","rate":0.3\#(fields),"include":["mask"]}"#
            let reply = ask("/forward", body)
            #expect(reply.status == 200, "\(body) \(reply.text)")
            #expect(reply.text.contains(#""data":[]"#), "\(reply.text)")
        }
    }
}
