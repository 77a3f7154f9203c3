import DropoutService
import Foundation
import Testing

/// States of the libraries' generators, each as the text that a request has.
enum LibraryStates {
    /// The lines of states.json: a state or a mask each.
    private static let lines: [Substring] = {
        let url = Bundle.module.url(forResource: "states", withExtension: "json", subdirectory: "Vectors")
        let text = url.flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? ""
        return text.split(separator: "\n").map { $0.hasSuffix(",") ? $0.dropLast() : $0 }
    }()

    /// By name. The texts keep every digit of a number of 128 bits.
    static let states: [String: String] = {
        let states = lines.drop { $0 != "\"states\": {" }.dropFirst().prefix { $0 != "}" }
        return Dictionary(
            uniqueKeysWithValues: states.compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let name = line[..<colon].filter { $0 != "\"" }
                return (String(name), String(line[colon...].dropFirst(2)))
            })
    }()

    /// A mask that a library drew, and the members of the request that draws it.
    struct Mask: Sendable {
        let generator: String
        let form: String
        /// The name of the state.
        let state: String
        /// The other members.
        let members: [(name: String, text: String)]
        let bits: String

        init?(_ line: Substring) {
            let parts = Dictionary(uniqueKeysWithValues: Reply.members(of: line).map { ($0.name, $0.text) })
            guard let form = parts["form"], let bits = parts["mask"], let request = parts["request"] else { return nil }
            let fields = Reply.members(of: request)
            guard let state = fields.first(where: { $0.name == "state" })?.text else { return nil }
            generator = (parts["generator"] ?? "").filter { $0 != "\"" }
            self.form = form.filter { $0 != "\"" }
            self.state = state.filter { $0 != "\"" }
            members = fields.filter { $0.name != "state" }
            self.bits = bits.filter { $0 != "\"" }
        }
    }

    static let masks: [Mask] = lines.filter { $0.hasPrefix("{\"generator\"") }.compactMap { Mask($0) }

    /// Two states of a generator; none if it takes none.
    static func pair(_ generator: String) -> [String] {
        let names: [String] =
            switch generator {
            case "numpy-legacy", "numpy-legacy-binomial", "onnx-reference": ["numpy4", "numpy5"]
            case "numpy-pcg64": ["numpy-pcg64-3", "numpy-pcg64-10"]
            case "numpy-philox": ["numpy-philox-3", "numpy-philox-10"]
            case "torch-cpu", "torch-cpu-mkl", "torch-compile", "torch-rand": ["torch3", "torch6"]
            case "mlx": ["mlx4", "mlx5"]
            default: []
            }
        return names.compactMap { states[$0] }
    }
}

/// The state of a library's generator instead of a seed.
///
/// states.json holds states of NumPy 2.4.6, PyTorch 2.13.0 and MLX 0.32.4 after other draws (seeds, uniform and normal numbers,
/// integers, permutations, layers), at the ends of blocks, and at the ends of Philox's counter, and masks that the libraries
/// drew from them.
@Suite struct StateTests {
    private static func body(_ members: [(name: String, text: String)]) -> String {
        "{" + members.map { "\"\($0.name)\":\($0.text)" }.joined(separator: ",") + "}"
    }

    @Test("Every mask that a library drew from a state is drawn from that state")
    func masks() throws {
        var counts: [String: Int] = [:]
        for mask in LibraryStates.masks {
            let state = try #require(LibraryStates.states[mask.state])
            let question = Self.body(mask.members + [("state", state), ("tensor_format", "\"flat\"")])
            let reply = ask("/mask", question)
            let drawn = (reply.member("mask", "data") as? [Int])?.map(String.init).joined()
            #expect(drawn == mask.bits, "\(mask.form): \(mask.members) \(reply.text.prefix(200))")
            #expect(reply.object["seed"] == nil)
            counts[mask.generator + " " + mask.form, default: 0] += 1
            // The echo draws the same mask, and is echoed as it is.
            let echo = reply.members.filter { ["state", "skip", "draw_dtype", "call"].contains($0.name) }
            let again = ask(
                "/mask", Self.body(mask.members.filter { !["skip", "draw_dtype", "call"].contains($0.name) } + echo))
            #expect(again.object["fingerprint"] as? String == reply.object["fingerprint"] as? String)
            #expect(try again.json("state") == reply.json("state"))
        }
        #expect(counts.values.reduce(0, +) > 550)
        for form in [
            "numpy-legacy rand", "numpy-pcg64 float32", "numpy-pcg64 float32 has_uint32", "torch-cpu F.dropout",
            "mlx nn.Dropout",
        ] {
            #expect(counts[form] ?? 0 >= 40, "\(form)")
        }
    }

