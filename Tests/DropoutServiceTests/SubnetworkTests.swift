import DropoutService
import Foundation
import Testing

/// `include: ["subnetworks"]` with `exact`: the masks, their probabilities and their outputs.
@Suite struct SubnetworkTests {
    private struct Entry {
        let probability: Double
        let members: [(name: String, text: String)]
        func text(_ name: String) -> String? { members.first { $0.name == name }?.text }

        init(_ text: String) {
            members = Reply.members(of: text)
            probability = members.first { $0.name == "probability" }.flatMap { Double($0.text) } ?? .nan
        }
    }

    private static func entries(_ fields: String, include: String = #""subnetworks""#) throws -> [Entry] {
        let reply = ask("/forward", "{\(fields),\"exact\":true,\"include\":[\(include)]}")
        return Reply.items(of: try reply.json("subnetworks")).map { Entry($0) }
    }

    @Test("The masks of two units are listed with their probabilities and outputs")
    func byHand() {
        // 0.5 and 0.25 are exact in binary. A kept 3 becomes 4.
        let body = #"{"input":[3,6],"keep_prob":0.75,"exact":true,"include":["subnetworks"]}"#
        let entries = [
            #"{"probability":0.0625,"mask":[0,0],"output":[0,0]}"#,
            #"{"probability":0.1875,"mask":[1,0],"output":[4,0]}"#,
            #"{"probability":0.1875,"mask":[0,1],"output":[0,8]}"#,
            #"{"probability":0.5625,"mask":[1,1],"output":[4,8]}"#,
        ]
        #expect(ask("/forward", body).text == "{\"subnetworks\":[\(entries.joined(separator: ","))]}\n")
    }

    @Test(
        "Each entry has the output that its mask gives, and their mean is the exact one",
        arguments: [
            #""input":[[1,-2],[3,4]],"rate":0.4"#, #""input":[[1,-2],[3,4]],"rate":0.4,"granularity":"unit""#,
            #""input":[1,2,3],"rate":0.1,"variant":"alpha""#, #""input":[1,2,3,4],"rate":0.3,"scheme":"classic""#,
            #""input":[1,2],"rate":0.25,"variant":"zoneout","previous":[5,7]"#,
            #""input":[1,2,3,4,5,6],"rate":0.25,"dtype":"float32","generator":"jax""#,
        ])
    func tensors(_ question: String) throws {
        let entries = try Self.entries(question)
        #expect(Set(entries.map { $0.text("mask") }).count == entries.count)
        #expect(abs(entries.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
        for entry in entries {
            let mask = try #require(entry.text("mask"))
            let given = ask("/forward", "{\(question),\"mask\":\(mask),\"include\":[\"output\"]}")
            #expect(try entry.text("output") == given.json("output"))
        }
        try Self.checkMean(question, entries)
    }

    private static func checkMean(_ question: String, _ entries: [Entry]) throws {
        let exact = ask("/forward", "{\(question),\"exact\":true,\"include\":[\"exact\"]}")
        let mean = numbers(Reply.members(of: try exact.json("exact")).first { $0.name == "mean" }?.text ?? "")
        var sums = mean.map { _ in 0.0 }
        for entry in entries {
            for (place, number) in numbers(entry.text("output") ?? "").enumerated() {
                sums[place] += entry.probability * number
            }
        }
        #expect(!mean.isEmpty)
        #expect(zip(sums, mean).allSatisfy { abs($0 - $1) < 1e-5 }, "\(sums) \(mean)")
    }

    private static func numbers(_ text: String) -> [Double] {
        text.split { "[],".contains($0) }.compactMap { Double($0) }
    }

    private static let layers = [
        #"{"weights":[[1,0.5],[-1,2]],"activation":"relu","rate":0.4,"granularity":"unit""#,
        #"{"weights":[[1,2],[3,4]]"#,
        #"{"weights":[[0.5,-1],[1,1],[2,0]],"rate":0.1,"granularity":"unit""#,
    ]

