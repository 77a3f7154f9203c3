import DropoutService
import Foundation
import Testing

/// `include: ["uniforms"]` on every route, in networks and in lines.
@Suite struct UniformsAnswerTests {
    private func ask(_ members: String...) -> Reply {
        DropoutServiceTests.ask("/forward", "{\(members.joined(separator: ","))}")
    }

    private static let network = """
        "input":[[1,2],[3,4]],"layers":[{"weights":[[1,0.5],[-1,2],[0.25,1]],"rate":0.4,"granularity":"unit"LAYER},
        {"weights":[[1,2,3],[1,1,1]]},{"weights":[[2,1],[3,1]],"rate":0.5,"variant":"drop_connect"LAYER}]
        """

    @Test("A network's numbers are a list, null for a layer without dropout, and each layer takes its own back")
    func network() throws {
        for generator in UniformsTests.generators {
            let question = Self.network.replacing("LAYER", with: "") + "," + UniformsTests.seed(generator)
            let drawn = ask(question, #""include":["output","masks","uniforms"]"#)
            let uniforms = Reply.items(of: try drawn.json("uniforms"))
            try #require(uniforms.count == 3)
            #expect(uniforms[1] == "null")
            #expect(UniformsTests.numbers(uniforms[0]).count == 3)
            #expect(UniformsTests.numbers(uniforms[2]).count == 4)
            var given = Self.network
            for layer in [0, 2] {
                let place = try #require(given.range(of: "LAYER"))
                given.replaceSubrange(place, with: ",\"uniforms\":\(uniforms[layer])")
            }
            let again = ask(given, "\"generator\":\"\(generator)\"", #""include":["output","masks"]"#)
            #expect(try again.json("output") == drawn.json("output"))
            #expect(try again.json("masks") == drawn.json("masks"))
        }
    }

    @Test("Each line has the numbers of its pass", arguments: ["tensor", "network"])
    func lines(_ kind: String) throws {
        let question =
            kind == "tensor"
            ? #""input":[[1,2],[3,4]],"rate":0.4,"seed":8"#
            : Self.network.replacing("LAYER", with: "") + ",\"seed\":8"
        let reply = ask(question, #""samples":3,"samples_format":"ndjson","include":["uniforms"]"#)
        let lines = reply.text.split(separator: "\n").map { Reply.members(of: $0) }
        for step in 0..<3 {
            let alone = ask(question, "\"step\":\(step)", #""include":["uniforms"]"#)
            #expect(lines[step].map(\.name) == ["sample", "output", "uniforms"])
            #expect(try lines[step].last?.text == alone.json("uniforms"))
        }
    }

    @Test(
        "A mask alone has the numbers of the same question to /forward, also in a query",
        arguments: UniformsTests.generators)
    func mask(_ generator: String) throws {
        let fields =
            "\"rate\":0.3,\"granularity\":\"unit\",\"include\":[\"mask\",\"uniforms\"],\(UniformsTests.seed(generator))"
        let forward = ask("\"input\":[[1,1],[1,1],[1,1]]", fields)
        let mask = DropoutServiceTests.ask("/mask", "{\"shape\":[3,2],\(fields)}")
        #expect(mask.text == forward.text)
        let seed = generator.hasPrefix("tf-stateless") ? "5,9" : "5"
        let query = "shape=3,2&rate=0.3&granularity=unit&include=mask,uniforms&generator=\(generator)&seed=\(seed)"
        #expect(DropoutServiceTests.ask("/mask?\(query)").text == mask.text)
    }

    @Test("A block has the numbers of its place in the whole tensor", arguments: UniformsTests.generators)
    func blocks(_ generator: String) throws {
        func numbers(_ rest: String) throws -> [Double] {
            let reply = DropoutServiceTests.ask(
                "/mask", "{\"rate\":0.3,\"include\":[\"uniforms\"],\(UniformsTests.seed(generator)),\(rest)}")
            return UniformsTests.numbers(try reply.json("uniforms"))
        }
        let whole = try numbers(#""shape":[4,5]"#)
        let block = try numbers(#""shape":[2,3],"full_shape":[4,5],"start":[1,2]"#)
        #expect(block == [7, 8, 9, 12, 13, 14].map { whole[$0] })
    }

    @Test("A continuous variant's numbers give its factors back", arguments: ["gaussian", "concrete"])
    func continuous(_ variant: String) throws {
        let question = "\"input\":[1,2,3],\"rate\":0.3,\"seed\":4,\"variant\":\"\(variant)\""
        let drawn = ask(question, #""include":["output","mask","uniforms"]"#)
        let given = ask(question, #""include":["output","mask"]"#, "\"uniforms\":\(try drawn.json("uniforms"))")
        #expect(try given.json("noise") == drawn.json("noise"))
        #expect(try given.json("output") == drawn.json("output"))
    }

    @Test("Where nothing is drawn the numbers are null, and given ones are answered as they came")
    func nothingDrawn() {
        let question = #""input":[[1,2],[3,4]],"include":["uniforms"]"#
        for fields in [
            #""rate":0"#, #""rate":1"#, #""rate":0.5,"mode":"eval""#, #""rate":0.5,"mask":[[1,1],[0,0]]"#,
            #""rate":0.5,"mode":"eval","uniforms":[[0,0],[0,0]]"#,
        ] {
            #expect(ask(question, fields).text == "{\"uniforms\":null}\n")
        }
        let given = #""rate":0.5,"granularity":"unit","uniforms":[[0.25],[0.75]]"#
        #expect(ask(question, given).text == "{\"uniforms\":[[0.25],[0.75]]}\n")
        #expect(
            DropoutServiceTests.ask("/mask", #"{"shape":[2],"rate":0,"include":["uniforms"]}"#).text
                == "{\"uniforms\":null}\n")
        #expect(ask(#""input":[1],"rate":0.5"#).object["uniforms"] == nil)
    }

    // MARK: Refusals and prices

    @Test("A generator without uniform numbers is refused at include", arguments: UniformsTests.without.sorted())
    func refusals(_ generator: String) {
        let fields = "\"rate\":0.5,\"include\":[\"uniforms\"],\(UniformsTests.seed(generator))"
        for reply in [
            ask("\"input\":[1,2]", fields), DropoutServiceTests.ask("/mask", "{\"shape\":[2],\(fields)}"),
            DropoutServiceTests.ask("/mask?shape=2&rate=0.5&include=uniforms&seed=5&generator=\(generator)"),
            ask(
                #""input":[[1]],"include":["uniforms"],"layers":[{"weights":[[1]],"rate":0.5}]"#,
                UniformsTests.seed(generator)),
        ] {
            #expect(reply.status == 422)
            #expect(reply.pointers == ["/include"])
            #expect(reply.text.contains("\(generator) has no `uniforms`"))
        }
    }

    @Test("A variant that does not take numbers is refused at include")
    func blocksOfAVariant() {
        let reply = ask(#""input":[[[1,2,3]]],"rate":0.1,"variant":"drop_block","block_size":2,"include":["uniforms"]"#)
        #expect(reply.pointers == ["/include"])
    }

    @Test("The numbers are paid: their draw, their bytes and their text")
    func prices() throws {
        struct Refused: Error {}
        func price(_ target: String, _ body: String) throws -> Price {
            guard case .work(let work) = plan(target, body) else { throw Refused() }
            return work.price
        }
        for (target, question) in [
            ("/mask", "\"shape\":[SIZE],\"rate\":0.5,\"include\":[\"mask\"PART]"),
            ("/forward", "\"input\":{\"shape\":[SIZE],\"data\":DATA},\"rate\":0.5,\"include\":[\"mask\"PART]"),
        ] {
            func more(_ size: Int) throws -> Price {
                let data = "[\([String](repeating: "1", count: size).joined(separator: ","))]"
                let text = "{\(question)}".replacing("SIZE", with: "\(size)").replacing("DATA", with: data)
                let with = try price(target, text.replacing("PART", with: ",\"uniforms\""))
                let without = try price(target, text.replacing("PART", with: ""))
                return Price(
                    nanoseconds: with.nanoseconds - without.nanoseconds, heldBytes: with.heldBytes - without.heldBytes,
                    printedBytes: with.printedBytes - without.printedBytes)
            }
            let (one, two) = (try more(1000), try more(2000))
            #expect(one.nanoseconds > 1000)
            #expect(two.nanoseconds > one.nanoseconds * 3 / 2)
            #expect(one.heldBytes >= 8000)
            #expect(one.printedBytes >= 12_000)
        }
    }
}
