import Testing

/// Tiles of columns, and draws that are exactly the threshold.
extension PorterMistakeTests {
    @Test("A mask that begins again along the columns is seen without a generator", arguments: rates)
    func columnTiles(_ rate: Double) throws {
        let draws = try Self.draws("philox", rate)
        let tiled = draws.indices.map { draws[$0 / Self.columns * Self.columns + $0 % 8] }
        let evidence = Self.finding(Self.verify(Self.output(tiled, rate), rate, ""), "mask_repeated")?["evidence"]
        let numbers = evidence as? [String: Any]
        #expect(numbers?["period"] as? Int == 8 && numbers?["axis"] as? Int == 1, "\(String(describing: evidence))")
    }

    /// mlx compares integers, and a rate on a threshold of theirs is no number that a draw may be.
    @Test(
        "A draw that is exactly the threshold and on the wrong side is named",
        arguments: generators.filter { $0 != "mlx" })
    func threshold(_ generator: String) throws {
        for place in [5, 300, 611] {
            let reply = ask(
                "/mask",
                """
                {"shape":[\(Self.rows),\(Self.columns)],"rate":0.5,"seed":7,"generator":"\(generator)",
                "include":["mask","uniforms"]}
                """)
            // Foundation's reader may miss the last bit of a number.
            let text = try reply.json("uniforms").filter { !"[] \n".contains($0) }
            let uniforms = try text.split(separator: ",").map { try #require(Double($0)) }
            let mask = try #require(reply.object["mask"] as? [[Double]]).flatMap { $0 }
            // Kept are the small numbers, or the large ones.
            let small = try #require(uniforms.firstIndex { $0 < 0.25 })
            let isBelow = mask[small] == 1
            let rate = isBelow ? 1 - uniforms[place] : uniforms[place]
            var wrong = uniforms.map { (isBelow ? $0 < uniforms[place] : $0 >= uniforms[place]) ? 1.0 : 0 }
            wrong[place] = 1 - wrong[place]
            let field = isBelow ? "keep_prob" : "rate"
            let judged = ask(
                "/verify",
                """
                {"input":\(Self.nested(Self.input)),"output":\(Self.nested(Self.output(wrong, rate))),
                "\(field)":\(uniforms[place]),"seed":7,"generator":"\(generator)"}
                """)
            let evidence = Self.finding(judged, "other_mask")?["evidence"] as? [String: Any]
            #expect(evidence?["relation"] as? String == "threshold_exchanged", "\(place): \(judged.text)")
        }
    }
}