    @Test("A network's entries have a mask for each layer, null for a layer without dropout")
    func networks() throws {
        let layers = Self.layers.map { $0 + "}" }.joined(separator: ",")
        let question = "\"input\":[[1],[2]],\"layers\":[\(layers)]"
        let entries = try Self.entries(question)
        #expect(entries.count == 32)
        #expect(abs(entries.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
        for entry in entries {
            let masks = Reply.items(of: try #require(entry.text("masks")))
            #expect(masks[1] == "null")
            let given = zip(Self.layers, masks).map { layer, mask in "\(layer),\"mask\":\(mask)}" }
            let body = "{\"input\":[[1],[2]],\"layers\":[\(given.joined(separator: ","))],\"include\":[\"output\"]}"
            #expect(try entry.text("output") == ask("/forward", body).json("output"))
        }
        try Self.checkMean(question, entries)
    }

    @Test("Masks that cannot be drawn are not listed")
    func decided() throws {
        let kept = try Self.entries(#""input":[1,2,3,4,5,6,7,8],"rate":0"#)
        #expect(kept.map { $0.text("mask") } == ["[1,1,1,1,1,1,1,1]"])
        let mixed =
            #"{"weights":[[1],[1],[1],[1],[1],[1],[1],[1],[1]],"rate":1},{"weights":[[1,1,1,1,1,1,1,1,1]],"rate":0.5}"#
        let network = try Self.entries("\"input\":[[1]],\"layers\":[\(mixed)]")
        #expect(network.map(\.probability) == [0.5, 0.5])
    }

    @Test("The moments and the list are computed together, and do not change each other")
    func together() throws {
        let question = #""input":[1,2,3],"rate":0.4"#
        let both = ask("/forward", "{\(question),\"exact\":true,\"include\":[\"exact\",\"subnetworks\"]}")
        #expect(both.members.map(\.name) == ["exact", "subnetworks"])
        let (exact, list) = (
            ask("/forward", "{\(question),\"exact\":true,\"include\":[\"exact\"]}"),
            ask("/forward", "{\(question),\"exact\":true,\"include\":[\"subnetworks\"]}")
        )
        #expect(try both.json("exact") == exact.json("exact"))
        #expect(try both.json("subnetworks") == list.json("subnetworks"))
        #expect(ask("/forward", "{\(question),\"exact\":true}").object["subnetworks"] == nil)
    }

    @Test("In evaluation the one entry is the whole network, however many units it has")
    func evaluation() {
        let ones = [String](repeating: "1", count: 9).joined(separator: ",")
        let tensor = ask(
            "/forward",
            "{\"input\":[\(ones)],\"rate\":0.3,\"mode\":\"eval\",\"exact\":true,\"include\":[\"subnetworks\"]}")
        #expect(
            tensor.text == "{\"subnetworks\":[{\"probability\":1,\"mask\":[\(ones)],\"output\":[\(ones)]}]}\n")
        let network = ask(
            "/forward",
            #"{"input":[[3]],"layers":[{"weights":[[1],[2]],"rate":0.3}],"mode":"eval","exact":true,"#
                + #""include":["exact","subnetworks"]}"#)
        #expect(
            network.text == #"{"exact":{"masks":4,"mean":[[3],[6]],"variance":[[0],[0]]},"#
                + #""subnetworks":[{"probability":1,"masks":[[[1],[1]]],"output":[[3],[6]]}]}"# + "\n")
    }

    @Test("More than 64 masks are refused, and a list without exact", arguments: ["tensor", "network"])
    func refusals(_ kind: String) {
        func question(_ units: Int) -> String {
            let ones = [String](repeating: "[1]", count: units).joined(separator: ",")
            return kind == "tensor"
                ? "\"input\":[\(ones)],\"rate\":0.5"
                : "\"input\":[[1]],\"layers\":[{\"weights\":[\(ones)],\"rate\":0.5}]"
        }
        func ask(_ units: Int, _ rest: String) -> Reply {
            DropoutServiceTests.ask("/forward", "{\(question(units)),\"include\":[\"subnetworks\"]\(rest)}")
        }
        #expect(ask(6, ",\"exact\":true").status == 200)
        #expect(ask(7, ",\"exact\":true").pointers == ["/include"])
        #expect(ask(21, ",\"exact\":true").pointers.sorted() == ["/exact", "/include"])
        #expect(ask(2, "").pointers == ["/include"])
        #expect(ask(2, ",\"exact\":false").pointers == ["/include"])
    }

    @Test("The list is paid by its entries")
    func price() throws {
        struct Refused: Error {}
        func bytes(_ units: Int, _ include: String) throws -> Int {
            let ones = [String](repeating: "1", count: units).joined(separator: ",")
            let body = "{\"input\":[\(ones)],\"rate\":0.5,\"exact\":true,\"include\":[\"exact\"\(include)]}"
            guard case .work(let work) = plan("/forward", body) else { throw Refused() }
            #expect(work.price.printedBytes >= ask("/forward", body).text.utf8.count)
            return work.price.printedBytes
        }
        func list(_ units: Int) throws -> Int { try bytes(units, ",\"subnetworks\"") - bytes(units, "") }
        #expect(try list(3) > 0)
        #expect(try list(6) > 8 * list(3))
    }
}
