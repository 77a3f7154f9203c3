/// The questions of each kind of plan.
extension StopTests {
    private static let variants: [(name: String, fields: String)] = [
        ("dropout", #""rate":0.5"#), ("units", #""rate":0.5,"granularity":"unit""#),
        ("alpha", #""rate":0.5,"variant":"alpha""#), ("gaussian", #""rate":0.5,"variant":"gaussian""#),
        ("spatial", #""rate":0.5,"variant":"spatial""#), ("drop_path", #""rate":0.5,"variant":"drop_path""#),
        ("drop_block", #""rate":0.1,"variant":"drop_block","block_size":3"#),
        ("concrete", #""rate":0.5,"variant":"concrete""#),
    ]

    private static func network(_ side: Int, _ batch: Int, _ fields: String, _ layer: String = #""rate":0.5"#) -> String
    {
        let weights = PlannedQuestion.ones([side, side])
        let last = PlannedQuestion.ones([2, side])
        return """
            {"input":\(PlannedQuestion.ones([side, batch])),"seed":1,\(fields),
            "layers":[{"weights":\(weights),"activation":"relu",\(layer)},{"weights":\(last),"activation":"softmax"}]}
            """
    }

    /// Each kind of plan once, in a moment.
    static let small: [PlannedQuestion] =
        [
            PlannedQuestion("mask, GET", "/mask?shape=3&rate=0.5&seed=1"),
            PlannedQuestion("mask, POST", "/mask", #"{"shape":[3],"rate":0.5,"generator":"jax"}"#),
            PlannedQuestion("mask, numbers", "/mask", #"{"shape":[3],"rate":0.5,"include":["mask","uniforms"]}"#),
            PlannedQuestion("tensor, numbers", "/forward", #"{"input":[1,2],"rate":0.5,"include":["uniforms"]}"#),
            PlannedQuestion("mask, empty", "/mask", #"{"shape":[0],"rate":0.5}"#),
            PlannedQuestion("mask, rate 0", "/mask", #"{"shape":[3],"rate":0}"#),
            PlannedQuestion("samples", "/forward", #"{"input":[1,2],"rate":0.5,"samples":3}"#),
            PlannedQuestion("samples, one", "/forward", #"{"input":[1,2],"rate":0.5,"samples":1}"#),
            PlannedQuestion("samples, many", "/forward", #"{"input":[1,2],"rate":0.5,"samples":2000}"#),
            PlannedQuestion("exact", "/forward", #"{"input":[1,2],"rate":0.5,"exact":true}"#),
            PlannedQuestion(
                "sub-networks", "/forward", #"{"input":[1,2],"rate":0.5,"exact":true,"include":["subnetworks"]}"#),
            PlannedQuestion(
                "network, sub-networks", "/forward",
                #"{"input":[[1]],"exact":true,"include":["subnetworks"],"layers":[{"weights":[[1],[2]],"rate":0.5}]}"#),
            PlannedQuestion(
                "samples, ndjson", "/forward", #"{"input":[1,2],"rate":0.5,"samples":3,"samples_format":"ndjson"}"#),
            PlannedQuestion("evaluation", "/forward", #"{"input":[1,2],"rate":0.5,"mode":"eval"}"#),
            PlannedQuestion("empty input", "/forward", #"{"input":[],"rate":0.5}"#),
            PlannedQuestion("mask given", "/forward", #"{"input":[1,2],"rate":0.5,"mask":[1,0]}"#),
            PlannedQuestion("uniforms given", "/forward", #"{"input":[1,2],"rate":0.5,"uniforms":[0.1,0.9]}"#),
            PlannedQuestion("zoneout", "/forward", #"{"input":[1],"rate":0.5,"variant":"zoneout","previous":[2]}"#),
            PlannedQuestion("variational", "/forward", #"{"input":[[1],[2]],"rate":0.5,"variant":"variational"}"#),
            PlannedQuestion("network", "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]],"rate":0.5}]}"#),
            PlannedQuestion("network, no dropout", "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]]}]}"#),
            PlannedQuestion("network, empty batch", "/forward", #"{"input":[[]],"layers":[{"weights":[[1]]}]}"#),
            PlannedQuestion(
                "network, evaluation", "/forward",
                #"{"input":[[1]],"mode":"eval","layers":[{"weights":[[1]],"rate":0.5}]}"#),
            PlannedQuestion(
                "network, samples", "/forward",
                #"{"input":[[1]],"samples":300,"layers":[{"weights":[[1]],"rate":0.5}]}"#),
            PlannedQuestion(
                "network, samples, ndjson", "/forward",
                #"{"input":[[1]],"samples":300,"samples_format":"ndjson","layers":[{"weights":[[1]],"rate":0.5}]}"#),
            PlannedQuestion(
                "ndjson with masks", "/forward",
                #"{"input":[1,2],"rate":0.5,"samples":30,"samples_format":"ndjson","include":["mask","check"]}"#),
            PlannedQuestion(
                "network, ndjson with layers", "/forward",
                #"{"input":[[1]],"samples":30,"samples_format":"ndjson","include":["masks","layers"],"layers":[{"weights":[[1]],"rate":0.5}]}"#
            ),
            PlannedQuestion(
                "network, exact", "/forward",
                #"{"input":[[1]],"exact":true,"layers":[{"weights":[[1]],"rate":0.5}]}"#),
            PlannedQuestion(
                "training", "/train-step",
                """
                {"input":[[1]],"layers":[{"weights":[[1]],"rate":0.5}],"target":[[1]],"loss":"mse","learning_rate":1,
                "steps":2,"loss_samples":3}
                """),
            PlannedQuestion(
                "training, test data", "/train-step",
                """
                {"input":[[1]],"layers":[{"weights":[[1]],"rate":0.5}],"target":[[1]],"loss":"mse","learning_rate":1,
                "steps":5,"eval_every":2,"test_input":[[1,2]],"test_target":[[1,2]]}
                """),
            PlannedQuestion(
                "training, no dropout", "/train-step",
                #"{"input":[[1]],"layers":[{"weights":[[1]]}],"target":[[1]],"loss":"mse","learning_rate":1}"#),
            PlannedQuestion("verify", "/verify", #"{"input":[1,2],"output":[2,0],"rate":0.5}"#),
            PlannedQuestion("verify, evaluation", "/verify", #"{"input":[1],"output":[1],"rate":0.5,"mode":"eval"}"#),
            PlannedQuestion("verify, search", "/verify", #"{"input":[1,2],"output":[2,0],"rate":0.5,"seed":3}"#),
            PlannedQuestion("verify, empty", "/verify", #"{"input":[],"output":[],"rate":0.5,"seed":3}"#),
        ]
        + variants.map {
            PlannedQuestion(
                "tensor, \($0.name)", "/forward", "{\"input\":\(PlannedQuestion.ones([2, 2, 4, 4])),\($0.fields)}")
        }

    /// Each kind of plan at the price of 0.1 s or more.
    static let large: [PlannedQuestion] =
        [
            PlannedQuestion(
                "mask, GET",
                "/mask?shape=12000000&rate=0.5&seed=1&generator=numpy-legacy-binomial&mask_format=none"),
            PlannedQuestion(
                "mask, POST", "/mask",
                #"{"shape":[12000000],"rate":0.5,"generator":"torch-cuda","seed":1,"mask_format":"none"}"#),
            PlannedQuestion(
                "mask, whole rows", "/mask",
                #"{"shape":[16000000],"rate":0.5,"generator":"jax-threefry4x32","seed":1,"mask_format":"packed"}"#),
            PlannedQuestion(
                "mask, indices, printed in parts", "/mask", #"{"shape":[10000000],"rate":0,"mask_format":"indices"}"#),
            PlannedQuestion(
                "mask, walk to a call", "/mask", #"{"shape":[1],"rate":0.5,"generator":"mlx","seed":1,"call":8000000}"#),
            PlannedQuestion(
                "mask, walk to an op seed", "/mask",
                #"{"shape":[1],"rate":0.5,"generator":"tf-dropout","seed":1,"call":8000000}"#),
            PlannedQuestion(
                "tensor, gaussian", "/forward",
                """
                {"input":\(PlannedQuestion.ones([1_500_000])),"rate":0.5,"variant":"gaussian","seed":1,
                "include":["check"]}
                """),
            PlannedQuestion(
                "exact", "/forward", "{\"input\":\(PlannedQuestion.ones([18])),\"rate\":0.5,\"exact\":true}"),
            PlannedQuestion(
                "network, one pass", "/forward",
                network(1200, 1000, #""include":["output"]"#)),
            PlannedQuestion(
                "network, samples", "/forward", network(60, 40, #""samples":8000,"include":["samples"]"#)),
            PlannedQuestion(
                "network, samples of weights", "/forward",
                network(
                    60, 40, #""samples":2000,"include":["samples"]"#, #""rate":0.5,"variant":"drop_connect""#)),
            PlannedQuestion(
                "network, samples of weights for each example", "/forward",
                network(
                    60, 40, #""samples":800,"include":["samples"]"#,
                    #""rate":0.5,"variant":"drop_connect","granularity":"sample""#)),
            PlannedQuestion(
                "network, many small layers", "/forward",
                """
                {"input":[[1]],"samples":300,"include":["samples"],
                "layers":[\(Array(repeating: #"{"weights":[[1]],"rate":0.5}"#, count: 300).joined(separator: ","))]}
                """),
            PlannedQuestion("network, exact", "/forward", network(15, 1, #""exact":true"#)),
            PlannedQuestion(
                "training, one step", "/train-step", training(600, 600, "\"steps\":2,\"include\":[\"loss\"]")),
            PlannedQuestion("training, steps", "/train-step", training(4, 2, "\"steps\":12000")),
            PlannedQuestion("training, losses", "/train-step", training(4, 2, "\"loss_samples\":40000")),
            PlannedQuestion(
                "training, evaluations", "/train-step", training(4, 2, "\"steps\":6000,\"eval_every\":1")),
            PlannedQuestion(
                "verify", "/verify",
                "{\"input\":\(PlannedQuestion.ones([1_000_000])),\"output\":\(PlannedQuestion.ones([1_000_000]))}"),
            PlannedQuestion("verify, search", "/verify", searched(200_000, #""seed":1,"generator":"jax-original""#)),
            PlannedQuestion("verify, search by prefixes", "/verify", searched(200_000, #""seed":1"#)),
        ] + lines
        + variants.map {
            PlannedQuestion(
                "samples, \($0.name)", "/forward",
                "{\"input\":\(PlannedQuestion.ones([6, 4, 16, 16])),\"seed\":1,\"samples\":8000,\($0.fields),\"include\":[\"samples\"]}"
            )
        }

    /// Answers in lines that cost 0.1 s or more.
    static let lines: [PlannedQuestion] = [
        PlannedQuestion(
            "ndjson", "/forward",
            "{\"input\":\(PlannedQuestion.ones([6000])),\"rate\":0.5,\"samples\":3000,\"samples_format\":\"ndjson\"}"),
        PlannedQuestion(
            "ndjson, short lines", "/forward", #"{"input":[1],"rate":0.5,"samples":60000,"samples_format":"ndjson"}"#),
        PlannedQuestion(
            "ndjson with layers", "/forward",
            network(60, 40, #""samples":1600,"samples_format":"ndjson","include":["masks","layers"]"#)),
        PlannedQuestion("ndjson, network", "/forward", network(60, 40, #""samples":8000,"samples_format":"ndjson""#)),
    ]

    private static func training(_ side: Int, _ batch: Int, _ fields: String) -> String {
        let ones = PlannedQuestion.ones([side, batch])
        return """
            {"input":\(ones),"target":\(ones),"loss":"mse","learning_rate":0.001,"seed":1,\(fields),
            "layers":[{"weights":\(PlannedQuestion.ones([side, side])),"rate":0.5}]}
            """
    }

    /// An output that no generator draws: two of three elements are kept.
    private static func searched(_ count: Int, _ fields: String) -> String {
        let output = (0..<count).map { $0 % 3 == 0 ? 0 : 3.0 }
        return """
            {"input":\(PlannedQuestion.ones([count])),"output":\(PlannedQuestion.base64(output, [count])),
            "keep_prob":0.3333333333333333,\(fields)}
            """
    }

    /// Bodies of some 2 MB.
    static let bodies: [PlannedQuestion] = [
        PlannedQuestion("numbers", "/forward", "{\"input\":[\(list("0.123456789", 200_000))],\"rate\":0.5}"),
        PlannedQuestion(
            "numbers read again", "/forward",
            "{\"input\":[\(list("0.123456789", 200_000))],\"rate\":0.5,\"dtype\":\"float32\"}"),
        PlannedQuestion("rows", "/forward", "{\"input\":[\(list("[1,2,3]", 200_000))],\"rate\":0.5}"),
        PlannedQuestion("base64", "/forward", "{\"input\":\(PlannedQuestion.ones([200_000])),\"rate\":0.5}"),
        PlannedQuestion(
            "a flat list", "/forward",
            "{\"input\":{\"shape\":[2,500000],\"data\":[\(list("7", 1_000_000))]},\"rate\":0.5}"),
        PlannedQuestion(
            "white space", "/forward", "{\"input\":[1],\(String(repeating: " ", count: 2_000_000))\"rate\":0.5}"),
        PlannedQuestion(
            "layers", "/forward",
            "{\"input\":[[1]],\"layers\":[\(list(#"{"weights":[[1]]}"#, 20_000))],\"include\":[\"output\"]}"),
        PlannedQuestion(
            "layers with dropout", "/forward",
            "{\"input\":[[1]],\"layers\":[\(list(#"{"weights":[[1]],"rate":0.5}"#, 16_000))],\"include\":[\"output\"]}"),
        PlannedQuestion(
            "a mask", "/forward",
            "{\"input\":{\"shape\":[300000],\"data\":[\(list("1", 300_000))]},\"rate\":0.5,\"mask\":[\(list("true", 300_000))]}"
        ),
    ]

    static func list(_ item: String, _ count: Int) -> String {
        String(repeating: item + ",", count: count - 1) + item
    }
}
