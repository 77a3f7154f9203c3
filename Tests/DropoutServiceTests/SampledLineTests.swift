import DropoutService
import Testing

/// The parts of NDJSON lines that `include` names, and the parts of their summary.
@Suite struct SampledLineTests {
    /// The members of each line, in order.
    private static func lines(_ fields: String, include: String?) -> [Line] {
        let parts = include.map { ",\"include\":[\($0)]" } ?? ""
        let reply = ask("/forward", "{\(fields),\"samples\":4,\"samples_format\":\"ndjson\"\(parts)}")
        return reply.text.split(separator: "\n").map { Line(members: Reply.members(of: $0)) }
    }

    struct Line {
        let members: [(name: String, text: String)]
        var names: [String] { members.map(\.name) }
        subscript(_ name: String) -> String? { members.first { $0.name == name }?.text }
    }

    private static let tensorFields = #""input":[[1,-2],[3,4]],"rate":0.4,"seed":8"#
    private static let networkFields = """
        "input":[[1,2],[3,4]],"seed":8,"layers":[{"weights":[[1,0.5],[-1,2],[0.25,1]],"activation":"relu","rate":0.4},
        {"weights":[[1,2,3]]},{"weights":[[2],[3]],"rate":0.5,"variant":"drop_connect"}]
        """

