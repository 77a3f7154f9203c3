import Foundation
import Testing

/// `/verify` names what goes wrong most often where a library's dropout is written anew, for several libraries and rates.
@Suite struct PorterMistakeTests {
    static let (rows, columns) = (24, 32)
    static let count = rows * columns
    static let generators = [
        "philox", "numpy-pcg64", "torch-cpu", "jax", "keras-tensorflow", "mlx", "onnxruntime", "tinygrad",
    ]
    static let rates = [0.1, 0.5, 0.75]

    /// A mistake: the name of its relation, and where the draw of element i is taken from, among the draws of all elements.
    struct Planted: Sendable, CustomTestStringConvertible {
        let relation: String
        /// What of the detail names it further.
        let detail: String
        let mask: @Sendable ([Double]) -> [Double]

        init(_ relation: String, _ detail: String = "", _ mask: @escaping @Sendable ([Double]) -> [Double]) {
            (self.relation, self.detail, self.mask) = (relation, detail, mask)
        }

        var testDescription: String { "\(relation) \(detail)" }
    }

    static let planted: [Planted] = [
        Planted("kept_and_dropped_exchanged") { $0.map { 1 - $0 } },
        Planted("column_major") { draws in
            (0..<count).map { draws[$0 % columns * rows + $0 / columns] }
        },
        Planted("shifted", "5 elements too late") { draws in Array(draws[5...] + draws[..<5].map { 1 - $0 }) },
        Planted("shifted", "130 elements too early") { draws in [Double](repeating: 1, count: 130) + draws.dropLast(130)
        },
        Planted("lanes_reversed", "each 2 elements") { draws in draws.indices.map { draws[$0 ^ 1] } },
        Planted("lanes_reversed", "each 4 elements") { draws in draws.indices.map { draws[$0 ^ 3] } },
        Planted("lanes_reversed", "each 8 elements") { draws in draws.indices.map { draws[$0 ^ 7] } },
        Planted("lanes_interleaved", "vectors of 2 elements") { draws in
            // 0 1 2 3 becomes 0 2 1 3.
            draws.indices.map { draws[$0 / 4 * 4 + [0, 2, 1, 3][$0 % 4]] }
        },
        Planted("lanes_interleaved", "vectors of 4 elements") { draws in
            draws.indices.map { draws[$0 / 8 * 8 + [0, 4, 1, 5, 2, 6, 3, 7][$0 % 8]] }
        },
        Planted("lanes_separated", "vectors of 4 elements") { draws in
            draws.indices.map { draws[$0 / 8 * 8 + [0, 2, 4, 6, 1, 3, 5, 7][$0 % 8]] }
        },
        Planted("repeated", "its first 256 elements") { draws in draws.indices.map { draws[$0 % 256] } },
        Planted("repeated_along_axis", "after every 16 places of axis 1") { draws in
            draws.indices.map { draws[$0 / columns * columns + $0 % 16] }
        },
        Planted("repeated_along_axis", "each tile with the first draws") { draws in
            draws.indices.map { draws[$0 / columns * 16 + $0 % 16] }
        },
        Planted("tail_not_dropped", "up to element 7") { draws in
            draws.indices.map { $0 < 700 ? draws[$0] : 1 }
        },
        Planted("tail_not_written", "up to element 7") { draws in
            draws.indices.map { $0 < 700 ? draws[$0] : 0 }
        },
    ]

    static let input = (0..<count).map { Double($0 % 23) * 0.25 - 2.875 }

    static func nested(_ numbers: [Double]) -> String {
        let lines = stride(from: 0, to: count, by: columns).map { row in
            "[" + numbers[row..<row + columns].map { "\($0)" }.joined(separator: ",") + "]"
        }
        return "[\(lines.joined(separator: ","))]"
    }

    /// The mask of a generator as a list.
    static func draws(_ generator: String, _ rate: Double, seed: Int = 7) throws -> [Double] {
        let reply = ask(
            "/mask", "{\"shape\":[\(rows),\(columns)],\"rate\":\(rate),\"seed\":\(seed),\"generator\":\"\(generator)\"}"
        )
        return try #require(reply.object["mask"] as? [[Double]], "\(reply.text)").flatMap { $0 }
    }

    static func verify(_ output: [Double], _ rate: Double, _ fields: String) -> Reply {
        ask("/verify", "{\"input\":\(nested(input)),\"output\":\(nested(output)),\"rate\":\(rate)\(fields)}")
    }

    static func output(_ mask: [Double], _ rate: Double) -> [Double] { zip(input, mask).map { $0 * $1 / (1 - rate) } }

    static func finding(_ reply: Reply, _ mistake: String) -> [String: Any]? {
        (reply.object["findings"] as? [[String: Any]])?.first { $0["mistake"] as? String == mistake }
    }

