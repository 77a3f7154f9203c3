import Testing

/// The variants over JSON: worked by hand, and what is refused.
@Suite struct VariantTests {
    @Test(
        "Each variant gives what its formula gives by hand",
        arguments: [
            // x·(1 + √(rate/keep)·Φ⁻¹(u)) with Φ⁻¹(0.5) = 0.
            (#""input":[3,-2],"variant":"gaussian","rate":0.2,"uniforms":[0.5,0.5]"#, "[3,-2]"),
            (#""input":[1,2,3],"variant":"zoneout","rate":0.2,"previous":[7,8,9],"mask":[1,0,1]"#, "[1,8,3]"),
            (#""input":[1,2],"variant":"zoneout","rate":0.25,"previous":[5,6],"mode":"eval""#, "[2,3]"),
            (
                #""input":[[1,2],[3,4]],"variant":"drop_path","layout":"rows","rate":0.5,"mask":[[1],[0]]"#,
                "[[2,4],[0,0]]"
            ),
            (#""input":[[1,2],[3,4]],"variant":"drop_path","rate":0.5,"mask":[[1,0]]"#, "[[2,0],[6,0]]"),
            (
                #""input":[[[1,2],[3,4]]],"variant":"variational","rate":0.5,"mask":[[[1,0]]]"#, "[[[2,0],[6,0]]]"
            ),
            (#""input":[[[1,2],[3,4]]],"variant":"spatial","rate":0.5,"mask":[[[1],[0]]]"#, "[[[2,4],[0,0]]]"),
            (
                #""input":[[[1,2],[3,4]]],"variant":"spatial","rate":0.5,"data_format":"channels_last","mask":[[[1,0]]]"#,
                "[[[2,0],[6,0]]]"
            ),
            // 4 of 6 elements kept: scale 6 / (4 + 10^-6).
            (
                #""input":[[[1,1,1,1,1,1]]],"variant":"drop_block","block_size":2,"rate":0.3,"dtype":"float32","mask":[[[1,1,0,0,1,1]]]"#,
                "[[[1.4999996,1.4999996,0,0,1.4999996,1.4999996]]]"
            ),
        ])
    func byHand(_ fields: String, _ output: String) {
        #expect(ask("/forward", "{\(fields),\"include\":[\"output\"]}").text == "{\"output\":\(output)}\n")
    }

    /// PyTorch 2: F.alpha_dropout(torch.tensor(input), rate, training=True), whose steps at these ends are x · 0, and x · 1 + b
    /// with b = fl(1.7580993408473766 · rate).
    @Test(
        "Alpha dropout has PyTorch's bits at both ends of the rate with PyTorch's generators, and with no other",
        arguments: [
            (#""input":[-1,2],"rate":1"#, "torch-cpu", "[-0.0,0]"),
            (#""input":[-1,2,"-Infinity","NaN"],"rate":1"#, "torch-cpu-mkl", "[-0.0,0,-0.0,0]"),
            (#""input":[-1,2],"rate":1"#, "philox", "[0,0]"), (#""input":[-1,2],"rate":1"#, "mlx", "[0,0]"),
            (#""input":[-1,2],"rate":1"#, "onnxruntime", "[0,0]"),
            (#""input":[1e-10],"rate":1e-17"#, "torch-cpu", "[1.0000002e-10]"),
            (#""input":[1e-10],"rate":1e-17"#, "torch-cpu-mkl", "[1.0000002e-10]"),
            (#""input":[1e-10],"rate":1e-17"#, "philox", "[1e-10]"),
            (#""input":[1e-10],"rate":0"#, "torch-cpu", "[1e-10]"),
            (#""input":[-1,"NaN","Infinity"],"rate":1,"mask":[1,1,1]"#, "philox", "[0,0,0]"),
        ])
    func alphaEnds(_ fields: String, _ generator: String, _ output: String) {
        let seed = fields.contains("mask") ? "" : #","seed":0,"generator":"\#(generator)""#
        let body = #"{\#(fields)\#(seed),"dtype":"float32","variant":"alpha","include":["output"]}"#
        #expect(ask("/forward", body).text == "{\"output\":\(output)}\n")
    }

    @Test("The check of alpha dropout agrees with it at both ends of the rate", arguments: ["1", "1e-17", "0"])
    func alphaEndChecks(_ rate: String) {
        let fields = #""input":[1e-10,-3e-10,2e-10],"dtype":"float32","variant":"alpha","seed":3"#
        for generator in ["torch-cpu", "philox"] {
            let reply = ask("/forward", #"{\#(fields),"rate":\#(rate),"generator":"\#(generator)"}"#)
            #expect(reply.member("check", "consistent") as? Bool == true, "\(reply.text)")
        }
    }

    @Test("The check of drop block on ones is consistent with 100 of 100 seeds", arguments: ["float64", "float32"])
    func blocksOfOnes(_ type: String) {
        for seed in 0..<100 {
            let fields = #""input":[[[1,1,1,1,1,1,1,1]]],"variant":"drop_block","block_size":3,"rate":0.2"#
            let reply = ask("/forward", #"{\#(fields),"seed":\#(seed),"dtype":"\#(type)","include":["check"]}"#)
            #expect(reply.member("check", "consistent") as? Bool == true, "\(reply.text)")
        }
    }

    @Test(
        "Drop connect drops weights, for the batch or for each example, in both layouts",
        arguments: [
            (
                #""input":[[1,2],[3,4]],"layers":[{"weights":[[1,10]],"variant":"drop_connect","rate":0.5,"mask":[[1,0]]}]"#,
                "[[2,4]]"
            ),
            (
                #""input":[[1,3],[2,4]],"layout":"rows","layers":[{"weights":[[1,10]],"variant":"drop_connect","rate":0.5,"mask":[[1,0]]}]"#,
                "[[2],[4]]"
            ),
            (
                #""input":[[1,2],[3,4]],"layers":[{"weights":[[1,10]],"variant":"drop_connect","granularity":"sample","rate":0.5,"mask":[[[1,0]],[[0,1]]]}]"#,
                "[[2,80]]"
            ),
            (
                #""input":[[1,2],[3,4]],"mode":"eval","layers":[{"weights":[[1,10]],"bias":1,"variant":"drop_connect","rate":0.5}]"#,
                "[[32,43]]"
            ),
        ])
    func connect(_ fields: String, _ output: String) {
        let reply = ask("/forward", "{\(fields),\"include\":[\"output\"]}")
        #expect(reply.text == "{\"output\":\(output)}\n")
    }

    @Test(
        "The exact mean over all masks is the input, or what the variant makes of it",
        arguments: [
            #""input":[[1,2],[3,4]],"variant":"drop_path","rate":0.3"#,
            #""input":[[[1,2],[3,4]]],"variant":"spatial","rate":0.3"#,
            #""input":[[[1,2],[3,4]]],"variant":"variational","rate":0.3"#,
        ])
    func exact(_ fields: String) throws {
        let reply = ask("/forward", "{\(fields),\"seed\":1,\"exact\":true,\"samples\":400}")
        let z = try #require(reply.member("samples", "max_abs_z") as? Double, "\(reply.text)")
        #expect(z < 5)
        #expect(reply.member("check", "consistent") as? Bool == true)
    }

    @Test(
        "What a variant cannot do is refused at its place",
        arguments: [
            (#""input":[1],"rate":0.5,"variant":"gausian""#, ["/variant"]),
            (#""input":[1],"rate":0.5,"variant":"alpha","block_size":3"#, ["/block_size"]),
            (#""input":[1],"rate":0.5,"temperature":3"#, ["/temperature"]),
            (#""input":[1],"rate":1,"variant":"gaussian""#, ["/variant"]),
            (#""input":[1],"rate":0.5,"variant":"gaussian","generator":"jax","seed":1"#, ["/variant"]),
            (#""input":[1],"rate":0.5,"variant":"gaussian","mask":[1]"#, ["/mask"]),
            (#""input":[1],"rate":0.5,"variant":"gaussian","uniforms":[0]"#, ["/uniforms"]),
            (#""input":[1],"rate":0.5,"variant":"gaussian","exact":true"#, ["/exact"]),
            (#""input":[1],"rate":0.5,"variant":"alpha","scheme":"classic""#, ["/scheme"]),
            (#""input":[1],"rate":0.5,"variant":"spatial""#, ["/variant"]),
            (#""input":[1],"rate":0.5,"variant":"variational""#, ["/variant"]),
            (#""input":[[[1]]],"rate":0.5,"variant":"spatial","granularity":"unit""#, ["/granularity"]),
            (#""input":[[1]],"rate":0.5,"variant":"drop_path","granularity":"unit""#, ["/granularity"]),
            (#""input":[[1]],"rate":0.5,"variant":"drop_path","noise_shape":[1,1]"#, ["/noise_shape"]),
            (#""input":[1],"rate":0.5,"variant":"drop_block""#, ["/variant"]),
            (#""input":[[[1,1,1]]],"rate":0.5,"variant":"drop_block","block_size":0"#, ["/block_size"]),
            (
                #""input":[[[1,1,1,1]]],"rate":0.9,"variant":"drop_block","block_size":1,"uniforms":[[[0,0,0,0]]]"#,
                ["/uniforms"]
            ),
            (#""input":[1],"rate":0.5,"variant":"concrete","temperature":0"#, ["/temperature"]),
            (#""input":[1],"rate":0.5,"variant":"zoneout""#, [""]),
            (#""input":[1],"rate":0.5,"variant":"zoneout","previous":[1,2]"#, ["/previous"]),
            (#""input":[1],"rate":0.5,"variant":"drop_connect""#, ["/variant"]),
            (
                #""input":[[1]],"scheme":"classic","layers":[{"weights":[[1]],"rate":0.5,"variant":"alpha"}]"#,
                ["/layers/0/variant"]
            ),
        ])
    func refused(_ fields: String, _ pointers: [String]) {
        let reply = ask("/forward", "{\(fields)}")
        #expect(reply.status == 422)
        #expect(reply.pointers == pointers, "\(reply.text)")
    }
}
