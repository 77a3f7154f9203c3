import Foundation
import Testing

/// `/train-step` beyond one plain step: many masks, many steps, the limit on norms.
@Suite struct TrainingTests {
    private static let network =
        #""layers":[{"weights":[[0.5,-0.25],[1,2]],"activation":"relu","keep_prob":0.6},{"weights":[[1,-1]],"bias":0.5}],"#
        + #""input":[[1,2,3],[2,1,-1]],"target":[[1,0,2]],"loss":"half_mse","seed":3"#

    private func ask(_ rest: String, step: Int = 0) -> Reply {
        DropoutServiceTests.ask("/train-step", "{\(Self.network),\"step\":\(step),\(rest)}")
    }

    @Test("Loss samples are the training losses of the following steps")
    func lossSamplesAreTheTrainingLossesOfTheFollowingSteps() throws {
        let losses = try (4..<10).map { step in
            try #require(ask(#""learning_rate":0.1"#, step: step).member("loss", "train") as? Double)
        }
        #expect(Set(losses).count > 1)
        let reply = ask(#""learning_rate":0.1,"loss_samples":6"#, step: 4)
        let mean = losses.reduce(0, +) / 6
        let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5
        #expect(reply.member("loss", "samples", "count") as? Int == 6)
        let sampled = try #require(reply.member("loss", "samples", "mean") as? Double)
        let deviation = try #require(reply.member("loss", "samples", "standard_deviation") as? Double)
        #expect(abs(sampled - mean) < 1e-12)
        #expect(abs(deviation - variance.squareRoot()) < 1e-12)
        // They are taken before the step, with its own mask first.
        #expect(reply.member("loss", "train") as? Double == losses[0])
    }

    @Test("One loss sample has no deviation, and none at all is refused")
    func fewLossSamples() {
        let one = ask(#""learning_rate":0.1,"loss_samples":1"#)
        #expect(one.member("loss", "samples", "count") as? Int == 1)
        #expect(one.member("loss", "samples", "mean") as? Double == one.member("loss", "train") as? Double)
        #expect(one.member("loss", "samples", "standard_deviation") is NSNull)
        #expect(ask(#""learning_rate":0.1,"loss_samples":0"#).pointers == ["/loss_samples"])
    }

    @Test("Several steps have the losses of one after the other")
    func severalStepsHaveTheLossesOfOneAfterTheOther() throws {
        let reply = ask(#""learning_rate":0.05,"steps":4"#)
        let history = try #require(reply.member("loss", "history") as? [Double])
        #expect(history.count == 4)
        #expect(history.last == reply.member("loss", "train") as? Double)
        #expect(reply.object["next_step"] as? Int == 4)
        let three = ask(#""learning_rate":0.05,"steps":3"#)
        #expect(three.member("loss", "history") as? [Double] == Array(history.prefix(3)))
        #expect(reply.member("loss", "eval") as? Double == three.member("loss", "eval") as? Double)
    }

    @Test("No unit's weights are longer than the limit")
    func noUnitsWeightsAreLongerThanTheLimit() throws {
        let reply = ask(#""learning_rate":0.1,"max_norm":0.75,"steps":3"#)
        let layers = try #require(reply.object["layers"] as? [[String: Any]])
        for layer in layers {
            for row in try #require(layer["weights"] as? [[Double]]) {
                #expect(row.reduce(0) { $0 + $1 * $1 }.squareRoot() <= 0.75 * (1 + 1e-15))
            }
        }
        #expect(ask(#""learning_rate":0.1,"max_norm":0"#).pointers == ["/max_norm"])
    }

    // MARK: optimizer_state

    /// Adam's first step on the weights [1, 2] and the bias 0 has these moments.
    private static func adam(
        step: String = "1", squares: String = "[[0.5,0.2]]", squareBias: String = "[0.06]", _ rest: String = ""
    ) -> String {
        """
        {"layers":[{"weights":[[1,2]],"bias":0}],"input":[[1],[2]],"target":[[1]],"loss":"mse","learning_rate":0.1,
        "optimizer":"adam","optimizer_state":{"name":"adam","step":\(step),"layers":[{"mean_weights":[[0.8,1.6]],
        "mean_bias":[0.8],"square_weights":\(squares),"square_bias":\(squareBias)}]},"include":["optimizer_state"]\(rest)}
        """
    }

    @Test(
        "A negative mean of squares is refused at its tensor",
        arguments: [
            (#"[[-0.5,0.2]]"#, "[0.06]", "square_weights"), (#"[[0.5,-1e-300]]"#, "[0.06]", "square_weights"),
            (#"[[0.5,"-Infinity"]]"#, "[0.06]", "square_weights"), ("[[0.5,0.2]]", "[-1]", "square_bias"),
            (#"{"shape":[1,2],"data":[1,-1]}"#, "[0.06]", "square_weights"),
        ])
    func negativeSquares(_ squares: String, _ bias: String, _ field: String) {
        let reply = DropoutServiceTests.ask("/train-step", Self.adam(squares: squares, squareBias: bias))
        #expect(reply.pointers == ["/optimizer_state/layers/0/\(field)"], "\(reply.text)")
    }

    @Test("Moments that are not finite come of overflowing gradients, and are taken back")
    func overflowingSquares() throws {
        let fields = #""target":[[1]],"loss":"mse","learning_rate":0.1,"optimizer":"adam""#
        let layers = #""layers":[{"weights":[[1,2]],"bias":0}]"#
        let first = DropoutServiceTests.ask("/train-step", #"{\#(layers),"input":[[1e160],[0]],\#(fields)}"#)
        let state = try first.json("optimizer_state")
        #expect(state.contains(#""square_weights":[["Infinity",0]]"#), "\(state)")
        let second = DropoutServiceTests.ask(
            "/train-step",
            #"{"layers":\#(try first.json("layers")),"input":[[1],[0]],\#(fields),"optimizer_state":\#(state)}"#)
        #expect(second.status == 200, "\(second.text)")
    }

    @Test(
        "An optimizer's count has room for the steps that are asked for, or the question is refused",
        arguments: [
            ("2147483646", "", true), ("2147483647", "", false), ("2147483640", ",\"steps\":7", true),
            ("2147483640", ",\"steps\":8", false), ("2147483648", "", false),
        ])
    func stepCount(_ step: String, _ rest: String, _ isTaken: Bool) {
        let reply = DropoutServiceTests.ask("/train-step", Self.adam(step: step, rest))
        #expect(reply.status == (isTaken ? 200 : 422))
        #expect(reply.pointers == (isTaken ? [] : ["/optimizer_state/step"]))
        #expect(!isTaken || reply.member("optimizer_state", "step") as? Int == 2_147_483_647)
    }

    @Test(
        "Null leaves out the fields of an optimizer and of its state, also those of another optimizer",
        arguments: [
            #""optimizer":{"name":"sgd","beta1":null,"beta2":null,"epsilon":null,"momentum":null}"#,
            #""optimizer":"sgd","optimizer_state":{"name":null,"step":null,"layers":[{"square_bias":null}]}"#,
            #""optimizer":null,"optimizer_state":null,"max_norm":null,"steps":null,"loss_samples":null"#,
        ])
    func nullFields(_ fields: String) {
        let question =
            #""layers":[{"weights":[[1]],"bias":null,"activation":null}],"input":[[1]],"target":[[1]],"loss":"mse","#
            + #""learning_rate":1"#
        let plain = DropoutServiceTests.ask("/train-step", "{\(question)}")
        #expect(DropoutServiceTests.ask("/train-step", "{\(question),\(fields)}").text == plain.text)
        #expect(plain.status == 200)
    }

    @Test("The fields of another optimizer are refused by name")
    func foreignFields() {
        let reply = ask(#""learning_rate":1,"optimizer":{"name":"adam","momentum":0.9}"#)
        #expect(reply.pointers == ["/optimizer/momentum"])
        #expect(reply.text.contains("no field of adam"))
    }
}
