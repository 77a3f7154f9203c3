import Foundation
import Testing

/// `/verify` judges the gradient of a dropout's input.
@Suite struct GradientMistakeTests {
    private static let shape = [24, 20]
    private static let (x, g) = (
        VariantMistakeTests.numbers(480), VariantMistakeTests.numbers(480, 0x0123_4567_89AB_CDEF)
    )

    private static func verify(_ y: [Double], _ gradient: [Double], _ rate: Double, _ fields: String) -> Reply {
        VariantMistakeTests.verify(
            x, y, shape, rate,
            "\"output_gradient\":\(VariantMistakeTests.text(g, shape)),"
                + "\"gradient\":\(VariantMistakeTests.text(gradient, shape))\(fields)")
    }

    @Test("A gradient is masked and scaled as the output", arguments: [0.1, 0.5, 0.75])
    func plain(_ rate: Double) throws {
        let keep = 1 - rate
        let mask = try VariantMistakeTests.mask(Self.shape, rate, "\"seed\":4")
        let fresh = try VariantMistakeTests.mask(Self.shape, rate, "\"seed\":5")
        let y = zip(Self.x, mask).map { $0 * $1 / keep }
        let cases: [(factor: (Int) -> Double, mistake: String)] = [
            ({ mask[$0] / keep }, "dropout"), ({ mask[$0] }, "not_scaled"),
            ({ mask[$0] / keep / keep }, "scaled_twice"),
            ({ _ in 1 / keep }, "gradient_not_masked"), ({ (1 - mask[$0]) / keep }, "gradient_mask_differs"),
            ({ fresh[$0] / keep }, "gradient_mask_differs"),
        ]
        for one in cases {
            let reply = Self.verify(y, Self.g.indices.map { Self.g[$0] * one.factor($0) }, rate, "")
            #expect(reply.object["verdict"] as? String == one.mistake, "\(reply.text)")
            #expect(VariantMistakeTests.mistakes(reply).count == (one.mistake == "dropout" ? 0 : 1), "\(reply.text)")
            let finding = (reply.object["findings"] as? [[String: Any]])?.first
            #expect(finding == nil || finding?["tensor"] as? String == "gradient")
        }
        let exchanged = Self.verify(y, Self.g.indices.map { Self.g[$0] * (1 - mask[$0]) / keep }, rate, "")
        #expect(VariantMistakeTests.details(exchanged).contains("kept and dropped exchanged"), "\(exchanged.text)")
    }

    @Test("The gradient of a variant has its factor", arguments: ["alpha", "zoneout", "gaussian"])
    func variants(_ variant: String) throws {
        let previous = variant == "zoneout" ? ",\"previous\":\(VariantMistakeTests.text(Self.g, Self.shape))" : ""
        let fields = ",\"variant\":\"\(variant)\"\(previous)"
        let forward = ask(
            "/forward",
            """
            {"input":\(VariantMistakeTests.text(Self.x, Self.shape)),"rate":0.25,"seed":8,"tensor_format":"flat"\(fields)}
            """)
        let y = try #require(forward.member("output", "data") as? [Double], "\(forward.text)")
        let mask = try VariantMistakeTests.mask(Self.shape, 0.25, "\"seed\":8")
        let a = 1 / ((1.7580993408473766 * 1.7580993408473766 * 0.25 + 1) * 0.75).squareRoot()
        let right = Self.g.indices.map { i in
            switch variant {
            case "alpha": Self.g[i] * mask[i] * a
            case "zoneout": Self.g[i] * mask[i]
            default: Self.g[i] * y[i] / Self.x[i]
            }
        }
        let judged = Self.verify(y, right, 0.25, fields)
        #expect(judged.object["verdict"] as? String == "dropout", "\(judged.text)")
        let passed = Self.verify(y, Self.g, 0.25, fields)
        #expect(VariantMistakeTests.mistakes(passed).contains("gradient_not_masked"), "\(passed.text)")
        let wrong = Self.verify(y, right.map { $0 * 1.5 }, 0.25, fields)
        let expected = variant == "gaussian" ? "gradient_mask_differs" : "wrong_factor"
        #expect(VariantMistakeTests.mistakes(wrong) == [expected], "\(wrong.text)")
    }

    @Test(
        "What cannot be judged is refused with its place",
        arguments: [
            (#"{"input":[1],"output":[1],"rate":0.5,"gradient":[1]}"#, ["/gradient"]),
            (#"{"input":[1],"output":[1],"rate":0.5,"output_gradient":[1]}"#, ["/output_gradient"]),
            (#"{"input":[1],"output":[1],"rate":0.5,"output_gradient":[1],"gradient":[1,2]}"#, ["/gradient"]),
            (#"{"input":[1],"outputs":[[1]],"rate":0.5,"output_gradient":[1],"gradient":[1]}"#, ["/gradient"]),
            (
                #"{"input":[1],"output":[1],"rate":0.5,"mode":"eval","output_gradient":[1],"gradient":[1]}"#,
                ["/gradient"]
            ),
            (#"{"input":[1],"output":[1],"variant":"alpha"}"#, [""]),
            (#"{"input":[[1]],"output":[[1]],"rate":0.5,"variant":"drop_connect"}"#, ["/variant"]),
            (#"{"input":[1],"output":[1],"rate":0.5,"variant":"spatial"}"#, ["/variant"]),
            (#"{"input":[1],"output":[1],"rate":0.5,"variant":"zoneout"}"#, [""]),
            (#"{"input":[1],"output":[1],"rate":0.5,"variant":"zoneout","previous":[1,2]}"#, ["/previous"]),
            (#"{"input":[1],"output":[1],"rate":0.5,"variant":"gaussian","mask":[1]}"#, ["/mask"]),
            (#"{"input":[1],"output":[1],"rate":0.5,"variant":"gaussian","seed":1,"generator":"jax"}"#, ["/variant"]),
            (#"{"input":[1],"output":[1],"rate":1,"variant":"gaussian"}"#, ["/variant"]),
            (#"{"input":[1],"output":[1],"rate":0.5,"variant":"alpha","scheme":"classic"}"#, ["/scheme"]),
            (#"{"input":[1],"output":[1],"rate":0.5,"block_size":3}"#, ["/block_size"]),
        ])
    func refused(_ body: String, _ pointers: [String]) {
        let reply = ask("/verify", body)
        #expect(reply.status == 422, "\(reply.text)")
        #expect(reply.pointers == pointers, "\(reply.text)")
    }
}