    @Test("What was done to a generator's mask is named", arguments: planted, generators)
    func named(_ mistake: Planted, _ generator: String) throws {
        for rate in Self.rates {
            let output = Self.output(mistake.mask(try Self.draws(generator, rate)), rate)
            let reply = Self.verify(output, rate, ",\"seed\":7,\"generator\":\"\(generator)\"")
            let finding = Self.finding(reply, "other_mask")
            let evidence = finding?["evidence"] as? [String: Any]
            let detail = finding?["detail"] as? String ?? ""
            // Some generators have a field for it, which the search finds first: an order, an offset, a rule.
            let field = ["column_major": "order [1,0]", "shifted": "offset", "kept_and_dropped_exchanged": "keep_when"]
            let isField = field[mistake.relation].map { detail.contains("that of \(generator) with \($0)") } ?? false
            #expect(evidence?["relation"] as? String == mistake.relation || isField, "\(rate): \(reply.text)")
            #expect(mistake.detail.isEmpty || detail.contains(mistake.detail) || isField, "\(rate): \(detail)")
        }
    }

    @Test("What was done to a given mask is named", arguments: planted)
    func namedOfMask(_ mistake: Planted) throws {
        for rate in Self.rates {
            let draws = try Self.draws("philox", rate)
            let reply = Self.verify(Self.output(mistake.mask(draws), rate), rate, ",\"mask\":\(Self.nested(draws))")
            let evidence = Self.finding(reply, "mask_differs")?["evidence"] as? [String: Any]
            #expect(evidence?["relation"] as? String == mistake.relation, "\(rate): \(reply.text)")
        }
    }

    // Seeds of onnxruntime that differ by 2^31 - 1 draw the same, so it has other names for them.
    @Test("A draw with another field says which", arguments: generators.filter { $0 != "onnxruntime" })
    func namedField(_ generator: String) throws {
        for (seed, said, expected) in [(0, 7, "seed 0"), (7, 4_294_967_303, "seed 7"), (8, 7, "seed 8")] {
            guard
                ask("/mask", "{\"shape\":[4],\"rate\":0.5,\"seed\":\(said),\"generator\":\"\(generator)\"}").status
                    == 200
            else { continue }
            let output = Self.output(try Self.draws(generator, 0.5, seed: seed), 0.5)
            let reply = Self.verify(output, 0.5, ",\"seed\":\(said),\"generator\":\"\(generator)\"")
            let isSame = reply.object["is_dropout"] as? Bool == true
            let detail = Self.finding(reply, "other_mask")?["detail"] as? String ?? ""
            // Some libraries cut the seed to 32 bits themselves.
            #expect(detail.contains("that of \(generator) with \(expected)") || isSame && said > 7, "\(reply.text)")
        }
    }

    @Test("A last part in which nothing is dropped, or all, is seen without a generator", arguments: [0.1, 0.5, 0.75])
    func tails(_ rate: Double) throws {
        let draws = try Self.draws("philox", rate)
        let right = Self.output(draws, rate)
        let unchanged = right[..<400] + Self.input[400...]
        let cases: [(String, [Double])] = [
            ("tail_not_dropped", Array(unchanged)),
            ("tail_not_dropped", Array(right[..<400] + Self.input[400...].map { $0 / (1 - rate) })),
            ("tail_not_written", Array(right[..<400] + [Double](repeating: 0, count: Self.count - 400))),
        ]
        for (mistake, output) in cases {
            let reply = Self.verify(output, rate, "")
            #expect(reply.object["verdict"] as? String == mistake, "\(reply.text)")
            #expect((reply.object["findings"] as? [Any])?.count == 1, "\(reply.text)")
        }
    }

    @Test(
        "A mask that begins again is seen without a generator", arguments: [0.1, 0.5, 0.75],
        [50, 64, 96, 200, 256, 384])
    func repetitions(_ rate: Double, _ period: Int) throws {
        let draws = try Self.draws("philox", rate)
        let reply = Self.verify(Self.output(draws.indices.map { draws[$0 % period] }, rate), rate, "")
        #expect(reply.object["verdict"] as? String == "mask_repeated", "\(reply.text)")
        let evidence = Self.finding(reply, "mask_repeated")?["evidence"] as? [String: Any]
        #expect(evidence?["period"] as? Int == period)
    }

