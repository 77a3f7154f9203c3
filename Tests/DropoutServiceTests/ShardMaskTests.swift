import DropoutService
import Foundation
import Testing

/// A block of a larger tensor has the slice of the whole tensor's mask, for every generator.
@Suite struct ShardMaskTests {
    typealias Members = [String: Any]

    /// A block by its shape and its first indices, and the shape of the whole.
    struct Block: Sendable, CustomTestStringConvertible {
        let shape: [Int]
        let start: [Int]
        let full: [Int]

        var testDescription: String { "\(shape) at \(start) of \(full)" }

        /// The places of the block's elements in the whole, in row-major order.
        var places: [Int] {
            var places = [0]
            for axis in full.indices {
                places = places.flatMap { place in
                    (start[axis]..<start[axis] + shape[axis]).map { place * full[axis] + $0 }
                }
            }
            return places
        }
    }

    private static let blocks = [
        Block(shape: [40], start: [23], full: [97]), Block(shape: [97], start: [0], full: [97]),
        Block(shape: [3, 20], start: [2, 0], full: [7, 20]), Block(shape: [7, 5], start: [0, 13], full: [7, 20]),
        Block(shape: [2, 3, 4], start: [1, 0, 3], full: [4, 3, 9]),
        Block(shape: [4, 1, 9], start: [0, 2, 0], full: [4, 3, 9]),
        Block(shape: [1, 2, 3, 2], start: [1, 1, 0, 2], full: [2, 3, 4, 5]),
    ]

