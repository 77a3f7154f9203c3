import DropoutService
import Foundation
import Stopping
import Testing

/// What costs too much is refused before it begins, with its price and the field that is to blame.
@Suite struct PriceRefusalTests {
    /// What is too dear, and where.
    struct Refused: Sendable, CustomTestStringConvertible {
        let target: String
        let body: String
        let pointer: String
        var limits = ServiceLimits()

        init(_ pointer: String, _ target: String, _ body: String = "", limits: ServiceLimits = ServiceLimits()) {
            (self.target, self.body, self.pointer, self.limits) = (target, body, pointer, limits)
        }

        var testDescription: String { "\(target) \(body.prefix(120))" }
    }

    private static func layers(_ layer: String, _ count: Int) -> String {
        "\"layers\":[" + [String](repeating: layer, count: count).joined(separator: ",") + "]"
    }

    private static func numbers(_ number: String, _ count: Int) -> String {
        "[" + [String](repeating: number, count: count).joined(separator: ",") + "]"
    }

    private static let training = #""target":[[1]],"loss":"mse","learning_rate":1"#
    private static let layer = #""layers":[{"weights":[[1]],"rate":0.5}]"#

    static let slow: [Refused] = [
        Refused("/samples", "/forward", #"{"input":[1],"rate":0.5,"samples":4294967295}"#),
        Refused("/samples", "/forward", "{\"input\":[[1]],\(layer),\"samples\":4294967295}"),
        Refused(
            "/samples", "/forward", #"{"input":[1],"rate":0.5,"samples":10000000,"samples_format":"ndjson"}"#),
        Refused("/samples", "/forward", #"{"input":[1],"rate":0.5,"mode":"eval","samples":4294967295}"#),
        Refused("/samples", "/forward", #"{"input":[],"rate":0.5,"samples":4294967295}"#),
        Refused("/samples", "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]]}],"samples":4294967295}"#),
        Refused(
            "/steps", "/train-step",
            "{\"input\":[[1]],\(layers(#"{"weights":[[1]]}"#, 9)),\(training),\"steps\":1000000}"),
        Refused("/loss_samples", "/train-step", "{\"input\":[[1]],\(layer),\(training),\"loss_samples\":4294967295}"),
        Refused(
            "/eval_every", "/train-step",
            "{\"input\":[[1]],\(layer),\(training),\"steps\":10,\"eval_every\":1,\"test_input\":[\(numbers("1", 9000))],\"test_target\":[\(numbers("1", 9000))]}",
            limits: ServiceLimits(maximumNanoseconds: 200_000)),
        Refused(
            "/exact", "/forward",
            "{\"input\":[\(numbers("1", 5000))],\"rate\":0.5,\"noise_shape\":[1,1],\"exact\":true}",
            limits: ServiceLimits(maximumNanoseconds: 100_000)),
        Refused(
            "/exact", "/forward", "{\"input\":\(numbers("1", 20)),\"rate\":0.5,\"exact\":true}",
            limits: ServiceLimits(maximumNanoseconds: 500_000_000)),
        Refused(
            "/exact", "/forward",
            "{\"input\":\(numbers("[1]", 20)),\"layers\":[{\"weights\":[\(numbers("1", 20))]},{\"weights\":\(numbers("[1]", 20)),\"rate\":0.5},{\"weights\":[\(numbers("1", 20))]}],\"exact\":true}",
            limits: ServiceLimits(maximumNanoseconds: 1_000_000_000)),
        Refused(
            "/call", "/mask", #"{"shape":[1],"rate":0.5,"generator":"mlx","seed":1,"call":16777216}"#,
            limits: ServiceLimits(maximumNanoseconds: 100_000_000)),
        Refused(
            "/call", "/mask?shape=1&rate=0.5&generator=tf-dropout&seed=1&call=16777216",
            limits: ServiceLimits(maximumNanoseconds: 100_000_000)),
        Refused(
            "/call", "/forward", #"{"input":[1],"rate":0.5,"generator":"mlx","seed":1,"call":16777216}"#,
            limits: ServiceLimits(maximumNanoseconds: 100_000_000)),
        Refused(
            "/call", "/verify", #"{"input":[1],"output":[2],"rate":0.5,"generator":"mlx","seed":1,"call":16777216}"#,
            limits: ServiceLimits(maximumNanoseconds: 100_000_000)),
        Refused(
            "/layers/1/call", "/forward",
            #"{"input":[[1]],"generator":"mlx","seed":1,"layers":[{"weights":[[1]]},{"weights":[[1]],"rate":0.5,"call":16777216}]}"#,
            limits: ServiceLimits(maximumNanoseconds: 100_000_000)),
        Refused(
            "/skip", "/mask", #"{"shape":[1],"rate":0.5,"generator":"torch-cpu","seed":1,"skip":8000000}"#,
            limits: ServiceLimits(maximumNanoseconds: 1_000_000)),
        Refused(
            "/skip", "/forward", #"{"input":[1],"rate":0.5,"generator":"torch-cpu","seed":1,"skip":8000000}"#,
            limits: ServiceLimits(maximumNanoseconds: 1_000_000)),
        Refused(
            "/offset", "/forward", #"{"input":[1],"rate":0.5,"generator":"numpy-legacy","seed":1,"offset":8000000}"#,
            limits: ServiceLimits(maximumNanoseconds: 1_000_000)),
        Refused(
            "/block_size", "/forward",
            """
            {"input":\(PlannedQuestion.ones([1, 1, 300, 300])),"rate":0.0001,"variant":"drop_block","block_size":120,
            "include":["check"]}
            """),
        Refused(
            "/block_size", "/forward",
            #"{"input":\#(PlannedQuestion.ones([1, 1, 60, 60])),"rate":0.01,"variant":"drop_block","block_size":9}"#,
            limits: ServiceLimits(maximumNanoseconds: 2_000_000)),
        Refused(
            "/input", "/forward",
            "{\"input\":\(PlannedQuestion.ones([3000])),\"rate\":0.5,\"variant\":\"concrete\"}",
            limits: ServiceLimits(maximumNanoseconds: 600_000)),
        Refused(
            "/shape", "/mask", #"{"shape":[1000000],"rate":0.5}"#,
            limits: ServiceLimits(maximumNanoseconds: 500_000)),
        Refused(
            "/layers", "/forward",
            "{\"input\":\(numbers("[1]", 90)),\"layers\":[{\"weights\":\(PlannedQuestion.ones([60, 90]))}]}",
            limits: ServiceLimits(maximumNanoseconds: 10_000)),
        Refused(
            "/output", "/verify",
            "{\"input\":\(PlannedQuestion.ones([300])),\"output\":\(PlannedQuestion.ones([300]))}",
            limits: ServiceLimits(maximumNanoseconds: 100_000)),
        Refused(
            "/outputs", "/verify", "{\"input\":[1],\"outputs\":\(numbers("[1]", 64))}",
            limits: ServiceLimits(maximumNanoseconds: 1_000_000)),
    ]

    private static func problem(_ refused: Refused) throws -> Reply {
        guard case .reply(let reply) = plan(refused.target, refused.body, limits: refused.limits) else {
            Issue.record("a plan")
            throw CocoaError(.coderInvalidValue)
        }
        let problem = Reply(reply)
        #expect(problem.status == 422)
        #expect(problem.headers["Content-Type"] == "application/problem+json")
        #expect(problem.object["type"] as? String == "urn:dropout-service:problem:too-expensive", "\(problem.text)")
        #expect(problem.pointers == [refused.pointer], "\(problem.text)")
        return problem
    }

    @Test("A question that would take too long is refused with its price and the field", arguments: slow)
    func tooSlow(_ refused: Refused) throws {
        let problem = try Self.problem(refused)
        let price = try #require(problem.object["price_seconds"] as? Double, "\(problem.text)")
        let limit = try #require(problem.object["limit_seconds"] as? Double)
        #expect(price > limit)
        #expect(limit == Double(refused.limits.maximumNanoseconds) / 1e9)
        #expect(problem.object["price_bytes"] == nil && problem.object["limit_bytes"] == nil)
    }

    @Test(
        "A question at its price is planned, and not a nanosecond below",
        arguments: [
            ("/mask?shape=1000&rate=0.5", ""), ("/forward", #"{"input":[1,2],"rate":0.5,"samples":9,"exact":true}"#),
            ("/forward", #"{"input":[[1]],"layers":[{"weights":[[1]],"rate":0.5}]}"#),
            (
                "/train-step",
                #"{"input":[[1]],"layers":[{"weights":[[1]],"rate":0.5}],"target":[[1]],"loss":"mse","learning_rate":1}"#
            ),
            ("/verify", #"{"input":[1,2],"output":[2,0],"rate":0.5}"#),
        ])
    func atTheLimit(_ target: String, _ body: String) throws {
        guard case .work(let work) = plan(target, body) else {
            Issue.record("no plan")
            return
        }
        func isPlanned(_ limits: ServiceLimits) -> Bool {
            if case .work = plan(target, body, limits: limits) { true } else { false }
        }
        let price = work.price
        #expect(isPlanned(ServiceLimits(maximumNanoseconds: price.nanoseconds)))
        #expect(!isPlanned(ServiceLimits(maximumNanoseconds: price.nanoseconds - 1)))
        #expect(isPlanned(ServiceLimits(maximumHeldBytes: price.heldBytes)))
        #expect(!isPlanned(ServiceLimits(maximumHeldBytes: price.heldBytes - 1)))
        var limits = ServiceLimits()
        limits.maximumPrintedBytes = price.printedBytes
        #expect(isPlanned(limits))
        limits.maximumPrintedBytes -= 1
        #expect(price.printedBytes == 0 || !isPlanned(limits))
    }

    /// Brackets without numbers, and long texts.
    static let long: [Refused] = [
        Refused("/shape", "/mask", #"{"shape":[1000000000,0],"rate":0.5}"#),
        Refused("/shape", "/mask", #"{"shape":[9223372036854775807,0],"rate":0.5,"seed":1}"#),
        Refused(
            "/input", "/forward", #"{"input":{"shape":[1000000000,0],"data":[]},"rate":0.5,"tensor_format":"nested"}"#),
        Refused(
            "/input", "/forward", #"{"input":{"shape":[30000,30000,0],"data":[]},"rate":0.5,"tensor_format":"nested"}"#),
    ]

    @Test("An answer that would be too long is refused with its bytes", arguments: long)
    func tooLong(_ refused: Refused) throws {
        let problem = try Self.problem(refused)
        if problem.object["price_bytes"] != nil {
            try Self.checkBytes(problem, limit: refused.limits.maximumPrintedBytes)
        } else {
            // The brackets take longer to print than is allowed, which is found first.
            #expect(problem.object["price_seconds"] != nil)
        }
    }

    private static func checkBytes(_ problem: Reply, limit: Int) throws {
        #expect(problem.object["limit_bytes"] as? Int == limit, "\(problem.text)")
        let price = problem.object["price_bytes"]
        // Numbers that a double does not hold are strings.
        let bytes = try #require((price as? Int) ?? (price as? String).flatMap { Int($0) }, "\(problem.text)")
        #expect(bytes > limit)
        #expect(problem.object["price_seconds"] == nil && problem.object["limit_seconds"] == nil)
    }

    @Test("An answer's bytes are limited by their own bound")
    func printed() throws {
        for (pointer, target, body) in [
            ("/shape", "/mask", #"{"shape":[100000],"rate":0.5}"#),
            ("/shape", "/mask", #"{"shape":[1000,0],"rate":0.5}"#),
            ("/input", "/forward", "{\"input\":\(PlannedQuestion.ones([900])),\"rate\":0.5}"),
            ("/samples", "/forward", #"{"input":[1],"rate":0.5,"samples":900,"samples_format":"ndjson"}"#),
            ("/layers", "/forward", "{\"input\":[[1]],\(Self.layers(#"{"weights":[[1]]}"#, 90))}"),
            ("/steps", "/train-step", "{\"input\":[[1]],\(Self.layer),\(Self.training),\"steps\":900}"),
            (
                "/eval_every", "/train-step",
                "{\"input\":[[1]],\(Self.layer),\(Self.training),\"steps\":90,\"eval_every\":1}"
            ),
        ] {
            var limits = ServiceLimits()
            limits.maximumPrintedBytes = 2000
            let problem = try Self.problem(Refused(pointer, target, body, limits: limits))
            try Self.checkBytes(problem, limit: 2000)
        }
    }

    @Test("A question that would hold too much is refused with its bytes")
    func held() throws {
        for (target, body) in [
            ("/mask", #"{"shape":[100000],"rate":0.5}"#),
            ("/mask", #"{"shape":[100000],"rate":0,"mask_format":"indices"}"#),
            ("/forward", "{\"input\":\(PlannedQuestion.ones([9000])),\"rate\":0.5}"),
            ("/forward", "{\"input\":\(PlannedQuestion.ones([900])),\"rate\":0.5,\"samples\":3}"),
            (
                "/forward",
                "{\"input\":\(PlannedQuestion.ones([90, 90])),\"layers\":[{\"weights\":\(PlannedQuestion.ones([9, 90]))}]}"
            ),
            ("/verify", "{\"input\":\(PlannedQuestion.ones([900])),\"output\":\(PlannedQuestion.ones([900]))}"),
            (
                "/train-step",
                "{\"input\":\(PlannedQuestion.ones([90, 1])),\"layers\":[{\"weights\":\(PlannedQuestion.ones([90, 90]))}],\"target\":\(PlannedQuestion.ones([90, 1])),\"loss\":\"mse\",\"learning_rate\":1}"
            ),
            (
                "/train-step",
                "{\"input\":[[1]],\(Self.layer),\(Self.training),\"test_input\":\(PlannedQuestion.ones([1, 2000])),\"test_target\":\(PlannedQuestion.ones([1, 2000]))}"
            ),
        ] {
            let limit = 50_000
            let problem = try Self.problem(
                Refused("", target, body, limits: ServiceLimits(maximumHeldBytes: limit)))
            try Self.checkBytes(problem, limit: limit)
        }
    }

    // MARK: What once held the server

    /// What is to become of a question.
    enum Right: Sendable, CustomTestStringConvertible {
        case refused(at: String)
        /// A worker computes it, for so many nanoseconds.
        case computed(ClosedRange<Int>)

        var testDescription: String { "\(self)" }
    }

    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let target: String
        let body: String
        let right: Right

        init(_ name: String, _ target: String, _ body: String, _ right: Right) {
            (self.name, self.target, self.body, self.right) = (name, target, body, right)
        }

        var testDescription: String { name }
    }

    private static func oneElement(_ samples: String, _ fields: String) -> String {
        "{\"input\":[1],\"rate\":0.5,\"samples\":\(samples),\"include\":[\"samples\"],\(fields)}"
    }

    /// More than a millisecond, which a worker gives and no event loop.
    private static let onWorker = 10_000_000...5_000_000_000
    /// Ways to a place are walked once, not in every pass.
    private static let walkedOnce = 10_000_000...2_000_000_000

    static let attacks: [Attack] = {
        let zeros = numbers("0", 1000)
        let digits = String(repeating: "9", count: 128)
        return [
            Attack(
                "loop: no element, three billion passes", "/forward",
                #"{"input":{"shape":[1,0],"data":[]},"seed":1,"samples":3000000000,"include":["samples"],"layers":[{"weights":[[1]],"rate":0.5}]}"#,
                .refused(at: "/samples")),
            Attack(
                "loop: no example, a million steps", "/train-step",
                #"{"input":{"shape":[1,0],"data":[]},"target":{"shape":[1,0],"data":[]},"loss":"mse","learning_rate":1,"steps":1000000,"layers":[{"weights":[[1]],"rate":0.5}]}"#,
                .computed(5_000_000_000...10_000_000_000)),
            Attack(
                "loop: no example, three billion losses", "/train-step",
                #"{"input":{"shape":[1,0],"data":[]},"target":{"shape":[1,0],"data":[]},"loss":"mse","learning_rate":1,"loss_samples":3000000000,"layers":[{"weights":[[1]],"rate":0.5}]}"#,
                .refused(at: "/loss_samples")),
            Attack(
                "loop: flax-linen, a path of 7,800 bytes", "/forward",
                oneElement(
                    "65000",
                    "\"generator\":\"flax-linen\",\"seed\":1,\"path\":[\"\(String(repeating: "a", count: 7800))\"]"),
                .computed(onWorker)),
            Attack(
                "loop: onnxruntime, offset 2047", "/forward",
                oneElement("65000", #""generator":"onnxruntime","seed":1,"offset":2047"#), .computed(onWorker)),
            Attack(
                "loop: keras-torch, offset 2040", "/forward",
                oneElement("65000", #""generator":"keras-torch","seed":1,"offset":2040"#), .computed(onWorker)),
            Attack(
                "loop: numpy-pcg64, 64 long seeds", "/forward",
                oneElement("65000", "\"generator\":\"numpy-pcg64\",\"seed\":\(numbers("\"\(digits)\"", 64))"),
                .computed(onWorker)),
            Attack(
                "loop: jax-rbg, 64 numbers folded in", "/forward",
                oneElement("65000", "\"generator\":\"jax-rbg\",\"seed\":1,\"fold_in\":\(numbers("7", 64))"),
                .computed(onWorker)),
            Attack("loop: philox", "/forward", oneElement("65000", #""seed":1"#), .computed(onWorker)),
            Attack(
                "price: onnxruntime, offset 16777215", "/forward",
                oneElement("3000000000", #""generator":"onnxruntime","seed":1,"offset":16777215"#),
                .refused(at: "/samples")),
            Attack(
                "price: mlx, call 16777216", "/forward",
                oneElement("92681", #""generator":"mlx","seed":1,"call":16777216"#), .computed(walkedOnce)),
            Attack(
                "price: tf-dropout, call 16777216", "/forward",
                oneElement("92681", #""generator":"tf-dropout","seed":1,"call":16777216"#), .computed(walkedOnce)),
            Attack(
                "price: torch-cpu, skip 8000000", "/forward",
                oneElement("92681", #""generator":"torch-cpu","seed":1,"skip":8000000"#), .computed(walkedOnce)),
            Attack(
                "price: 1000 zeros, concrete", "/forward",
                "{\"input\":\(zeros),\"rate\":0.5,\"variant\":\"concrete\",\"samples\":4294967}",
                .refused(at: "/samples")),
            Attack(
                "price: 1000 zeros, gaussian", "/forward",
                "{\"input\":\(zeros),\"rate\":0.5,\"variant\":\"gaussian\",\"samples\":4294967}",
                .refused(at: "/samples")),
            Attack(
                "price: 1000 zeros, gelu", "/forward",
                "{\"input\":[\(zeros)],\"layers\":[{\"weights\":[[1]],\"activation\":\"gelu\",\"rate\":0.5}],\"samples\":2000000}",
                .refused(at: "/samples")),
            Attack(
                "price: 300 layers with mlx, call 16777216", "/forward",
                "{\"input\":[[1]],\"generator\":\"mlx\",\"seed\":1,\(layers(#"{"weights":[[1]],"rate":0.5,"call":16777216}"#, 300))}",
                .refused(at: "/layers/0/call")),
            Attack(
                "price: 2,000 layers, 214,748 steps", "/train-step",
                "{\"input\":[[1]],\(layers(#"{"weights":[[1]],"rate":0.5}"#, 2000)),\(training),\"steps\":214748}",
                .refused(at: "/steps")),
            Attack(
                "words: the first number that was refused untruly", "/forward", oneElement("3037000500", #""seed":1"#),
                .refused(at: "/samples")),
            Attack(
                "words: the last number", "/forward", oneElement("4294967295", #""seed":1"#), .refused(at: "/samples")),
            Attack(
                "words: the number before the first", "/forward", oneElement("3037000499", #""seed":1"#),
                .refused(at: "/samples")),
        ]
    }()

    @Test("What once held the server is refused by its price, or has a price that a worker can pay", arguments: attacks)
    func attack(_ attack: Attack) throws {
        switch (plan(attack.target, attack.body), attack.right) {
        case (.reply, .refused(let pointer)):
            let problem = try Self.problem(Refused(pointer, attack.target, attack.body))
            #expect(try #require(problem.object["price_seconds"] as? Double, "\(problem.text)") > 10)
            #expect(problem.object["limit_seconds"] as? Double == 10)
            // The words of the bound that was there before, which was not the reason.
            #expect(!problem.text.contains("4294967296"))
        case (.work(let work), .computed(let range)):
            #expect(range.contains(work.price.nanoseconds), "\(work.price)")
            let flag = StopFlag()
            flag.set()
            #expect(work.run(flag).status == 503)
        case (.reply(let reply), .computed): Issue.record("\(Reply(reply).text)")
        case (.work(let work), .refused): Issue.record("a plan of \(work.price)")
        }
    }

    @Test("The price of layers is linear in their number")
    func linear() throws {
        func price(_ count: Int) throws -> Int {
            let body =
                "{\"input\":[[1]],\"seed\":1,\(Self.layers(#"{"weights":[[1]],"rate":0.5}"#, count)),\"include\":[\"output\"]}"
            guard case .work(let work) = plan("/forward", body) else { throw CocoaError(.coderInvalidValue) }
            return work.price.nanoseconds
        }
        let (few, many) = (try price(2000), try price(20_000))
        #expect(many > 9 * few && many < 11 * few)
    }

    @Test("A part that is not asked for costs nothing")
    func leftOut() {
        for body in [
            #"{"input":[1],"rate":0.5,"samples":4294967295,"include":["output"]}"#,
            "{\"input\":[[1]],\(Self.layer),\"samples\":4294967295,\"include\":[\"output\"]}",
        ] {
            guard case .work(let work) = plan("/forward", body) else {
                Issue.record("\(body)")
                continue
            }
            #expect(work.price.nanoseconds < 100_000)
            #expect(Reply(work.run(.never)).status == 200)
        }
    }
}
