import Foundation
import Testing

/// `/verify` judges the variants: it names what goes wrong with each, and nothing in right outputs. `checks/mistakes` plants more.
@Suite struct VariantMistakeTests {
    static let generators = ["philox", "numpy-pcg64", "torch-cpu", "jax", "keras-tensorflow", "onnxruntime"]
    static let rates = [0.1, 0.5, 0.75]
    static let (alpha, saturated) = (1.7580993408473766, -1.7580993408473766)

    /// Numbers without a pattern from -4 to 4, none of them 0.
    static func numbers(_ count: Int, _ seed: UInt64 = 0x2545_F491_4F6C_DD1D) -> [Double] {
        var word = seed
        return (0..<count).map { _ in
            word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(word >> 40) / 0x1p21 - 4 + 0x1p-20
        }
    }

    static func text(_ numbers: [Double], _ shape: [Int]) -> String {
        "{\"shape\":\(shape),\"data\":[\(numbers.map { "\($0)" }.joined(separator: ","))]}"
    }

    /// The mask of a generator, in row-major order.
    static func mask(_ shape: [Int], _ rate: Double, _ draw: String) throws -> [Double] {
        let reply = ask("/mask", "{\"shape\":\(shape),\"rate\":\(rate),\(draw),\"mask_format\":\"indices\"}")
        let kept = try #require(reply.object["mask"] as? [Int], "\(reply.text)")
        var mask = [Double](repeating: 0, count: shape.reduce(1, *))
        for index in kept { mask[index] = 1 }
        return mask
    }

    static func verify(_ x: [Double], _ y: [Double], _ shape: [Int], _ rate: Double, _ fields: String) -> Reply {
        ask("/verify", "{\"input\":\(text(x, shape)),\"output\":\(text(y, shape)),\"rate\":\(rate),\(fields)}")
    }

    static func mistakes(_ reply: Reply) -> [String] {
        (reply.object["findings"] as? [[String: Any]] ?? []).compactMap { $0["mistake"] as? String }
    }

    static func details(_ reply: Reply) -> String {
        (reply.object["findings"] as? [[String: Any]] ?? []).compactMap { $0["detail"] as? String }
            .joined(separator: "; ")
    }

    // MARK: Alpha

    @Test("The mistakes of alpha dropout are named, for any generator and rate", arguments: generators, rates)
    func alpha(_ generator: String, _ rate: Double) throws {
        let shape = [20, 25]
        let (x, draw) = (Self.numbers(500), "\"seed\":11,\"generator\":\"\(generator)\"")
        let mask = try Self.mask(shape, rate, draw)
        // Klambauer et al. 2017, equation 7.
        let a = 1 / ((Self.alpha * Self.alpha * rate + 1) * (1 - rate)).squareRoot()
        let b = Self.alpha * a * rate
        let other = 1 / ((Self.alpha * Self.alpha * 0.2 + 1) * 0.8).squareRoot()
        let cases: [(kept: (Double) -> Double, dropped: Double, mistake: String, detail: String)] = [
            ({ a * $0 + b }, Self.saturated * a + b, "dropout", ""),
            ({ $0 }, Self.saturated, "affine_missing", "no affine map"),
            ({ a * $0 }, Self.saturated * a, "affine_missing", "no shift"),
            ({ a * $0 + b }, b, "wrong_dropped_value", "becomes 0"),
            ({ a * $0 + b }, Self.saturated, "wrong_dropped_value", "do not go through"),
            ({ $0 / (1 - rate) }, 0, "other_variant", "dropout itself"),
            (
                { other * $0 + Self.alpha * other * 0.2 }, Self.saturated * other * 0.8, "other_rate",
                "those of the rate 0.2"
            ),
        ]
        for one in cases {
            let y = zip(x, mask).map { $1 == 1 ? one.kept($0) : one.dropped }
            let reply = Self.verify(x, y, shape, rate, "\"variant\":\"alpha\",\(draw)")
            #expect(reply.object["verdict"] as? String == one.mistake, "\(reply.text)")
            #expect(Self.mistakes(reply).count == (one.detail.isEmpty ? 0 : 1), "\(reply.text)")
            #expect(one.detail.isEmpty || Self.details(reply).contains(one.detail), "\(reply.text)")
            #expect(reply.member("generator", "matches") as? Bool == true, "\(reply.text)")
        }
    }

    // MARK: Shared draws

    @Test(
        "Elements that share other draws than those of the variant are named",
        arguments: [
            ("spatial", [4, 6, 5, 5], [4, 6, 5, 5], "what fits is element"),
            ("spatial", [4, 12, 5, 12], [4, 1, 1, 12], "channels last"),
            ("drop_path", [40, 9], [40, 9], "what fits is element"),
            ("variational", [4, 15, 9], [4, 15, 9], "what fits is element"),
        ])
    func shared(_ variant: String, _ shape: [Int], _ drawn: [Int], _ detail: String) throws {
        let x = Self.numbers(shape.reduce(1, *))
        let reply = ask(
            "/forward",
            """
            {"input":\(Self.text(x, shape)),"rate":0.5,"seed":3,"noise_shape":\(drawn),"layout":"rows",
            "include":["output"],"tensor_format":"flat"}
            """)
        let y = try #require(reply.member("output", "data") as? [Double], "\(reply.text)")
        let judged = Self.verify(x, y, shape, 0.5, "\"variant\":\"\(variant)\",\"layout\":\"rows\"")
        #expect(Self.mistakes(judged) == ["wrong_granularity"], "\(judged.text)")
        #expect(Self.details(judged).contains(detail), "\(judged.text)")
    }

