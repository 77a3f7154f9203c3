import Testing

/// The worked example of the article: its matrices, its uniforms, its mask.
@Suite struct ArticleTests {
    static let a1 = "[[7,13],[7,13],[16,31],[16,31]]"
    static let uniforms =
        "[[0.58695556,0.41508454],[0.16031604,0.24994934],[0.10260241,0.8237806],[0.28117361,0.8992166]]"
    static let mask = "[[1,1],[1,1],[1,0],[1,0]]"
    static let layer1 =
        #"{"weights":[[1,2,3],[1,2,3],[4,5,6],[4,5,6]],"bias":1,"activation":"relu","keep_prob":0.8"#
    static let x = "[[1,2],[1,2],[1,2]]"

    @Test("The first layer and its dropout are the article's")
    func theFirstLayerAndItsDropoutAreTheArticles() {
        let reply = ask("/forward", #"{"input":\#(Self.x),"layers":[\#(Self.layer1),"uniforms":\#(Self.uniforms)}]}"#)
        let layer = (reply.object["layers"] as? [[String: Any]])?.first
        #expect(layer?["pre_activation"] as? [[Double]] == [[7, 13], [7, 13], [16, 31], [16, 31]])
        #expect(layer?["activation"] as? [[Double]] == [[7, 13], [7, 13], [16, 31], [16, 31]])
        #expect(layer?["mask"] as? [[Double]] == [[1, 1], [1, 1], [1, 0], [1, 0]])
        #expect(reply.matrix("output") == [[8.75, 16.25], [8.75, 16.25], [20, 0], [20, 0]])
    }

    @Test(
        "The given mask is applied by each scheme",
        arguments: [
            ("inverted", "train", [[8.75, 16.25], [8.75, 16.25], [20, 0], [20, 0]]),
            ("classic", "train", [[7, 13], [7, 13], [16, 0], [16, 0]]),
            ("inverted", "eval", [[7, 13], [7, 13], [16, 31], [16, 31]]),
            ("classic", "eval", [[5.6, 10.4], [5.6, 10.4], [12.8, 24.8], [12.8, 24.8]]),
        ])
    func theGivenMaskIsAppliedByEachScheme(_ scheme: String, _ mode: String, _ expected: [[Double]]) {
        let reply = ask(
            "/forward",
            #"{"input":\#(Self.a1),"rate":0.2,"mask":\#(Self.mask),"scheme":"\#(scheme)","mode":"\#(mode)"}"#)
        let output = reply.matrix("output") ?? []
        #expect(output.count == 4)
        for (row, expectedRow) in zip(output, expected) {
            for (value, expectedValue) in zip(row, expectedRow) { #expect(abs(value - expectedValue) < 1e-12) }
        }
    }

    @Test("The check judges the article's draw as a draw")
    func theCheckJudgesTheArticlesDrawAsADraw() throws {
        let reply = ask("/forward", #"{"input":\#(Self.a1),"keep_prob":0.8,"uniforms":\#(Self.uniforms)}"#)
        let check = try #require(reply.object["check"] as? [String: Any])
        func number(_ name: String) -> Double { check[name] as? Double ?? .nan }
        #expect(number("expected_sum") == 134)
        #expect(number("observed_sum") == 90)
        #expect(abs(number("standard_error") - 26.7862) < 5e-5)
        #expect(abs(number("z_score") + 1.643) < 5e-4)
        #expect(check["consistent"] as? Bool == true)
        #expect(number("kept") == 6)
        #expect(abs(number("expected_kept") - 6.4) < 1e-12)
        // The logarithm of the probability 0.01048576, to 17 digits.
        #expect(abs(number("log_probability") + 4.5577371327534586) < 1e-14)
    }

    @Test("The exact mean over all masks is the input")
    func theExactMeanOverAllMasksIsTheInput() throws {
        let reply = ask("/forward", #"{"input":\#(Self.a1),"keep_prob":0.8,"seed":1,"exact":true}"#)
        #expect(reply.member("exact", "masks") as? Int == 256)
        let mean = try #require(reply.member("exact", "mean") as? [[Double]])
        let variance = try #require(reply.member("exact", "variance") as? [[Double]])
        for (row, expected) in zip(mean, [[7.0, 13], [7, 13], [16, 31], [16, 31]]) {
            for (value, expectedValue) in zip(row, expected) { #expect(abs(value - expectedValue) < 1e-12) }
        }
        for (row, expected) in zip(variance, [[12.25, 42.25], [12.25, 42.25], [64, 240.25], [64, 240.25]]) {
            for (value, expectedValue) in zip(row, expected) { #expect(abs(value - expectedValue) < 1e-9) }
        }
    }

    @Test("A unit mask drops a unit in every example")
    func aUnitMaskDropsAUnitInEveryExample() {
        let reply = ask(
            "/forward", #"{"input":\#(Self.a1),"keep_prob":0.8,"granularity":"unit","mask":[[1],[1],[1],[0]]}"#)
        #expect(reply.matrix("output") == [[8.75, 16.25], [8.75, 16.25], [20, 38.75], [0, 0]])
    }

    @Test("A nonlinearity after the dropout shifts the mean")
    func aNonlinearityBehindTheDropoutShiftsTheMean() throws {
        let layers = #"[\#(Self.layer1)},{"weights":[[1,-1,0.5,-0.5]],"bias":0,"activation":"relu"}]"#
        let eval = ask("/forward", #"{"input":\#(Self.x),"mode":"eval","layers":\#(layers)}"#)
        #expect(eval.matrix("output") == [[0, 0]])
        let exact = ask("/forward", #"{"input":\#(Self.x),"exact":true,"seed":3,"layers":\#(layers)}"#)
        let mean = try #require((exact.member("exact", "mean") as? [[Double]])?.first)
        #expect(abs(mean[0] - 2.552) < 1e-12 && abs(mean[1] - 4.868) < 1e-12)
    }

    @Test("One training step on the article's pass")
    func oneTrainingStepOnTheArticlesPass() throws {
        let reply = ask(
            "/train-step",
            """
            {"input":\(Self.x),"target":[[20,10]],"loss":"half_mse","learning_rate":0.001,
             "layers":[\(Self.layer1),"mask":\(Self.mask)},{"weights":[[0.1,0.2,0.3,0.4]],"bias":0.5}]}
            """)
        #expect(reply.member("loss", "train") as? Double == 7.4140625)
        #expect(abs((reply.member("loss", "eval") as? Double ?? 0) - 74.4125) < 1e-12)
        let gradients = try #require(reply.object["gradients"] as? [[String: Any]])
        #expect(gradients[1]["weights"] as? [[Double]] == [[-50.15625, -50.15625, -28.75, -28.75]])
        #expect(gradients[1]["bias"] as? [Double] == [-3.75])
        let expected = [-0.46875, -0.9375, -0.5390625, -0.71875]
        let bias = try #require(gradients[0]["bias"] as? [Double])
        for (value, expectedValue) in zip(bias, expected) { #expect(abs(value - expectedValue) < 1e-12) }
        let weights = try #require(gradients[0]["weights"] as? [[Double]])
        for (row, expectedValue) in zip(weights, [-0.7578125, -1.515625, -0.5390625, -0.71875]) {
            #expect(row.count == 3 && row.allSatisfy { abs($0 - expectedValue) < 1e-12 })
        }
        let layers = try #require(reply.object["layers"] as? [[String: Any]])
        let updated = try #require((layers[1]["weights"] as? [[Double]])?.first)
        for (value, expectedValue) in zip(updated, [0.15015625, 0.25015625, 0.32875, 0.42875]) {
            #expect(abs(value - expectedValue) < 1e-12)
        }
        #expect(abs(((layers[1]["bias"] as? [Double])?.first ?? 0) - 0.50375) < 1e-12)
    }
}
