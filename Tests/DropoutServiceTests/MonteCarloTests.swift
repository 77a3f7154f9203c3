import Foundation
import Testing

/// `samples`: the summary, and the passes as lines.
@Suite struct MonteCarloTests {
    private static let question = #""input":[[1,-2],[3,4]],"rate":0.4,"seed":8"#

    private static func lines(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test("Each line is the pass that /forward computes at its step, and the last holds the summary and the echo")
    func ndjson() throws {
        let reply = ask("/forward", "{\(Self.question),\"samples\":5,\"samples_format\":\"ndjson\"}")
        #expect(reply.headers["Content-Type"] == "application/x-ndjson")
        let lines = try Self.lines(reply.text)
        #expect(lines.count == 6)
        for step in 0..<5 {
            let alone = ask("/forward", "{\(Self.question),\"step\":\(step)}")
            #expect(lines[step]["sample"] as? Int == step)
            #expect(lines[step]["output"] as? [[Double]] == alone.matrix("output"))
        }
        let summary = ask("/forward", "{\(Self.question),\"samples\":5}")
        let mean = (lines[5]["samples"] as? [String: Any])?["mean"] as? [[Double]]
        #expect(mean == summary.member("samples", "mean") as? [[Double]])
        #expect(lines[5]["seed"] as? Int == 8)
    }

    @Test("The intervals lie 1.96 deviations and standard errors about the mean")
    func intervals() throws {
        let reply = ask("/forward", #"{"input":[1],"rate":0.5,"seed":3,"samples":100}"#)
        func value(_ path: String...) throws -> Double {
            let member = path.reduce(reply.object["samples"]) { ($0 as? [String: Any])?[$1] }
            return try #require((member as? [Double])?.first)
        }
        let deviation = try value("variance").squareRoot()
        #expect(try abs(value("interval_95", "upper") - value("mean") - 1.959963984540054 * deviation) < 1e-12)
        #expect(try abs(value("mean") - value("interval_95", "lower") - 1.959963984540054 * deviation) < 1e-12)
        let error = deviation / 10
        #expect(try abs(value("mean_interval_95", "upper") - value("mean") - 1.959963984540054 * error) < 1e-12)
    }

    @Test("An element that happened to be kept in both of two passes is judged by its known variance")
    func fewPasses() throws {
        // At keep 0.8 the mean of two kept passes is 1.25 x: z = 0.25 / √(0.25 / 2).
        let reply = ask(
            "/forward", #"{"input":[1,1,1,1,1,1,1,1],"keep_prob":0.8,"seed":1,"samples":2,"include":["samples"]}"#)
        let mean = try #require(reply.member("samples", "mean") as? [Double])
        let z = try #require(reply.member("samples", "max_abs_z") as? Double, "\(reply.text)")
        let expected = mean.map { ($0 - 1).magnitude / (0.25 / 2).squareRoot() }.max() ?? 0
        #expect(mean.contains(1.25))
        #expect((z - expected).magnitude < 1e-12)
    }

    @Test("One pass has a mean and no variance, as a summary and as lines", arguments: ["summary", "ndjson"])
    func onePass(_ format: String) throws {
        let fields = #""input":[1,2],"rate":0.5,"uniforms":null,"seed":2,"include":["samples"],"samples":1"#
        let reply = ask("/forward", #"{\#(fields),"samples_format":"\#(format)"}"#)
        let summary = #"{"samples":{"count":1,"mean":[2,4],"variance":null,"interval_95":null,"#
        #expect(reply.text.hasSuffix(summary + #""mean_interval_95":null,"max_abs_z":null}}"# + "\n"), "\(reply.text)")
    }

    @Test("No pass at all is refused")
    func noPasses() {
        #expect(ask("/forward", "{\(Self.question),\"samples\":0}").pointers == ["/samples"])
        let network = #"{"input":[[1]],"layers":[{"weights":[[1]],"rate":0.5}],"samples":0}"#
        #expect(ask("/forward", network).pointers == ["/samples"])
    }

    @Test("A softmax output tells entropy and information, and one with dropout behind it does not")
    func uncertainty() {
        func ask(_ last: String) -> Reply {
            DropoutServiceTests.ask(
                "/forward",
                """
                {"input":[[1],[2]],"seed":1,"samples":50,"include":["samples"],"layers":[{"weights":[[1,0],[0,1]],"rate":0.5},
                {"weights":[[1,2],[2,1]],"activation":"softmax"\(last)}]}
                """)
        }
        let entropy = (ask("").member("samples", "predictive_entropy") as? [Double])?.first ?? -1
        let information = (ask("").member("samples", "mutual_information") as? [Double])?.first ?? -1
        #expect(information > 0 && information < entropy && entropy <= 0.6931471805599454)
        #expect(ask(",\"rate\":0.5").member("samples", "predictive_entropy") == nil)
    }

    @Test("The form of the lines is refused without samples, and by a caller that takes neither")
    func refusals() {
        #expect(ask("/forward", "{\(Self.question),\"samples_format\":\"ndjson\"}").pointers == ["/samples_format"])
        #expect(ask("/forward", "{\(Self.question)}", accept: "application/x-ndjson").status == 200)
        #expect(ask("/forward", "{\(Self.question)}", accept: "text/csv").status == 406)
    }
}