    private static func text(_ members: Members) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: members, options: .sortedKeys), as: UTF8.self)
    }

    private static func answer(_ path: String, _ members: Members) throws -> Members {
        let reply = ask(path, try text(members))
        try #require(reply.status == 200, "\(reply.text)")
        return reply.object
    }

    /// The numbers of a nested list.
    private static func flat(_ value: Any?) -> [Double] {
        if let list = value as? [Any] { return list.flatMap { flat($0) } }
        return (value as? Double).map { [$0] } ?? []
    }

    private static func slice(_ whole: Any?, _ block: Block) throws -> [Double] {
        let whole = flat(whole)
        try #require(whole.count == block.full.reduce(1, *))
        return block.places.map { whole[$0] }
    }

    private static func shard(_ block: Block, _ members: Members) -> Members {
        members.merging(["full_shape": block.full, "start": block.start]) { $1 }
    }

    // MARK: Masks

    @Test("The mask of a block is the slice of the whole mask", arguments: ContinuingTests.streams)
    func theMaskOfABlockIsTheSliceOfTheWholeMask(_ stream: ContinuingTests.Stream) throws {
        for block in Self.blocks {
            var members = ContinuingTests.top(stream).merging(["rate": 0.4, "include": ["mask", "next"]]) { $1 }
            members["shape"] = block.full
            let whole = try Self.answer("/mask", members)
            members["shape"] = block.shape
            let part = try Self.answer("/mask", Self.shard(block, members))
            #expect(try Self.flat(part["mask"]) == Self.slice(whole["mask"], block), "\(block.testDescription)")
            // What follows is what follows the whole.
            #expect(try Self.text(["next": part["next"] ?? ""]) == Self.text(["next": whole["next"] ?? ""]))
        }
    }

    @Test(
        "Units that are shared have the draw of the whole",
        arguments: [
            #"{"granularity":"unit"}"#, #"{"granularity":"sample"}"#, #"{"granularity":"channel"}"#,
            #"{"granularity":"batch"}"#, #"{"granularity":"unit","layout":"rows"}"#, #"{"noise_shape":[4,1,1]}"#,
            #"{"noise_shape":[3,9]}"#, #"{"noise_shape":[1,3,1]}"#,
        ])
    func unitsThatAreSharedHaveTheDrawOfTheWhole(_ fields: String) throws {
        let fields = try #require(try JSONSerialization.jsonObject(with: Data(fields.utf8)) as? Members)
        let block = Block(shape: [2, 2, 4], start: [1, 1, 3], full: [4, 3, 9])
        for generator in ["philox", "torch-cpu", "jax-original", "numpy-legacy-binomial"] {
            var members = fields.merging(["rate": 0.5, "seed": 11, "generator": generator]) { $1 }
            members["shape"] = block.full
            let whole = try Self.answer("/mask", members)
            members["shape"] = block.shape
            let part = try Self.answer("/mask", Self.shard(block, members))
            #expect(try Self.flat(part["mask"]) == Self.slice(whole["mask"], block), "\(generator)")
        }
    }

    /// The masks are those of docs/api.md.
    @Test("A block has the published bits")
    func aBlockHasThePublishedBits() throws {
        let matrix: Members = ["shape": [2, 1], "keep_prob": 0.8, "seed": 42, "full_shape": [4, 2]]
        let lower = try Self.answer("/mask", matrix.merging(["start": [2, 0]]) { $1 })
        #expect(lower["mask"] as? [[Int]] == [[0], [1]])
        let upper = try Self.answer("/mask", matrix)
        #expect(upper["mask"] as? [[Int]] == [[1], [1]])
        #expect(upper["start"] as? [Int] == [0, 0])
        let packed = ask(
            "/mask?shape=1,100&full_shape=20,100&start=10,0&rate=0.2&seed=42&mask_format=packed")
        #expect(packed.object["mask"] as? String == "/n///5zP/7f/X3bOsA==")
    }

    @Test("A block of a tensor that nobody could hold is drawn by itself")
    func aBlockOfATensorThatNobodyCouldHoldIsDrawnByItself() throws {
        let side = 1 << 30
        for generator in ["philox", "jax", "numpy-pcg64", "torch-cpu-mkl", "onnxruntime"] {
            let members: Members = ["rate": 0.5, "seed": 3, "generator": generator, "include": ["mask"]]
            let part = try Self.answer(
                "/mask",
                members.merging(["shape": [2, 60], "full_shape": [side, side], "start": [side - 2, 77]]) { $1 })
            let rows = try [side - 2, side - 1].flatMap { row in
                Self.flat(
                    try Self.answer("/mask", members.merging(["shape": [60], "offset": row * side + 77]) { $1 })["mask"]
                )
            }
            #expect(Self.flat(part["mask"]) == rows, "\(generator)")
        }
    }

    @Test("A generator that draws the whole tensor has the price of that")
    func aGeneratorThatDrawsTheWholeTensorHasThePriceOfThat() {
        for generator in ["mlx", "torch-cuda", "jax-original", "tinygrad"] {
            let reply = ask(
                "/mask", #"{"shape":[1],"full_shape":[30000000000],"rate":0.5,"seed":1,"generator":"\#(generator)"}"#)
            #expect(reply.status == 422)
            #expect((reply.object["type"] as? String)?.hasSuffix("too-expensive") == true, "\(reply.text)")
            #expect(reply.pointers == ["/full_shape"])
        }
    }

    // MARK: Forward passes

    @Test("The output and the passes of a block are slices of the whole ones", arguments: ContinuingTests.streams)
    func theOutputAndThePassesOfABlockAreSlices(_ stream: ContinuingTests.Stream) throws {
        let block = Block(shape: [2, 3, 4], start: [1, 0, 3], full: [4, 3, 9])
        var members = ContinuingTests.top(stream).merging([
            "rate": 0.3, "samples": 4, "include": ["output", "mask", "samples"],
        ]) { $1 }
        let input = (0..<108).map { Double($0) - 50 }
        members["input"] = ["shape": block.full, "data": input]
        let whole = try Self.answer("/forward", members)
        members["input"] = ["shape": block.shape, "data": block.places.map { input[$0] }]
        let part = try Self.answer("/forward", Self.shard(block, members))
        for name in ["output", "mask"] {
            let (one, other) = (part[name] as? Members, whole[name] as? Members)
            #expect(try Self.flat(one?["data"]) == Self.slice(other?["data"], block), "\(name)")
        }
        let mean = { (answer: Members) in ((answer["samples"] as? Members)?["mean"] as? Members)?["data"] }
        #expect(try Self.flat(mean(part)) == Self.slice(mean(whole), block))
    }

    @Test(
        "A field that ties a unit to the whole tensor does so in blocks",
        arguments: [
            #"{"generator":"tf-dropout","op_seed":3,"call":0}"#, #"{"generator":"tf-dropout","op_seed":3,"call":2}"#,
            #"{"generator":"flax-linen","partitionable":false}"#, #"{"generator":"flax-nnx","partitionable":false}"#,
            #"{"generator":"torch-cpu","order":[2,0,1]}"#, #"{"generator":"torch-cpu","order":"channels_last"}"#,
            #"{"generator":"numpy-pcg64","keep_when":"above","draw_dtype":"float32","skip":1}"#,
            #"{"generator":"jax","x64":true}"#,
        ])
    func aFieldThatTiesAUnitToTheWholeTensorDoesSoInBlocks(_ fields: String) throws {
        let fields = try #require(try JSONSerialization.jsonObject(with: Data(fields.utf8)) as? Members)
        for block in [
            Block(shape: [2, 3, 4], start: [1, 0, 3], full: [4, 3, 9]),
            Block(shape: [20, 3, 9], start: [11, 0, 0], full: [40, 3, 9]),
        ] {
            var members = fields.merging(["rate": 0.3, "seed": 7, "samples": 3, "include": ["mask", "samples"]]) { $1 }
            let ones = { (shape: [Int]) -> Members in
                ["shape": shape, "data": [Int](repeating: 1, count: shape.reduce(1, *))]
            }
            members["input"] = ones(block.full)
            let whole = try Self.answer("/forward", members)
            members["input"] = ones(block.shape)
            let part = try Self.answer("/forward", Self.shard(block, members))
            let (one, other) = (part["mask"] as? Members, whole["mask"] as? Members)
            #expect(try Self.flat(one?["data"]) == Self.slice(other?["data"], block))
            let mean = { (answer: Members) in ((answer["samples"] as? Members)?["mean"] as? Members)?["data"] }
            #expect(try Self.flat(mean(part)) == Self.slice(mean(whole), block))
        }
    }

    @Test(
        "A block of every variant is the slice",
        arguments: ["dropout", "alpha", "gaussian", "concrete", "spatial", "drop_path", "variational", "zoneout"])
    func aBlockOfEveryVariantIsTheSlice(_ variant: String) throws {
        let block = Block(shape: [2, 2, 4], start: [1, 1, 3], full: [4, 3, 9])
        var members: Members = ["variant": variant, "rate": 0.3, "seed": 5, "tensor_format": "nested"]
        let input = (0..<108).map { Double($0) - 50 }
        if variant == "zoneout" { members["previous"] = ["shape": block.full, "data": input.map { -3 * $0 }] }
        members["input"] = ["shape": block.full, "data": input]
        let whole = try Self.answer("/forward", members)
        members["input"] = ["shape": block.shape, "data": block.places.map { input[$0] }]
        if variant == "zoneout" {
            members["previous"] = ["shape": block.shape, "data": block.places.map { -3 * input[$0] }]
        }
        let part = try Self.answer("/forward", Self.shard(block, members))
        #expect(try Self.flat(part["output"]) == Self.slice(whole["output"], block))
        #expect(part["full_shape"] as? [Int] == block.full)
        #expect(part["start"] as? [Int] == block.start)
    }

    // MARK: Verification

    @Test("A block's output is recognised at its place, and not at another")
    func aBlocksOutputIsRecognisedAtItsPlace() throws {
        let block = Block(shape: [8, 10], start: [4, 10], full: [16, 30])
        for generator in ["philox", "torch-cpu", "jax-original"] {
            let members = Self.shard(
                block,
                [
                    "rate": 0.5, "seed": 5, "generator": generator,
                    "input": (0..<8).map { row in (0..<10).map { 1 + row * 10 + $0 } },
                ])
            var question = members
            question["output"] = try Self.answer("/forward", members)["output"]
            let right = try Self.answer("/verify", question)
            #expect(right["verdict"] as? String == "dropout", "\(generator)")
            #expect((right["generator"] as? Members)?["matches"] as? Bool == true, "\(generator)")
            question["start"] = [4, 11]
            #expect(try Self.answer("/verify", question)["verdict"] as? String == "other_mask", "\(generator)")
        }
    }

    // MARK: Refusals

    @Test(
        "A block that is not one is refused at its field",
        arguments: [
            (#""shape":[2],"start":[0]"#, ["/start"]), (#""shape":[2],"full_shape":[2,2]"#, ["/full_shape"]),
            (#""shape":[3],"full_shape":[2]"#, ["/full_shape"]),
            (#""shape":[2],"full_shape":[4],"start":[3]"#, ["/start"]),
            (#""shape":[2],"full_shape":[4],"start":[0,0]"#, ["/start"]),
            (#""shape":[2],"full_shape":[4],"start":[-1]"#, ["/start/0"]),
            (#""shape":[2],"full_shape":[4],"start":[9223372036854775807]"#, ["/start"]),
            (#""shape":[2],"full_shape":"4""#, ["/full_shape"]),
            (#""shape":[1,1],"full_shape":[4294967296,4294967296]"#, ["/full_shape"]),
            (#""shape":[2],"full_shape":[4],"offset":1"#, ["/full_shape"]),
            (#""shape":[2,1],"full_shape":[4,3],"noise_shape":[2,1]"#, ["/noise_shape"]),
        ])
    func aBlockThatIsNotOneIsRefusedAtItsField(_ fields: String, _ pointers: [String]) {
        let reply = ask("/mask", #"{"rate":0.5,"seed":1,\#(fields)}"#)
        #expect(reply.status == 422)
        #expect(reply.pointers == pointers, "\(reply.text)")
    }

    @Test(
        "What has no blocks is refused at full_shape",
        arguments: [
            #""input":[1],"mask":[1]"#, #""input":[1],"uniforms":[0.5]"#,
            #""input":[[[[1,1],[1,1]]]],"variant":"drop_block","block_size":1"#,
        ])
    func whatHasNoBlocksIsRefusedAtFullShape(_ fields: String) {
        let shape = fields.contains("drop_block") ? "[1,1,4,4]" : "[4]"
        let reply = ask("/forward", #"{"rate":0.1,"full_shape":\#(shape),\#(fields)}"#)
        #expect(reply.status == 422)
        #expect(reply.pointers == ["/full_shape"], "\(reply.text)")
    }

    @Test("A network and a training step have no blocks")
    func aNetworkAndATrainingStepHaveNoBlocks() {
        let layers = #""input":[[1]],"full_shape":[4,1],"start":[0,0],"layers":[{"weights":[[1]],"rate":0.5}]"#
        #expect(ask("/forward", "{\(layers)}").pointers == ["/full_shape", "/start"])
        #expect(ask("/train-step", #"{\#(layers),"target":[[1]],"loss":"mse"}"#).pointers.contains("/full_shape"))
    }

    @Test("A block's answer can be sent again")
    func aBlocksAnswerCanBeSentAgain() throws {
        let first = try Self.answer(
            "/mask", ["shape": [2, 2], "full_shape": [3, 4], "noise_shape": [3, 1], "rate": 0.5, "seed": 9])
        let echoed = [
            "shape", "full_shape", "start", "noise_shape", "rate", "keep_prob", "seed", "step", "stream", "offset",
            "generator",
        ]
        let again = try Self.answer("/mask", first.filter { echoed.contains($0.key) })
        #expect(try Self.text(again) == Self.text(first))
    }
}
