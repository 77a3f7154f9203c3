import DropoutService
import Testing

/// The losses of the whole network during a training: on the training data and on the test data.
@Suite struct TestLossTests {
    /// One weight 1 and a bias of 0. The loss of x = 1 and target 3 is (1 - 3)² = 4, and both derivatives are -4. A step of 1/4
    /// makes the weight 2 and the bias 1, whose output is 3.
    private static let byHand =
        #""layers":[{"weights":[[1]],"bias":0}],"input":[[1]],"target":[[3]],"loss":"mse","learning_rate":0.25"#
    private static let test = #""test_input":[[2,0]],"test_target":[[4,1]]"#

    private func ask(_ members: String...) -> Reply {
        DropoutServiceTests.ask("/train-step", "{\(members.joined(separator: ","))}")
    }

    @Test("The test loss is that of the updated network on the test data")
    func testLoss() {
        let reply = ask(Self.byHand, Self.test, #""include":["loss"]"#)
        // 2·2 + 1 = 5 for 4, and 2·0 + 1 = 1 for 1.
        #expect(reply.text == #"{"loss":{"train":4,"eval":4,"eval_after":0,"test":0.5}}"# + "\n", "\(reply.text)")
    }

    @Test("The history has the loss before the first step and after each of the steps asked for")
    func historyByHand() throws {
        let reply = ask(Self.byHand, Self.test, #""eval_every":1,"include":["eval_history"]"#)
        // Before the step: 2 for 4, and 0 for 1.
        #expect(
            reply.text == #"{"eval_history":[{"step":0,"train":4,"test":2.5},{"step":1,"train":0,"test":0.5}]}"# + "\n",
            "\(reply.text)")
        let plain = ask(Self.byHand, #""eval_every":1,"include":["eval_history"]"#)
        #expect(plain.text == #"{"eval_history":[{"step":0,"train":4},{"step":1,"train":0}]}"# + "\n")
    }

    // MARK: Against single steps

    private static let network = """
        "layers":[{"weights":[[0.5,-0.25],[1,2]],"activation":"relu","keep_prob":0.6},
        {"weights":[[1,-1],[0.5,0.5]],"bias":0.5,"rate":0.2,"variant":"drop_connect","granularity":"sample"}],
        "input":[[1,2,3],[2,1,-1]],"target":[1,0,1],"loss":"cross_entropy","learning_rate":0.1,"seed":3
        """
    private static let classes = #""test_input":[[1,0.5,2,-1,7],[2,2,-3,0,1]],"test_target":[0,1,1,0,1]"#

    /// The network after so many steps, asked as a question of its own: its loss on the training data and on the test data.
    private func losses(after steps: Int) throws -> [Double?] {
        let layers =
            try steps == 0
            ? Reply.members(of: "{\(Self.network)}")[0].text : ask(Self.network, "\"steps\":\(steps)").json("layers")
        let rest = #""loss":"cross_entropy","learning_rate":0,"include":["loss"],"seed":1"#
        let train = ask("\"layers\":\(layers)", #""input":[[1,2,3],[2,1,-1]],"target":[1,0,1]"#, rest)
        let tested = Self.classes.replacing("test_", with: "")
        let test = ask("\"layers\":\(layers)", tested, rest)
        return [train.member("loss", "eval") as? Double, test.member("loss", "eval") as? Double]
    }

    @Test("Each entry is the loss of the network that as many steps alone lead to", arguments: [1, 2, 3, 5, 9])
    func history(_ interval: Int) throws {
        let reply = ask(Self.network, Self.classes, "\"steps\":5,\"eval_every\":\(interval)")
        let entries = try #require(reply.object["eval_history"] as? [[String: Any]], "\(reply.text)")
        #expect(entries.map { $0["step"] as? Int } == Array(stride(from: 0, through: 5, by: interval)))
        for entry in entries {
            let expected = try losses(after: try #require(entry["step"] as? Int))
            #expect([entry["train"] as? Double, entry["test"] as? Double] == expected)
        }
        #expect(reply.member("loss", "eval") as? Double == entries.first?["train"] as? Double)
        #expect(
            try [reply.member("loss", "eval_after"), reply.member("loss", "test")].map { $0 as? Double }
                == losses(after: 5))
    }

    @Test("Neither field changes anything else of the answer")
    func nothingElse() throws {
        let plain = ask(Self.network, "\"steps\":4")
        let tested = ask(Self.network, "\"steps\":4,\"eval_every\":3", Self.classes)
        for (name, text) in plain.members where name != "loss" { #expect(try tested.json(name) == text) }
        #expect(plain.member("loss", "history") as? [Double] == tested.member("loss", "history") as? [Double])
        #expect(plain.object["eval_history"] == nil)
        #expect(plain.member("loss", "test") == nil)
    }

    @Test("Examples are rows of the test data too if the layout is rows")
    func rows() {
        let question =
            #""layers":[{"weights":[[1,1]],"bias":0}],"input":[[1,1]],"target":[2],"loss":"mse","learning_rate":1"#
        let reply = ask(
            question, #""layout":"rows","test_input":[[1,2],[3,4],[5,6]],"test_target":[3,7,8],"include":["loss"]"#)
        #expect(reply.member("loss", "test") as? Double == 3, "\(reply.text)")
    }

    @Test("A zoneout layer takes test data that its previous state fits")
    func zoneout() {
        let question = """
            "layers":[{"weights":[[1]],"bias":0,"variant":"zoneout","rate":0.5,"previous":[[4,8]]}],"input":[[1,2]],
            "target":[[0,0]],"loss":"mse","learning_rate":0
            """
        let reply = ask(question, #""test_input":[[2,4]],"test_target":[[3,6]],"include":["loss"]"#)
        #expect(reply.member("loss", "test") as? Double == 0, "\(reply.text)")
        let other = ask(question, #""test_input":[[2,4,6]],"test_target":[[3,6,1]]"#)
        #expect(other.pointers == ["/test_input"])
        #expect(other.text.contains("previous state of shape [1, 2]"))
    }

    // MARK: Refusals

    @Test(
        "Test data that does not fit is refused at its field",
        arguments: [
            // A field that is missing is refused at the object that needs it.
            (#""test_input":[[1]]"#, ""), (#""test_target":[[1]]"#, ""),
            (#""test_input":[[1],[2]],"test_target":[[1]]"#, "/test_input"),
            (#""test_input":[1],"test_target":[[1]]"#, "/test_input"),
            (#""test_input":[[1]],"test_target":[[1,2]]"#, "/test_target"),
            (#""test_input":[["x"]],"test_target":[[1]]"#, "/test_input/0"),
            (#""test_input":[[1]],"test_target":"x""#, "/test_target"), (#""eval_every":0"#, "/eval_every"),
            (#""eval_every":1.5"#, "/eval_every"), (#""eval_every":1000001"#, "/eval_every"),
            (#""x_test":[[1]]"#, "/x_test"),
        ])
    func refusals(_ fields: String, _ pointer: String) {
        let reply = ask(Self.byHand, fields)
        #expect(reply.status == 422)
        #expect(reply.pointers == [pointer], "\(reply.text)")
    }

    @Test("An unknown class is refused at the test data, and so are more activations than one request may have")
    func otherRefusals() {
        let wrong = Self.classes.replacing("[0,1,1,0,1]", with: "[0,1,2,0,1]")
        #expect(ask(Self.network, wrong).pointers == ["/test_target"])
        var limits = ServiceLimits()
        limits.maximumElements = 8
        let body = "{\(Self.byHand),\"test_input\":[[1,2,3]],\"test_target\":[[1,2,3]]}"
        #expect(DropoutServiceTests.ask("/train-step", body, limits: limits).status == 422)
    }

    @Test("A field that is null is not there")
    func null() {
        let reply = ask(Self.byHand, #""test_input":null,"test_target":null,"eval_every":null"#)
        #expect(reply.text == ask(Self.byHand).text)
    }

    // MARK: Prices

    private static let gelu =
        #""layers":[{"weights":[[1]],"activation":"gelu"}],"input":[[1]],"target":[[1]],"loss":"mse","learning_rate":1"#

    private func price(_ members: String...) throws -> Int {
        struct Refused: Error {}
        guard case .work(let work) = plan("/train-step", "{\(members.joined(separator: ","))}") else { throw Refused() }
        return work.price.nanoseconds
    }

    @Test("Each evaluation of the history is paid, and each on the test data")
    func prices() throws {
        let shown = #""include":["eval_history"]"#
        func entries(_ interval: Int, _ rest: String...) throws -> Int {
            try price(([Self.gelu, "\"steps\":64,\"eval_every\":\(interval)", shown] + rest).joined(separator: ","))
        }
        // 65, 33 and 17 entries.
        let (all, half, quarter) = (try entries(1), try entries(2), try entries(4))
        #expect(all - half > half - quarter)
        #expect(abs((all - half) - 2 * (half - quarter)) <= 8)
        let test = #""test_input":[[1,2,3,4]],"test_target":[[1,2,3,4]]"#
        #expect(try entries(1, test) - all > 3 * (entries(4, test) - quarter))
        #expect(try price(Self.gelu, test, #""include":["loss"]"#) > price(Self.gelu, #""include":["loss"]"#))
        #expect(try price(Self.gelu, #""eval_every":1,"include":["loss"]"#) == price(Self.gelu, #""include":["loss"]"#))
    }
}
