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

    @Test func lossSamplesAreTheTrainingLossesOfTheFollowingSteps() throws {
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

    @Test func severalStepsHaveTheLossesOfOneAfterTheOther() throws {
        let reply = ask(#""learning_rate":0.05,"steps":4"#)
        let history = try #require(reply.member("loss", "history") as? [Double])
        #expect(history.count == 4)
        #expect(history.last == reply.member("loss", "train") as? Double)
        #expect(reply.object["next_step"] as? Int == 4)
        let three = ask(#""learning_rate":0.05,"steps":3"#)
        #expect(three.member("loss", "history") as? [Double] == Array(history.prefix(3)))
        #expect(reply.member("loss", "eval") as? Double == three.member("loss", "eval") as? Double)
    }

    @Test func noUnitsWeightsAreLongerThanTheLimit() throws {
        let reply = ask(#""learning_rate":0.1,"max_norm":0.75,"steps":3"#)
        let layers = try #require(reply.object["layers"] as? [[String: Any]])
        for layer in layers {
            for row in try #require(layer["weights"] as? [[Double]]) {
                #expect(row.reduce(0) { $0 + $1 * $1 }.squareRoot() <= 0.75 * (1 + 1e-15))
            }
        }
        #expect(ask(#""learning_rate":0.1,"max_norm":0"#).pointers == ["/max_norm"])
    }
}
