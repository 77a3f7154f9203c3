import DropoutService
import Foundation
import Questions
import Testing

/// `include: ["uniforms"]`: the numbers behind a mask, and the mask that they give when they are sent back.
@Suite struct UniformsTests {
    static let without: Set = ["numpy-legacy-binomial", "torch-cpu-mkl", "mlx"]
    static let generators = Generator.all.map(\.name).filter { !without.contains($0) }

    static func seed(_ generator: String, _ number: Int = 5) -> String {
        let isPair = generator.hasPrefix("tf-stateless")
        return "\"generator\":\"\(generator)\",\"seed\":\(isPair ? "[\(number),9]" : "\(number)")"
    }

    static func numbers(_ text: String) -> [Double] {
        text.split { "[],".contains($0) }.compactMap { Double($0) }
    }

    private func ask(_ members: String...) -> Reply {
        DropoutServiceTests.ask("/forward", "{\(members.joined(separator: ","))}")
    }

    // MARK: Truth from outside

    @Test(
        "The numbers are those that the library prints",
        arguments: [
            // np.random.seed(42); np.random.rand(4)
            (
                seed("numpy-legacy", 42),
                [0.3745401188473625, 0.9507143064099162, 0.7319939418114051, 0.5986584841970366]
            ),
            (
                seed("onnx-reference", 42),
                [0.3745401188473625, 0.9507143064099162, 0.7319939418114051, 0.5986584841970366]
            ),
            // np.random.default_rng(42).random(4)
            (
                seed("numpy-pcg64", 42),
                [0.7739560485559633, 0.4388784397520523, 0.8585979199113825, 0.6973680290593639]
            ),
        ])
    func library(_ fields: String, _ expected: [Double]) throws {
        let reply = ask(#""input":[1,1,1,1],"rate":0.5,"include":["uniforms"]"#, fields)
        #expect(try Self.numbers(reply.json("uniforms")) == expected)
    }

    @Test("The numbers of torch-rand are those that torch.rand prints after manual_seed(42), to four digits")
    func torch() throws {
        let reply = ask(#""input":[1,1,1,1],"rate":0.5,"include":["uniforms"]"#, Self.seed("torch-rand", 42))
        let numbers = try #require(reply.object["uniforms"] as? [Double])
        for (number, printed) in zip(numbers, [0.8823, 0.9150, 0.3829, 0.9593]) {
            #expect(abs(number - printed) <= 5e-5)
        }
    }

    @Test("A number of philox is its word divided by 2^32, and the word of a kept unit is below keep · 2^32")
    func philox() throws {
        // The first block of Philox4x32-10 with the key and the counter 0, from Random123's known answers.
        let words: [Double] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        let reply = ask(#""input":[1,1,1,1],"keep_prob":0.5,"seed":0,"include":["mask","uniforms"]"#)
        #expect(try Self.numbers(reply.json("uniforms")) == words.map { $0 / 4_294_967_296 })
        #expect(reply.object["mask"] as? [Int] == [1, 0, 0, 0])
    }

    // MARK: The law

    /// Fields of all kinds of draws, in the shape [3, 4].
    private static let kinds = [
        "", #","granularity":"unit""#, #","noise_shape":[1,4]"#, #","variant":"alpha""#, #","variant":"drop_path""#,
        #","dtype":"float32""#,
    ]

    @Test("The numbers that were drawn give the same mask and output when they are sent back", arguments: generators)
    func law(_ generator: String) throws {
        let input = #""input":[[1,2,3,4],[5,-6,7,8],[0.5,1,1.5,2]]"#
        let include = #""include":["output","mask"]"#
        for kind in Self.kinds {
            for rate in ["0.5", "0.2", "0.001", "0.9999999", "0", "1"] {
                let question = "\(input),\"rate\":\(rate),\(Self.seed(generator))\(kind)"
                let drawn = ask(question, #""include":["output","mask","uniforms"]"#)
                let uniforms = try drawn.json("uniforms")
                let given = ask(question, include, "\"uniforms\":\(uniforms)")
                #expect(try given.json("mask") == drawn.json("mask"), "\(question)")
                #expect(try given.json("output") == drawn.json("output"), "\(question)")
                #expect((uniforms == "null") == (rate == "0" || rate == "1"), "\(question)")
            }
        }
    }

    @Test("So they do with random parameters of the generator, and random shapes")
    func randomLaw() throws {
        var count = 0
        for seed in 0..<3000 as Range<UInt64> {
            var maker = QuestionMaker(Choices(seed: seed), .small)
            let question = maker.question(.tensor)
            guard !Self.without.contains(question.generator), question.variant != "drop_block" else { continue }
            let text = String(decoding: question.body, as: UTF8.self)
            guard !text.contains("\"uniforms\""), !text.contains("\"mask\":"), !text.contains("\"samples\""),
                !text.contains("\"exact\""), !text.contains("\"include\""), !text.contains("full_shape")
            else { continue }
            let body = text.dropLast() + ",\"mask_format\":\"numbers\",\"tensor_format\":\"flat\""
            guard !text.contains("_format\"") else { continue }
            let drawn = DropoutServiceTests.ask("/forward", body + ",\"include\":[\"output\",\"mask\",\"uniforms\"]}")
            guard drawn.status == 200 else { continue }
            let given = DropoutServiceTests.ask(
                "/forward",
                body + ",\"include\":[\"output\",\"mask\"],\"uniforms\":\(try drawn.json("uniforms"))}")
            let members = drawn.members.filter { $0.name != "uniforms" }
            #expect(given.members.map(\.text) == members.map(\.text), "seed \(seed): \(body)")
            count += 1
        }
        #expect(count > 200)
    }

    @Test("So they do at a probability that a number meets, and at its neighbours", arguments: generators)
    func edges(_ generator: String) throws {
        let fields = "\"input\":[[1,1,1],[1,1,1]],\(Self.seed(generator))"
        let rules =
            ["numpy-legacy", "numpy-pcg64", "numpy-philox", "torch-rand"].contains(generator)
            ? ["below", "above", "from"] : ["below"]
        let drawn = ask(fields, #""rate":0.5,"include":["uniforms"]"#)
        let numbers = Self.numbers(try drawn.json("uniforms"))
        #expect(numbers.count == 6)
        for rule in rules {
            for number in numbers.prefix(3) {
                for edge in [number, number.nextUp, number.nextDown, Double(Float(number).nextUp), 1 - number] {
                    for name in ["keep_prob", "rate"] where edge > 0 && edge < 1 {
                        let question = "\(fields),\"\(name)\":\(edge),\"keep_when\":\"\(rule)\",\"include\":[\"mask\"]"
                        let uniforms = "\"uniforms\":\(try drawn.json("uniforms"))"
                        let (one, other) = (ask(question), ask(question, uniforms))
                        #expect(one.status == 200, "\(one.text)")
                        #expect(one.text == other.text, "\(question)")
                    }
                }
            }
        }
    }

    @Test(
        "A given number is compared as keep_when says",
        arguments: [("below", "[1,0,0]"), ("above", "[0,0,1]"), ("from", "[0,1,1]")])
    func rules(_ rule: String, _ mask: String) {
        let reply = ask(
            #""input":[1,1,1],"rate":0.5,"generator":"numpy-legacy","uniforms":[0.25,0.5,0.75],"include":["mask"]"#,
            "\"keep_when\":\"\(rule)\"")
        #expect(reply.text == "{\"mask\":\(mask)}\n")
    }
}