    // MARK: Zoneout

    @Test("The mistakes of zoneout are named, for any generator and rate", arguments: generators, rates)
    func zoneout(_ generator: String, _ rate: Double) throws {
        let shape = [20, 25]
        let (x, old) = (Self.numbers(500), Self.numbers(500, 0x9E37_79B9_7F4A_7C15))
        let draw = "\"seed\":11,\"generator\":\"\(generator)\""
        let mask = try Self.mask(shape, rate, draw)
        let cases: [(kept: (Double) -> Double, dropped: (Double) -> Double, mode: String, mistake: String)] = [
            ({ $0 }, { $0 }, "train", "dropout"),
            ({ $0 }, { _ in 0 }, "train", "state_not_kept"),
            ({ $0 / (1 - rate) }, { _ in 0 }, "train", "other_variant"),
            ({ $0 / (1 - rate) }, { $0 }, "train", "wrong_factor"),
            ({ $0 }, { $0 }, "eval", "dropped_in_eval"),
        ]
        for one in cases {
            let y = (0..<500).map { mask[$0] == 1 ? one.kept(x[$0]) : one.dropped(old[$0]) }
            let reply = Self.verify(
                x, y, shape, rate,
                "\"variant\":\"zoneout\",\"previous\":\(Self.text(old, shape)),\"mode\":\"\(one.mode)\",\(draw)")
            #expect(reply.object["verdict"] as? String == one.mistake, "\(reply.text)")
            #expect(Self.mistakes(reply).count == (one.mistake == "dropout" ? 0 : 1), "\(reply.text)")
        }
        let exchanged = (0..<500).map { mask[$0] == 1 ? old[$0] : x[$0] }
        let reply = Self.verify(
            x, exchanged, shape, rate, "\"variant\":\"zoneout\",\"previous\":\(Self.text(old, shape)),\(draw)")
        // At the rate 0.5 only the seed shows it.
        #expect(Self.mistakes(reply).contains("keep_and_rate_swapped") == (rate != 0.5), "\(reply.text)")
        // Some generators have a field for it.
        let said = Self.details(reply)
        #expect(said.contains("exchanged") || said.contains("keep_when"), "\(reply.text)")
        let mean = (0..<500).map { rate * old[$0] + (1 - rate) * x[$0] }
        let evaluated = Self.verify(
            x, mean, shape, rate, "\"variant\":\"zoneout\",\"previous\":\(Self.text(old, shape)),\"mode\":\"eval\"")
        #expect(evaluated.object["verdict"] as? String == "dropout", "\(evaluated.text)")
    }

    // MARK: Drop block

    @Test("The mistakes of drop block are named", arguments: [0.1, 0.3])
    func blocks(_ rate: Double) throws {
        let (shape, side) = ([6, 8, 12, 12], 3)
        let count = shape.reduce(1, *)
        let gamma = rate * 144 / (9 * 100)
        /// The elements that no block of 3 x 3 drops, whose first corners are the dropped ones of a mask.
        func kept(_ chance: Double) throws -> [Double] {
            let anchors = try Self.mask([6, 8, 10, 10], chance, "\"seed\":5")
            var kept = [Double](repeating: 1, count: count)
            for (place, anchor) in anchors.enumerated() where anchor == 0 {
                let (map, row, column) = (place / 100, place / 10 % 10, place % 10)
                for down in 0..<side {
                    for right in 0..<side { kept[map * 144 + (row + down) * 12 + column + right] = 0 }
                }
            }
            return kept
        }
        let x = Self.numbers(count)
        let right = try kept(gamma)
        let scale = { (mask: [Double]) in Double(count) / mask.reduce(0, +) }
        let single = try Self.mask(shape, rate, "\"seed\":6")
        let many = try kept(rate)
        let cases: [(mask: [Double], scale: Double, mistake: String)] = [
            (right, scale(right), "dropout"), (right, 1, "not_scaled"), (right, 1 / (1 - rate), "wrong_factor"),
            (single, scale(single), "blocks_missing"), (many, scale(many), "kept_fraction_implausible"),
        ]
        for one in cases {
            let y = zip(x, one.mask).map { $0 * $1 * one.scale }
            let reply = Self.verify(x, y, shape, rate, "\"variant\":\"drop_block\",\"block_size\":3")
            #expect(reply.object["verdict"] as? String == one.mistake, "\(Self.details(reply))")
        }
    }

    @Test("The anchors of drop block are those of the generator, or of a near one", arguments: [5, 6])
    func anchors(_ seed: Int) throws {
        let (shape, x) = ([4, 3, 9, 9], Self.numbers(972))
        let reply = ask(
            "/forward",
            """
            {"input":\(Self.text(x, shape)),"rate":0.2,"variant":"drop_block","block_size":3,"seed":5,
            "include":["output"],"tensor_format":"flat"}
            """)
        let y = try #require(reply.member("output", "data") as? [Double], "\(reply.text)")
        let judged = Self.verify(x, y, shape, 0.2, "\"variant\":\"drop_block\",\"block_size\":3,\"seed\":\(seed)")
        #expect(judged.member("generator", "matches") as? Bool == (seed == 5), "\(judged.text)")
        #expect(Self.mistakes(judged) == (seed == 5 ? [] : ["other_mask"]), "\(judged.text)")
        #expect(seed == 5 || Self.details(judged).contains("with seed 5"), "\(judged.text)")
    }
}