    @Test(
        "A line has the mask and the check of its pass if include names them",
        arguments: [
            tensorFields, tensorFields + #","mask_format":"packed""#, tensorFields + #","tensor_format":"base64""#,
            tensorFields + #","mode":"eval""#, tensorFields + #","granularity":"unit","dtype":"float32""#,
            tensorFields + #","variant":"gaussian""#, tensorFields + #","dtype":"bfloat16""#,
            #""input":[[[1,2,3,4,5]]],"rate":0.1,"seed":1,"variant":"drop_block","block_size":2"#,
        ])
    func tensor(_ question: String) throws {
        let include = #""check","mask""#
        let lines = Self.lines(question, include: include)
        try #require(lines.count == 5)
        let noise = question.contains("gaussian") ? "noise" : "mask"
        for step in 0..<4 {
            #expect(lines[step].names == ["sample", "output", noise, "check"])
            let alone = ask("/forward", "{\(question),\"step\":\(step),\"include\":[\"output\",\(include)]}")
            for name in ["output", noise, "check"] { #expect(try lines[step][name] == alone.json(name)) }
        }
        #expect(lines[4].names == ["samples"])
    }

    @Test(
        "A network's line has the masks and the layers of its pass if include names them", arguments: ["train", "eval"])
    func network(_ mode: String) throws {
        let question = Self.networkFields + ",\"mode\":\"\(mode)\""
        let include = #""masks","layers""#
        let lines = Self.lines(question, include: include)
        try #require(lines.count == 5)
        for step in 0..<4 {
            #expect(lines[step].names == ["sample", "output", "masks", "layers"])
            let alone = ask("/forward", "{\(question),\"step\":\(step),\"include\":[\"output\",\(include)]}")
            for name in ["output", "masks", "layers"] { #expect(try lines[step][name] == alone.json(name)) }
        }
        let masks = Self.lines(question, include: #""masks""#)
        #expect(masks.prefix(4).map(\.names) == [[String]](repeating: ["sample", "output", "masks"], count: 4))
        #expect(masks.map { $0["masks"] } == lines.map { $0["masks"] })
        #expect(masks.map { $0["output"] } == lines.map { $0["output"] })
    }

    @Test("The masks of a network are those of its layers, null for a layer without dropout")
    func masks() throws {
        let reply = ask("/forward", "{\(Self.networkFields),\"include\":[\"layers\",\"masks\"]}")
        let layers = try Reply.items(of: reply.json("layers")).map { layer in
            Reply.members(of: layer).first { $0.name == "mask" }?.text ?? "null"
        }
        #expect(try Reply.items(of: reply.json("masks")) == layers)
        #expect(layers[1] == "null")
        let none = ask("/forward", "{\(Self.networkFields),\"include\":[\"masks\"],\"mask_format\":\"none\"}")
        #expect(none.text == "{}\n")
        #expect(ask("/forward", "{\(Self.networkFields)}").object["masks"] == nil)
    }

    @Test(
        "A line has its output alone if include is left out or names no part of a line",
        arguments: [tensorFields, networkFields])
    func outputAlone(_ question: String) {
        for include in [nil, #""samples""#, "", #""echo","next""#] {
            let names = Self.lines(question, include: include).prefix(4).map(\.names)
            #expect(names == [[String]](repeating: ["sample", "output"], count: 4))
        }
    }

    @Test(
        "The last line has the parts after the summary as one answer has them",
        arguments: [tensorFields, networkFields])
    func last(_ question: String) throws {
        let exact = question + ",\"exact\":true"
        let include = #""exact","subnetworks","next","echo""#
        let last = try #require(Self.lines(exact, include: include).last)
        let whole = ask("/forward", "{\(exact),\"samples\":4,\"include\":[\"samples\",\(include)]}")
        #expect(last.names == whole.members.map(\.name))
        for name in last.names where name != "samples" { #expect(try last[name] == whole.json(name)) }
        #expect(Self.lines(exact, include: nil).last?.names.contains("exact") == true)
    }

    @Test("Each part of a line is paid in each line")
    func prices() throws {
        struct Refused: Error {}
        func price(_ question: String, _ samples: Int, _ include: String) throws -> Price {
            let body = "{\(question),\"samples\":\(samples),\"samples_format\":\"ndjson\",\"include\":[\(include)]}"
            guard case .work(let work) = plan("/forward", body) else { throw Refused() }
            return work.price
        }
        for (question, parts) in [(Self.tensorFields, ["mask", "check"]), (Self.networkFields, ["masks", "layers"])] {
            for part in parts {
                let dearer = try [10, 20].map { samples in
                    let (with, without) = (
                        try price(question, samples, "\"\(part)\""), try price(question, samples, "")
                    )
                    return (with.nanoseconds - without.nanoseconds, with.printedBytes - without.printedBytes)
                }
                #expect(dearer[0].0 > 0)
                #expect(dearer[1].0 > dearer[0].0 * 3 / 2)
                #expect(dearer[0].1 > 0)
                #expect(dearer[1].1 > dearer[0].1 * 3 / 2)
            }
        }
    }

    // MARK: The summary

    private static let withoutIntervals = ["count", "mean", "variance", "max_abs_z"]

    @Test("The part moments is the summary without its intervals", arguments: [tensorFields, networkFields])
    func moments(_ question: String) throws {
        for samples in [1, 6] {
            let fields = "\(question),\"samples\":\(samples)"
            let whole = ask("/forward", "{\(fields),\"include\":[\"samples\"]}")
            let short = ask("/forward", "{\(fields),\"include\":[\"moments\"]}")
            #expect(short.members.map(\.name) == ["samples"])
            let kept = Reply.members(of: try whole.json("samples")).filter { !$0.name.contains("interval") }
            let members = Reply.members(of: try short.json("samples"))
            #expect(members.map(\.name) == Self.withoutIntervals)
            #expect(members.map(\.text) == kept.map(\.text))
            #expect(ask("/forward", "{\(fields),\"include\":[\"moments\",\"samples\"]}").text == whole.text)
        }
    }

    @Test("The summary after lines has its intervals unless include names the moments alone")
    func momentsOfLines() throws {
        for (include, hasIntervals) in [(#""moments""#, false), (#""moments","samples""#, true), ("", true)] {
            let last = try #require(Self.lines(Self.tensorFields, include: include).last?["samples"])
            #expect(last.contains("interval_95") == hasIntervals)
        }
    }
}