    @Test(
        "An output that is right in a type of 16 bits says so",
        arguments: [("float16", 0.1), ("float16", 0.3), ("bfloat16", 0.1), ("bfloat16", 0.3)])
    func precision(_ type: String, _ rate: Double) throws {
        let reply = ask(
            "/forward",
            "{\"input\":\(Self.nested(Self.input)),\"rate\":\(rate),\"seed\":7,\"dtype\":\"\(type)\",\"include\":[\"output\"]}"
        )
        let output = try #require(reply.object["output"] as? [[Double]], "\(reply.text)").flatMap { $0 }
        let judged = Self.verify(output, rate, "")
        let evidence = Self.finding(judged, "other_precision")?["evidence"] as? [String: Any]
        #expect(judged.object["verdict"] as? String == "other_precision", "\(judged.text)")
        #expect(evidence?["agrees_in"] as? String == type)
    }

    @Test(
        "A rate that was rounded to a smaller type is named",
        arguments: [
            (0.1, Double(Float16(0.1)), "rate rounded to float16"),
            (0.3, 1 - Double(Float16(0.7)), "keep rounded to float16"),
        ])
    func roundedRate(_ rate: Double, _ rounded: Double, _ name: String) throws {
        let output = Self.output(try Self.draws("philox", rate), rounded)
        let finding = Self.finding(Self.verify(output, rate, ""), "wrong_factor")
        #expect((finding?["detail"] as? String)?.contains(name) == true, "\(String(describing: finding))")
    }

    @Test("Testing with the probability to drop instead of the one to keep is named")
    func evaluationByRate() {
        let reply = Self.verify(Self.input.map { $0 * 0.2 }, 0.2, ",\"mode\":\"eval\",\"scheme\":\"classic\"")
        #expect(reply.object["verdict"] as? String == "eval_scaled")
        #expect(
            (Self.finding(reply, "eval_scaled")?["detail"] as? String)?.contains("the probability to drop") == true,
            "\(reply.text)")
    }

    @Test("The elements that differ are counted, and the box and the stride that hold them are told")
    func places() throws {
        let draws = try Self.draws("philox", 0.5)
        var output = Self.output(draws, 0.5)
        // Every second element of columns 10 to 16 of the rows 4 and 5.
        for row in 4...5 {
            for column in stride(from: 10, through: 16, by: 2) { output[row * Self.columns + column] = 1 }
        }
        var mask = draws
        for row in 4...5 {
            for column in stride(from: 10, through: 16, by: 2) { mask[row * Self.columns + column] = 0 }
        }
        let reply = Self.verify(output, 0.5, ",\"mask\":\(Self.nested(mask))")
        let evidence = try #require(Self.finding(reply, "mask_differs")?["evidence"] as? [String: Any], "\(reply.text)")
        #expect(evidence["elements"] as? Int == 8)
        #expect(evidence["agree"] as? Int == Self.input.count { $0 != 0 } - 8)
        #expect(evidence["first"] as? [Int] == [4, 10] && evidence["last"] as? [Int] == [5, 16])
        #expect(evidence["box_start"] as? [Int] == [4, 10] && evidence["box_shape"] as? [Int] == [2, 7])
        #expect(evidence["stride"] as? Int == 2)
    }

    @Test(
        "Zeros without a rate are a mistake only where chance would not give them at the rate 0.5",
        arguments: [2, 8, 23, 24])
    func zeros(_ count: Int) {
        let (ones, zeros) = ([Int](repeating: 1, count: count), [Int](repeating: 0, count: count))
        let reply = ask("/verify", "{\"input\":\(ones),\"output\":\(zeros)}")
        #expect(reply.object["verdict"] as? String == (count == 24 ? "everything_dropped" : "dropout"), "\(reply.text)")
    }

    @Test("No output that is right has a mistake, for any generator, rate and type")
    func noFalseName() throws {
        var alarms: [String] = []
        let names = try #require(ask("/generators").object["generators"] as? [[String: Any]]).compactMap {
            $0["name"] as? String
        }
        for (number, generator) in names.enumerated() {
            for (place, rate) in [0.03, 0.1, 0.5, 0.75, 0.9].enumerated() {
                let type = place % 2 == 0 ? "float32" : "float64"
                let fields = ",\"seed\":\(number + place),\"generator\":\"\(generator)\",\"dtype\":\"\(type)\""
                let reply = ask(
                    "/forward",
                    "{\"input\":\(Self.nested(Self.input)),\"rate\":\(rate),\"include\":[\"output\"]\(fields)}")
                guard reply.status == 200 else { continue }
                let output = try #require(reply.object["output"] as? [[Double]], "\(reply.text)").flatMap { $0 }
                let judged = Self.verify(output, rate, fields)
                if judged.object["is_dropout"] as? Bool != true {
                    alarms.append("\(generator) \(rate): \(judged.text)")
                }
            }
        }
        #expect(names.count > 30)
        #expect(alarms.isEmpty, "\(alarms.count): \(alarms.prefix(3))")
    }
}