    @Test("A seed's own state draws what the seed draws, however far into the stream")
    func seeds() throws {
        // torch.manual_seed(5) and np.random.seed(5): the words of init_genrand, no word drawn.
        var words: [UInt32] = [5]
        for index in 1..<624 {
            let last = words[index - 1]
            words.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index))
        }
        let tuple = "[\"MT19937\",\(words),624]"
        var bytes: [UInt8] = [5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
        for word in words { bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } + [0, 0, 0, 0] }
        bytes += [UInt8](repeating: 0, count: 40)
        let encoded = "\"\(Data(bytes).base64EncodedString())\""
        for (generators, state) in [
            (["numpy-legacy", "numpy-legacy-binomial", "onnx-reference"], tuple),
            (["torch-cpu", "torch-cpu-mkl", "torch-compile", "torch-rand"], encoded),
            (["torch-cpu", "torch-cpu-mkl", "torch-compile", "torch-rand"], "\(bytes)"),
        ] {
            for generator in generators {
                for skip in ["0", "1", "623", "624", "1000003", "9007199254740993"] {
                    let rest = #""shape":[50],"rate":0.3,"generator":"\#(generator)","skip":"\#(skip)""#
                    let one = ask("/mask", "{\(rest),\"state\":\(state)}")
                    let other = ask("/mask", "{\(rest),\"seed\":5}")
                    #expect(one.status == 200, "\(one.text.prefix(300))")
                    #expect(one.object["fingerprint"] as? String == other.object["fingerprint"] as? String)
                }
            }
        }
    }

    @Test("In float32 the words of a state lose no bit", arguments: ["/forward", "/train-step"])
    func precision(_ path: String) throws {
        let state = try #require(LibraryStates.states["numpy4"])
        let rest =
            path == "/forward"
            ? #""input":[[1,2,3,4]],"rate":0.5,"include":["mask","echo"]"#
            : #""layers":[{"weights":[[1],[2]],"rate":0.5}],"input":[[1,2]],"target":[[0,0],[0,0]],"loss":"mse","learning_rate":0,"include":["masks","echo"]"#
        let (one, other) = (
            ask(path, #"{"dtype":"float32",\#(rest),"generator":"numpy-legacy","state":\#(state)}"#),
            ask(path, #"{\#(rest),"generator":"numpy-legacy","state":\#(state)}"#)
        )
        #expect(one.status == 200, "\(one.text.prefix(300))")
        #expect(try one.json("state") == other.json("state"))
        let name = path == "/forward" ? "mask" : "masks"
        #expect(try one.json(name) == other.json(name))
    }

    @Test("/verify finds the mask of a state, and that of the state's other generators")
    func verification() throws {
        let state = try #require(LibraryStates.states["torch3"])
        let ones = "[\([String](repeating: "1", count: 60).joined(separator: ","))]"
        let drawn = ask(
            "/forward", #"{"input":\#(ones),"rate":0.5,"generator":"torch-rand","state":\#(state),"skip":9}"#)
        for (generator, found) in [("torch-rand", nil), ("torch-cpu", "torch-rand")] as [(String, String?)] {
            let question =
                #"{"input":\#(ones),"output":\#(try drawn.json("output")),"rate":0.5,"generator":"\#(generator)","state":\#(state)"#
            let reply = ask("/verify", question + (found == nil ? #","skip":9}"# : "}"))
            #expect(reply.status == 200, "\(reply.text.prefix(300))")
            #expect(reply.member("generator", "matches") as? Bool == (found == nil))
        }
        let first = ask("/forward", #"{"input":\#(ones),"rate":0.5,"generator":"torch-rand","state":\#(state)}"#)
        let other = ask(
            "/verify",
            #"{"input":\#(ones),"output":\#(try first.json("output")),"rate":0.5,"generator":"torch-cpu","state":\#(state)}"#
        )
        #expect(other.member("generator", "found", "generator") as? String == "torch-rand", "\(other.text.prefix(300))")
        #expect(other.member("generator", "found", "state") as? String == state.filter { $0 != "\"" })
    }

    // MARK: Refusals

    /// A state that is no state of its generator's library.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let generator: String
        let state: String
        /// Where it is wrong.
        let pointer: String

        init(_ generator: String, _ state: String, _ pointer: String) {
            (self.generator, self.state, self.pointer) = (generator, state, pointer)
        }

        var testDescription: String { "\(generator) \(state.prefix(50))…\(state.suffix(50)) \(pointer)" }
    }

    /// `WORDS` stands for 624 words, `SHORT` for 623, and `WORDS<w>` for 624 words of which word 1 is w.
    private static let wrongLegacy: [[String]] = [
        [#""MT19937""#, "/state"], ["7", "/state"], ["true", "/state"], ["[]", "/state"], ["{}", "/state"],
        ["[1,2,3]", "/state"], ["WORDS", "/state"], [#"["MT19937"]"#, "/state"],
        [#"["MT19937",WORDS]"#, "/state"], [#"["MT19937",WORDS,1,0]"#, "/state"],
        [#"["MT19937",WORDS,1,0,0.5,3]"#, "/state"], [#"["PCG64",WORDS,1]"#, "/state/0"],
        [#"[7,WORDS,1]"#, "/state/0"], [#"["MT19937",SHORT,1]"#, "/state/1"],
        [#"["MT19937",[],1]"#, "/state/1"], [#"["MT19937",7,1]"#, "/state/1"],
        [#"["MT19937",[[7]],1]"#, "/state/1"], [#"["MT19937","words",1]"#, "/state/1"],
        [#"["MT19937",WORDS<4294967296>,1]"#, "/state/1/1"], [#"["MT19937",WORDS<-1>,1]"#, "/state/1/1"],
        [#"["MT19937",WORDS<1.5>,1]"#, "/state/1/1"], [#"["MT19937",WORDS<1e400>,1]"#, "/state/1/1"],
        [#"["MT19937",WORDS<"NaN">,1]"#, "/state/1/1"], [#"["MT19937",WORDS<null>,1]"#, "/state/1/1"],
        [#"["MT19937",WORDS<true>,1]"#, "/state/1/1"], [#"["MT19937",WORDS<"7">,1]"#, "/state/1/1"],
        [#"["MT19937",WORDS<[7]>,1]"#, "/state/1/1"],
        [#"["MT19937",WORDS,625]"#, "/state/2"], [#"["MT19937",WORDS,-1]"#, "/state/2"],
        [#"["MT19937",WORDS,"1"]"#, "/state/2"], [#"["MT19937",WORDS,null]"#, "/state"],
        [#"["MT19937",WORDS,1,2,0]"#, "/state/3"], [#"["MT19937",WORDS,1,0,1e999]"#, "/state/4"],
        [#"{"bit_generator":"PCG64","state":{"key":WORDS,"pos":1}}"#, "/state/bit_generator"],
        [#"{"state":{"key":WORDS,"pos":1}}"#, "/state"],
        [#"{"bit_generator":"MT19937","state":7}"#, "/state/state"],
        [#"{"bit_generator":"MT19937"}"#, "/state"],
        [#"{"bit_generator":"MT19937","state":{"key":SHORT,"pos":1}}"#, "/state/state/key"],
        [#"{"bit_generator":"MT19937","state":{"pos":1}}"#, "/state/state"],
        [#"{"bit_generator":"MT19937","state":{"key":WORDS,"pos":625}}"#, "/state/state/pos"],
        [#"{"bit_generator":"MT19937","state":{"key":WORDS,"pos":1,"po":2}}"#, "/state/state/po"],
        [#"{"bit_generator":"MT19937","state":{"key":WORDS,"pos":1},"gaus":2}"#, "/state/gaus"],
        [#"{"bit_generator":"MT19937","state":{"key":WORDS,"pos":1},"has_gauss":1}"#, "/state"],
    ]

    private static let wrongPCG64: [[String]] = [
        [#"{"bit_generator":"PCG64","state":{"state":1,"inc":4},"has_uint32":1,"uinteger":7}"#, "/state/state/inc"],
        [
            #"{"bit_generator":"PCG64DXSM","state":{"state":1,"inc":3},"has_uint32":1,"uinteger":7}"#,
            "/state/bit_generator",
        ],
        [#"{"bit_generator":7,"state":{"state":1,"inc":3},"has_uint32":1,"uinteger":7}"#, "/state/bit_generator"],
        [#"{"bit_generator":"PCG64","state":{"state":-1,"inc":3},"has_uint32":1,"uinteger":7}"#, "/state/state/state"],
        [
            #"{"bit_generator":"PCG64","state":{"state":340282366920938463463374607431768211456,"inc":3},"has_uint32":1,"uinteger":7}"#,
            "/state/state/state",
        ],
        [
            #"{"bit_generator":"PCG64","state":{"state":1.5,"inc":3},"has_uint32":1,"uinteger":7}"#,
            "/state/state/state",
        ],
        [#"{"bit_generator":"PCG64","state":{"state":1},"has_uint32":1,"uinteger":7}"#, "/state/state"],
        [#"{"bit_generator":"PCG64","state":{"state":1,"inc":3},"has_uint32":1}"#, "/state"],
        [#"{"bit_generator":"PCG64","state":{"state":1,"inc":3},"has_uint32":2,"uinteger":0}"#, "/state/has_uint32"],
        [
            #"{"bit_generator":"PCG64","state":{"state":1,"inc":3},"has_uint32":1,"uinteger":4294967296}"#,
            "/state/uinteger",
        ],
        [#"{"bit_generator":"PCG64","state":[1,3],"has_uint32":1,"uinteger":7}"#, "/state/state"], ["5", "/state"],
    ]

    /// `WORDS` stands for a counter and a key, `REST` for what follows them.
    private static let wrongPhilox: [[String]] = [
        [#"{"bit_generator":"PCG64",WORDS,REST}"#, "/state/bit_generator"],
        [#"{"bit_generator":"Philox","state":{"counter":[1,2,3],"key":[5,6]},REST}"#, "/state/state/counter"],
        [#"{"bit_generator":"Philox","state":{"counter":[1,2,3,4],"key":[5]},REST}"#, "/state/state/key"],
        [
            #"{"bit_generator":"Philox","state":{"counter":[1,2,3,18446744073709551616],"key":[5,6]},REST}"#,
            "/state/state/counter/3",
        ],
        [
            #"{"bit_generator":"Philox","state":{"counter":[1,2,3,-4],"key":[5,6]},REST}"#,
            "/state/state/counter/3",
        ],
        [
            #"{"bit_generator":"Philox",WORDS,"buffer":[1,2,3,4],"buffer_pos":5,"has_uint32":0,"uinteger":0}"#,
            "/state/buffer_pos",
        ],
        [
            #"{"bit_generator":"Philox",WORDS,"buffer":[1,2,3],"buffer_pos":2,"has_uint32":0,"uinteger":0}"#,
            "/state/buffer",
        ],
    ]

    /// The changes of bytes in a state of `torch-cpu`, and where it is wrong.
    private static let wrongBytes: [([Int: Int], String)] = [
        ([100: 256], "/state/100"),
        ([100: -1], "/state/100"),
        ([12: 0], "/state/12"),
        ([8: 0], "/state/8"),
        ([11: 128], "/state/8"),
        ([8: 113, 9: 2], "/state/8"),
        ([16: 113, 17: 2], "/state/16"),
        ([23: 1], "/state/16"),
        ([8: 5], "/state/16"),
        ([24 + 8 * 623 + 4: 1], "/state/5012"),
    ]

    private static let wrongTexts: [Wrong] = [
        Wrong("torch-cpu", #""""#, "/state"), Wrong("torch-cpu", #""AAAA""#, "/state"),
        Wrong("torch-cpu", "\"\(String(repeating: "A", count: 6744))\"", "/state"),
        Wrong("torch-cpu", "\"\(String(repeating: "!", count: 6743))=\"", "/state"),
        Wrong("torch-cpu", "[1,2]", "/state"), Wrong("torch-cpu", "{}", "/state"), Wrong("mlx", "[1]", "/state"),
        Wrong("mlx", "[1,2,3]", "/state"), Wrong("mlx", "[1,4294967296]", "/state/1"),
        Wrong("mlx", #""AAAA""#, "/state"), Wrong("philox", "[1,2]", "/state"), Wrong("jax", "[1,2]", "/state"),
        Wrong("keras-torch", "[1,2]", "/state"), Wrong("torch-cuda", #""AAAA""#, "/state"),
        Wrong("tinygrad", "[1,2]", "/state"),
    ]

    static let wrong: [Wrong] = {
        func sevens(_ count: Int) -> String { [String](repeating: "7", count: count).joined(separator: ",") }
        var all = wrongTexts
        for row in wrongLegacy {
            var state = row[0].replacing("SHORT", with: "[\(sevens(623))]")
            if let start = state.range(of: "WORDS<"), let end = state.range(of: ">") {
                let word = state[start.upperBound..<end.lowerBound]
                state.replaceSubrange(start.lowerBound..<end.upperBound, with: "[7,\(word),\(sevens(622))]")
            }
            all.append(Wrong("numpy-legacy", state.replacing("WORDS", with: "[\(sevens(624))]"), row[1]))
        }
        all += wrongPCG64.map { Wrong("numpy-pcg64", $0[0], $0[1]) }
        let words = #""state":{"counter":[1,2,3,4],"key":[5,6]}"#
        let rest = #""buffer":[1,2,3,4],"buffer_pos":2,"has_uint32":0,"uinteger":0"#
        all += wrongPhilox.map {
            Wrong("numpy-philox", $0[0].replacing("WORDS", with: words).replacing("REST", with: rest), $0[1])
        }
        for (changes, pointer) in wrongBytes {
            var bytes = [Int](repeating: 0, count: 5056)
            (bytes[8], bytes[12]) = (1, 1)
            for (place, byte) in changes { bytes[place] = byte }
            all.append(Wrong("torch-cpu", "\(bytes)", pointer))
        }
        return all
    }()

    @Test("What is no state of the library is refused at its place", arguments: wrong)
    func refusals(_ wrong: Wrong) {
        let (generator, state, pointer) = (wrong.generator, wrong.state, wrong.pointer)
        let fields = #""generator":"\#(generator)","state":\#(state)"#
        for (path, question, prefix) in [
            ("/mask", #"{"shape":[3],"rate":0.5,\#(fields)}"#, ""),
            ("/forward", #"{"input":[1,2],"rate":0.5,"dtype":"float32",\#(fields)}"#, ""),
            ("/verify", #"{"input":[1,2],"output":[2,0],"rate":0.5,\#(fields)}"#, ""),
            (
                "/forward",
                #"{"input":[[1]],"generator":"\#(generator)","layers":[{"weights":[[1]],"rate":0.5,"state":\#(state)}]}"#,
                "/layers/0"
            ),
        ] {
            let reply = ask(path, question)
            #expect(reply.status == 422, "\(generator) \(state.prefix(60)) \(state.suffix(60))")
            #expect(reply.pointers == [prefix + pointer], "\(reply.text.prefix(400)) \(state.suffix(60))")
        }
    }

    @Test("A state and a seed exclude each other, and a query has no state")
    func exclusions() throws {
        let state = try #require(LibraryStates.states["mlx4"])
        let both = ask("/mask", #"{"shape":[3],"rate":0.5,"generator":"mlx","seed":1,"state":\#(state)}"#)
        #expect(both.pointers == ["/seed"])
        let query = ask("/mask?shape=3&rate=0.5&generator=mlx&state=1,2")
        #expect(query.status == 422)
        #expect(query.pointers == ["/state"])
        #expect(query.text.contains("POST"))
        #expect(ask("/mask", #"{"shape":[3],"rate":0.5,"generator":"mlx","state":null,"seed":1}"#).status == 200)
    }

    @Test(
        "A state is echoed in the form in which it came", arguments: ["numpy4", "numpy3", "torch2", "torch3", "mlx7"])
    func forms(_ name: String) throws {
        let state = try #require(LibraryStates.states[name])
        let generator = name.hasPrefix("numpy") ? "numpy-legacy" : name.hasPrefix("torch") ? "torch-cpu" : "mlx"
        let reply = ask("/mask", #"{"shape":[3],"rate":0.5,"generator":"\#(generator)","state":\#(state)}"#)
        let (one, other) = (
            try JSONDecoder().decode(JSONNode.self, from: Data(try reply.json("state").utf8)),
            try JSONDecoder().decode(JSONNode.self, from: Data(state.utf8))
        )
        #expect(one == other)
    }

    @Test("Every generator says which states it takes")
    func listed() throws {
        let listed = try #require(ask("/generators").object["generators"] as? [[String: Any]])
        for generator in listed {
            let name = try #require(generator["name"] as? String)
            #expect((generator["state"] is NSNull) == LibraryStates.pair(name).isEmpty, "\(name)")
        }
    }
}
