import DropoutService
import Foundation
import Testing

/// `/verify` names each planted mistake, and none in passes without one.
@Suite struct VerifyTests {
    /// Values without zeros, of both signs.
    private static func input(_ count: Int) -> [Double] { (0..<count).map { Double($0 % 17) * 0.37 - 3.13 } }

    private static func mask(_ count: Int, rate: Double, seed: Int, _ more: String = "") throws -> [Double] {
        let reply = ask(
            "/mask", "{\"shape\":[\(count)],\"rate\":\(rate),\"seed\":\(seed)\(more)}")
        return try #require(reply.object["mask"] as? [Double], "\(reply.text)")
    }

    private static func json(_ value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed), as: UTF8.self)
    }

    private static func verify(_ input: [Double], _ output: [Double], _ fields: String) throws -> Reply {
        let reply = ask("/verify", "{\"input\":\(try json(input)),\"output\":\(try json(output))\(fields)}")
        #expect(reply.status == 200, "\(reply.text)")
        return reply
    }

    private static func mistakes(_ reply: Reply) -> [String] {
        (reply.object["findings"] as? [[String: Any]] ?? []).compactMap { $0["mistake"] as? String }
    }

    /// A mistake: its name, further fields of the question, and what it makes of x, the mask bit m and keep.
    struct Planted: Sendable, CustomTestStringConvertible {
        let mistake: String
        let fields: String
        let output: @Sendable (Double, Double, Double) -> Double

        init(_ mistake: String, _ fields: String = "", _ output: @escaping @Sendable (Double, Double, Double) -> Double)
        {
            (self.mistake, self.fields, self.output) = (mistake, fields, output)
        }

        var testDescription: String { "\(mistake) \(fields)" }
    }

    static let planted: [Planted] = [
        Planted("not_scaled") { x, m, _ in x * m },
        Planted("scaled_twice") { x, m, keep in x * m / keep / keep },
        Planted("keep_and_rate_swapped") { x, m, keep in x * m / (1 - keep) },
        Planted("keep_and_rate_swapped") { x, m, keep in x * (1 - m) / keep },
        Planted("keep_and_rate_swapped") { x, m, keep in x * (1 - m) / (1 - keep) },
        Planted("wrong_factor") { x, m, keep in x * m * keep },
        Planted("wrong_factor") { x, m, _ in x * m * 1.7 },
        Planted("wrong_factor", ",\"scheme\":\"classic\"") { x, m, keep in x * m / keep },
        Planted("values_differ") { x, m, keep in x * m / keep + (x > 2 ? 0.01 * m : 0) },
        Planted("identity") { x, _, _ in x },
        Planted("everything_dropped") { _, _, _ in 0 },
        Planted("eval_scaled", ",\"mode\":\"eval\"") { x, _, keep in x / keep },
        Planted("eval_scaled", ",\"mode\":\"eval\"") { x, _, keep in x * keep },
        Planted("eval_not_scaled", ",\"mode\":\"eval\",\"scheme\":\"classic\"") { x, _, _ in x },
        Planted("dropped_in_eval", ",\"mode\":\"eval\"") { x, m, _ in x * m },
        Planted("kept_fraction_implausible") { x, m, keep in x > 1 ? 0 : x * m / keep },
    ]

    @Test("Each planted mistake is the verdict, at every rate", arguments: planted, [0.2, 0.3, 0.65])
    func namesTheMistake(_ mistake: Planted, _ rate: Double) throws {
        let input = Self.input(1500)
        let mask = try Self.mask(1500, rate: rate, seed: 11)
        let output = zip(input, mask).map { mistake.output($0, $1, 1 - rate) }
        let reply = try Self.verify(input, output, ",\"rate\":\(rate)\(mistake.fields)")
        #expect(reply.object["verdict"] as? String == mistake.mistake, "\(reply.text)")
        #expect(reply.object["is_dropout"] as? Bool == false)
    }

    @Test("An output that is scaled and not dropped is not taken for the input")
    func scaledIsNotIdentity() throws {
        let x = Self.input(60)
        let found = try Self.mistakes(Self.verify(x, x.map { $0 / 0.5 }, ",\"rate\":0.5"))
        #expect(found.contains("kept_fraction_implausible") && !found.contains("identity"), "\(found)")
        // One NaN does not hide that nothing else has changed.
        let text = x.map { "\($0)" }.joined(separator: ",")
        let reply = ask("/verify", "{\"input\":[\(text),\"NaN\"],\"output\":[\(text),\"NaN\"],\"rate\":0.5}")
        #expect(Self.mistakes(reply).contains("identity"), "\(reply.text)")
    }

    @Test("A mask that is not the one that was used is found at its first element")
    func otherMask() throws {
        let input = Self.input(60)
        var mask = try Self.mask(60, rate: 0.5, seed: 4)
        let output = zip(input, mask).map { $0 * $1 / 0.5 }
        mask[7] = 1 - mask[7]
        let reply = try Self.verify(input, output, ",\"rate\":0.5,\"mask\":\(try Self.json(mask))")
        #expect(Self.mistakes(reply) == ["mask_differs"])
        let evidence = (reply.object["findings"] as? [[String: Any]])?.first?["evidence"] as? [String: Any]
        #expect(evidence?["first"] as? [Int] == [7])
    }

    @Test(
        "Draws shared along the wrong axis are named with the noise shape that fits",
        arguments: [
            ("unit", "element", "unit, layout columns"), ("unit", "sample", "unit, layout columns"),
            ("element", "unit", "element"), ("sample", "element", "sample, layout columns"),
            ("sample", "unit", "sample, layout columns"),
        ])
    func granularity(_ drawn: String, _ said: String, _ fits: String) throws {
        let rows = (0..<40).map { row in (0..<30).map { Double(row - $0) + 0.5 } }
        let forward = ask(
            "/forward",
            "{\"input\":\(try Self.json(rows)),\"rate\":0.4,\"seed\":3,\"granularity\":\"\(drawn)\",\"include\":[\"output\"]}"
        )
        let output = try Self.json(try #require(forward.object["output"]))
        let reply = ask(
            "/verify",
            "{\"input\":\(try Self.json(rows)),\"output\":\(output),\"rate\":0.4,\"granularity\":\"\(said)\"}")
        #expect(Self.mistakes(reply) == ["wrong_granularity"], "\(reply.text)")
        let evidence = (reply.object["findings"] as? [[String: Any]])?.first?["evidence"] as? [String: Any]
        #expect(evidence?["fits"] as? String == fits)
    }

    @Test("A NaN or infinity that shows through a dropped place is found")
    func leaked() {
        let reply = ask(
            "/verify",
            #"{"input":[1,"NaN","Infinity",2],"output":[2,"NaN",0,0],"mask":[1,0,0,0],"rate":0.5}"#)
        #expect(Self.mistakes(reply) == ["non_finite_leaked"], "\(reply.text)")
        let infinite = ask("/verify", #"{"input":[1,"Infinity",2],"output":[2,"NaN",4],"rate":0.5}"#)
        #expect(Self.mistakes(infinite) == ["non_finite_leaked"])
        let created = ask("/verify", #"{"input":[1,3,2],"output":[2,"NaN",4],"rate":0.5}"#)
        #expect(Self.mistakes(created) == ["non_finite_created"])
        let kept = ask("/verify", #"{"input":["NaN","Infinity",2],"output":["NaN","Infinity",0],"rate":0.5}"#)
        #expect(Self.mistakes(kept) == [])
    }

    @Test("Passes with one mask are found among several")
    func equalMasks() throws {
        let input = Self.input(200)
        let outputs = try [1, 2, 1].map { seed in
            zip(input, try Self.mask(200, rate: 0.3, seed: seed)).map { $0 * $1 / 0.7 }
        }
        let text = "{\"input\":\(try Self.json(input)),\"outputs\":\(try Self.json(outputs)),\"rate\":0.3}"
        #expect(Self.mistakes(ask("/verify", text)) == ["masks_equal"])
        let two =
            "{\"input\":\(try Self.json(input)),\"outputs\":\(try Self.json(Array(outputs.prefix(2)))),\"rate\":0.3}"
        #expect(Self.mistakes(ask("/verify", two)) == [])
    }

    @Test("The scale tells the rate where none is given")
    func inferredRate() throws {
        let input = Self.input(400)
        let output = zip(input, try Self.mask(400, rate: 0.35, seed: 9)).map { $0 * $1 / 0.65 }
        let reply = try Self.verify(input, output, "")
        #expect(reply.object["keep_prob"] as? Double == 0.65)
        #expect(reply.object["rate_inferred"] as? Bool == true && reply.object["is_dropout"] as? Bool == true)
    }

    @Test(
        "A library's mask is recognised, and where it is another one, which",
        arguments: [
            (#""generator":"jax","seed":5"#, #""generator":"jax","seed":5"#, nil),
            (#""generator":"jax","seed":5"#, #""generator":"jax-original","seed":5"#, "jax-original"),
            (#""generator":"torch-cpu","seed":5"#, #""generator":"torch-cpu-mkl","seed":5"#, "torch-cpu-mkl"),
            (#""generator":"philox","seed":5"#, #""generator":"philox","seed":5,"step":2"#, "philox"),
            (#""generator":"torch-cpu","seed":5"#, #""generator":"torch-cpu","seed":6"#, "torch-cpu"),
            (#""generator":"keras-jax","seed":5"#, #""generator":"keras-jax","seed":5,"call":1"#, "keras-jax"),
            (#""generator":"jax","seed":5"#, #""generator":"jax","seed":5,"rate_dtype":"bfloat16""#, "jax"),
            (
                #""generator":"tf-stateless","seed":[1,2]"#,
                #""generator":"tf-stateless","seed":[1,2],"draw_dtype":"float64""#, "tf-stateless"
            ),
        ] as [(String, String, String?)])
    func generators(_ said: String, _ drawn: String, _ found: String?) throws {
        let input = try Self.json(Self.input(300))
        let forward = ask(
            "/forward",
            "{\"input\":\(input),\"rate\":0.3,\"dtype\":\"float32\",\"include\":[\"output\"],\(drawn)}")
        let output = try Self.json(try #require(forward.object["output"]))
        let reply = ask(
            "/verify", "{\"input\":\(input),\"output\":\(output),\"rate\":0.3,\"dtype\":\"float32\",\(said)}")
        #expect(reply.member("generator", "matches") as? Bool == (found == nil), "\(reply.text)")
        #expect(Self.mistakes(reply) == (found == nil ? [] : ["other_mask"]))
        #expect(reply.member("generator", "found", "generator") as? String == found)
    }

    @Test(
        "Zeros, NaN and infinities tell the search what they tell the judge",
        arguments: [
            ("3", "0", true), ("3", "-0.0", true), ("0", "0", false), ("-0.0", "0", false), ("0", "2", false),
            ("\"NaN\"", "0", true), ("\"Infinity\"", "-0.0", true), ("\"-Infinity\"", "0", true),
            ("\"NaN\"", "\"NaN\"", false), ("\"Infinity\"", "\"Infinity\"", false), ("\"Infinity\"", "\"NaN\"", false),
            ("3", "\"NaN\"", false), ("3", "\"Infinity\"", false), ("\"NaN\"", "3", false),
        ])
    func oneRule(_ x: String, _ y: String, _ showsDropped: Bool) throws {
        let mask = try Self.mask(80, rate: 0.5, seed: 5)
        for bit in [0.0, 1.0] {
            let place = try #require(mask.firstIndex(of: bit))
            var input = Self.input(80).map { "\($0)" }
            var output = zip(Self.input(80), mask).map { "\($0 * $1 / 0.5)" }
            (input[place], output[place]) = (x, y)
            let fields =
                "\"input\":[\(input.joined(separator: ","))],\"output\":[\(output.joined(separator: ","))],\"rate\":0.5"
            let judged = ask("/verify", "{\(fields),\"mask\":\(try Self.json(mask))}")
            let searched = ask("/verify", "{\(fields),\"seed\":5}")
            let expected = bit == 1 && showsDropped ? [place] : nil
            #expect(Self.first(judged, "mask_differs") == expected, "\(judged.text)")
            #expect(Self.first(searched, "other_mask") == expected, "\(searched.text)")
            #expect(searched.member("generator", "matches") as? Bool == (expected == nil))
        }
    }

    /// The place of the first element that the evidence of a mistake names; nil if the mistake was not found.
    private static func first(_ reply: Reply, _ mistake: String) -> [Int]? {
        let findings = reply.object["findings"] as? [[String: Any]] ?? []
        let finding = findings.first { $0["mistake"] as? String == mistake }
        return (finding?["evidence"] as? [String: Any])?["first"] as? [Int]
    }

    @Test(
        "NaN and infinities, of which only the dropped ones show, leave the kept fraction as it is",
        arguments: ["\"NaN\"", "\"Infinity\""], [0, 100])
    func unseenKept(_ x: String, _ finite: Int) throws {
        let mask = try Self.mask(500, rate: 0.5, seed: 5)
        let values = Self.input(finite).map { "\($0)" }
        let input = values + [String](repeating: x, count: 500 - finite)
        let output =
            zip(Self.input(finite), mask).map { "\($0 * $1 / 0.5)" } + mask[finite...].map { $0 == 1 ? x : "0" }
        let reply = ask(
            "/verify",
            """
            {"input":[\(input.joined(separator: ","))],"output":[\(output.joined(separator: ","))],"rate":0.5,"seed":5}
            """)
        #expect(Self.mistakes(reply) == [], "\(reply.text)")
        #expect(reply.object["units"] as? Int == finite)
        #expect(reply.object["dropped"] as? Int == mask.count { $0 == 0 })
        #expect(reply.member("generator", "matches") as? Bool == true)
        #expect(reply.member("generator", "conclusive") as? Bool == (finite > 0))
    }

    @Test("A match means nothing if the output shows no unit")
    func nothingShown() {
        let zeros = String(repeating: ",[0,0]", count: 99)
        let reply = ask(
            "/verify",
            "{\"input\":[[0,0]\(zeros)],\"output\":[[0,0]\(zeros)],\"rate\":0.5,\"granularity\":\"unit\",\"seed\":5}")
        #expect(reply.member("generator", "matches") as? Bool == true, "\(reply.text)")
        #expect(reply.member("generator", "conclusive") as? Bool == false)
    }

    @Test("The last bits tell whose rounding an output has")
    func roundings() throws {
        let input = try Self.json(Self.input(300))
        for (generator, scaling, library) in [
            ("torch-cpu", "reciprocal", "PyTorch, CPU"), ("keras-torch", "divide", "Keras 3 on PyTorch"),
            ("mlx", "exact-reciprocal", "MLX, CPU"),
        ] {
            let forward = ask(
                "/forward",
                "{\"input\":\(input),\"rate\":0.04,\"seed\":1,\"dtype\":\"float32\",\"generator\":\"\(generator)\"}")
            let output = try Self.json(try #require(forward.object["output"]))
            let reply = ask(
                "/verify", "{\"input\":\(input),\"output\":\(output),\"rate\":0.04,\"dtype\":\"float32\"}")
            #expect((reply.member("rounding", "scalings") as? [String])?.contains(scaling) == true, "\(reply.text)")
            #expect((reply.member("rounding", "libraries") as? [String])?.contains(library) == true)
            #expect((reply.member("rounding", "scalings") as? [String])?.count ?? 5 < 5)
        }
        // PyTorch's mask with another library's division.
        let mask = try Self.mask(300, rate: 0.04, seed: 1, ",\"generator\":\"torch-cpu\"")
        let divided = ask(
            "/forward",
            "{\"input\":\(input),\"rate\":0.04,\"mask\":\(try Self.json(mask)),\"dtype\":\"float32\"}")
        let reply = ask(
            "/verify",
            """
            {"input":\(input),"output":\(try Self.json(try #require(divided.object["output"]))),"rate":0.04,
            "dtype":"float32","generator":"torch-cpu","seed":1}
            """)
        #expect(Self.mistakes(reply) == ["other_rounding"], "\(reply.text)")
    }

    @Test("No mistake is seen in 1,000 correct passes over 10 generators")
    func noFalseAlarm() throws {
        let generators = [
            "philox", "numpy-legacy", "numpy-pcg64", "torch-cpu", "torch-cpu-mkl", "jax", "flax-nnx",
            "keras-tensorflow",
            "mlx", "onnxruntime",
        ]
        var alarms: [String] = []
        for number in 0..<1000 {
            let generator = generators[number % generators.count]
            let rate = [0.1, 0.5, 0.9, 0.01, 0.25][number / 10 % 5]
            let granularity = ["element", "unit", "sample", "channel"][number / 50 % 4]
            let size = [4, 9, 16][number / 200 % 3]
            let input = try Self.json(
                (0..<size).map { row in (0..<size + 3).map { Double(row * 7 - $0 * 3) + 0.25 } })
            let fields = "\"rate\":\(rate),\"granularity\":\"\(granularity)\",\"dtype\":\"float32\""
            let forward = ask(
                "/forward",
                "{\"input\":\(input),\"seed\":\(number),\"generator\":\"\(generator)\",\"include\":[\"output\"],\(fields)}"
            )
            let output = try Self.json(try #require(forward.object["output"], "\(forward.text)"))
            let own = number % 2 == 0 ? "" : ",\"seed\":\(number),\"generator\":\"\(generator)\""
            let reply = ask("/verify", "{\"input\":\(input),\"output\":\(output),\(fields)\(own)}")
            if reply.object["is_dropout"] as? Bool != true { alarms.append("\(generator) \(fields): \(reply.text)") }
        }
        #expect(alarms.isEmpty, "\(alarms.count): \(alarms.prefix(3))")
    }

    @Test(
        "A question that cannot be judged is refused with its places",
        arguments: [
            (#"{"output":[1]}"#, [""]), (#"{"input":[1]}"#, [""]), (#"{"input":[1],"output":[1,2]}"#, ["/output"]),
            (#"{"input":[1],"outputs":[[1],[1,2]]}"#, ["/outputs/1"]), (#"{"input":[1],"outputs":3}"#, ["/outputs"]),
            (#"{"input":[1],"output":[1],"outputs":[[1]]}"#, ["/outputs"]),
            (#"{"input":[1],"output":[1],"generator":"jax"}"#, [""]),
            (#"{"input":[1],"output":[1],"mask":[1,0]}"#, ["/mask"]),
            (#"{"input":[1],"output":[1],"tolerance":1}"#, ["/tolerance"]),
            (#"{"input":[1],"output":[1],"uniforms":[0.5]}"#, ["/uniforms"]),
        ])
    func refused(_ body: String, _ pointers: [String]) {
        let reply = ask("/verify", body)
        #expect(reply.status == 422)
        #expect(reply.pointers == pointers, "\(reply.text)")
    }
}
