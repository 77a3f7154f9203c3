import Foundation
import TensorJSON
import Testing

/// Arrays are printed when their turn comes, in chunks that join to the whole text.
@Suite struct ChunkTests {
    /// Nested arrays as a recursion writes them, whose elements are `texts` in turn.
    private func nested(_ shape: [Int], _ texts: [String]) -> [UInt8] {
        var text: [UInt8] = []
        var next = 0
        append(shape[...], texts.map { Array($0.utf8) }, &next, to: &text)
        return text
    }

    private func append(_ shape: ArraySlice<Int>, _ texts: [[UInt8]], _ next: inout Int, to text: inout [UInt8]) {
        guard let extent = shape.first else {
            text += texts[next % texts.count]
            next += 1
            return
        }
        text.append(UInt8(ascii: "["))
        for row in 0..<extent {
            if row > 0 { text.append(UInt8(ascii: ",")) }
            append(shape.dropFirst(), texts, &next, to: &text)
        }
        text.append(UInt8(ascii: "]"))
    }

    private func chunks(_ text: JSONText) -> [[UInt8]] {
        var text = text
        var chunks: [[UInt8]] = []
        while let chunk = text.nextPart()?.bytes() { chunks.append(chunk) }
        #expect(text.nextPart()?.bytes() == nil)
        return chunks
    }

    private func written(_ write: (inout JSONWriter) -> Void) -> JSONText {
        var writer = JSONWriter()
        write(&writer)
        return writer.finish()
    }

    /// Sizes around the 4096 elements that are printed at once and the 16,384 of a chunk, with rows that end before, at
    /// and behind the chunks' ends.
    static let shapes: [[Int]] = [
        [], [1], [1, 1, 1], [2], [7], [2, 3], [3, 1, 2], [2, 2, 2, 2], [4095], [4096], [4097], [64, 64], [64, 65],
        [4097, 1], [1, 4097], [1, 1, 1, 4097], [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], [1, 5, 1, 1000, 1], [16_383],
        [16_384], [16_385], [128, 128], [129, 128], [8193, 2], [3277, 5], [17, 31, 33], [3, 100, 111], [2, 16_384],
    ]

    @Test("The chunks of an array of any shape join to its text", arguments: shapes)
    func anyShape(shape: [Int]) {
        let count = shape.reduce(1, *)
        // Seven in turn, so that no row begins like the one before it.
        let seven: [Double] = [0, 1, -2.5, 0.125, 1e21, 12, 7]
        let sevenBits: [UInt8] = [0, 1, 1, 0, 1, 0, 0]
        let values = (0..<count).map { seven[$0 % 7] }
        let bits = (0..<count).map { sevenBits[$0 % 7] }
        let numbers = nested(shape, ["0", "1", "-2.5", "0.125", "1e21", "12", "7"])
        let outcomes = [
            (written { $0.nested(values, shape: shape) }, numbers, 8192),
            (written { $0.nested(values.map { Float($0) }, shape: shape) }, numbers, 16_384),
            (
                written { $0.nestedBits(bits, shape: shape, asBooleans: false) },
                nested(shape, ["0", "1", "1", "0", "1", "0", "0"]), 131_072
            ),
            (
                written { $0.nestedBits(bits, shape: shape, asBooleans: true) },
                nested(shape, ["false", "true", "true", "false", "true", "false", "false"]), 131_072
            ),
        ]
        for (text, expected, perPart) in outcomes {
            let chunks = chunks(text)
            let joined = chunks.reduce(into: []) { $0 += $1 }
            #expect(joined == expected)
            #expect(chunks.allSatisfy { !$0.isEmpty })
            // A short array is printed at once. A long one is held until its turn comes.
            #expect((text.heldBytes == joined.count) == (count <= 4096))
            let fewest = count <= 4096 ? 1 : (count + perPart - 1) / perPart
            #expect(chunks.count >= fewest)
            // More only if there are about as many brackets as elements.
            #expect(chunks.count == fewest || (shape.last ?? 1) < 8 * shape.count)
        }
    }

    @Test(
        "The parts of a base64 string join to the text that Foundation has for the bytes",
        arguments: [0, 1, 8191, 8192, 8193, 24_576, 49_152, 49_153, 49_154, 100_003])
    func base64(count: Int) {
        let floats = (0..<count).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0 &* 2_654_435_761)) }
        let doubles = (0..<count).map { Double(bitPattern: UInt64($0) &* 0x9E37_79B9_7F4A_7C15) }
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151) }
        let texts = [
            (written { $0.base64(littleEndian: floats) }, floats.withUnsafeBytes { Data($0) }),
            (written { $0.base64(littleEndian: doubles) }, doubles.withUnsafeBytes { Data($0) }),
            (written { $0.base64(bytes) }, Data(bytes)),
        ]
        for (text, data) in texts {
            let chunks = chunks(text)
            #expect(String(decoding: chunks.joined(), as: UTF8.self) == "\"\(data.base64EncodedString())\"")
            #expect(chunks.allSatisfy { !$0.isEmpty && $0.count <= 262_144 })
            #expect((text.heldBytes == chunks.joined().count) == (data.count <= 32_768))
            #expect(text.printedBytesEstimate >= chunks.reduce(0) { $0 + $1.count })
        }
    }

    @Test(
        "An array without elements keeps its levels",
        arguments: [
            ([0], "[]"), ([0, 3], "[]"), ([3, 0], "[[],[],[]]"), ([2, 0, 5], "[[],[]]"),
            ([2, 2, 0], "[[[],[]],[[],[]]]"), ([1, 1, 0], "[[[]]]"),
            ([0, 1 << 40], "[]"), ([2, 0, 1 << 40], "[[],[]]"), ([.max, .max, 0], "[]"),
        ] as [([Int], String)])
    func empty(shape: [Int], expected: String) {
        #expect(chunks(written { $0.nested([Double](), shape: shape) }) == [Array(expected.utf8)])
        #expect(chunks(written { $0.nested([Float](), shape: shape) }) == [Array(expected.utf8)])
        #expect(chunks(written { $0.nestedBits([], shape: shape, asBooleans: true) }) == [Array(expected.utf8)])
    }

    @Test("An array of many rows without elements is printed in parts", arguments: [[600_000, 0], [300, 2000, 0]])
    func manyEmptyRows(shape: [Int]) throws {
        let parts = chunks(written { $0.nested([Double](), shape: shape) })
        let text = parts.joined()
        #expect(parts.allSatisfy { $0.count <= 1 << 20 })
        #expect(text.count { $0 == UInt8(ascii: "[") } == 1 + (shape.count == 3 ? 300 : 0) + 600_000)
        let value = try JSONSerialization.jsonObject(with: Data(text)) as? [Any]
        #expect(value?.count == shape[0])
    }

    @Test(
        "A shape that does not hold the elements gives a flat list",
        arguments: [[2, 2], [], [4], [0], [2, 0], [1 << 62, 4], [.max, .max]] as [[Int]])
    func misfit(shape: [Int]) {
        #expect(chunks(written { $0.nested([1.0, 2, 3], shape: shape) }) == [Array("[1,2,3]".utf8)])
    }

    @Test("A shape whose product overflows to the right number gives a flat list")
    func overflow() {
        #expect(chunks(written { $0.nested([7.0], shape: [.max, .max]) }) == [Array("[7]".utf8)])
        #expect(chunks(written { $0.nested([Double](), shape: [1 << 32, 1 << 32]) }) == [Array("[]".utf8)])
    }

    @Test("The widest numbers fit the room that is made for them", arguments: [1, 2, 4096, 5000])
    func widest(count: Int) {
        let doubles = [Double](repeating: -.leastNormalMagnitude, count: count)
        let floats = [Float](repeating: -.leastNormalMagnitude, count: count)
        for shape in [[count], [count, 1, 1, 1, 1, 1, 1]] {
            let long = nested(shape, ["-2.2250738585072014e-308"])
            var text = written { $0.nested(doubles, shape: shape) }
            #expect(text.allBytes() == long)
            let short = nested(shape, ["-1.1754944e-38"])
            text = written { $0.nested(floats, shape: shape) }
            #expect(text.allBytes() == short)
        }
    }

    private func answer() -> JSONText {
        written {
            $0.beginObject()
            $0.key("first")
            $0.flatArray([Double](repeating: 0.5, count: 17_000))
            $0.key("second")
            $0.beginArray()
            $0.nested([Float](repeating: 1, count: 6000), shape: [3, 2000])
            $0.nestedBits([UInt8](repeating: 1, count: 5000), shape: [5000], asBooleans: true)
            $0.number(2.0)
            $0.endArray()
            $0.key("last")
            $0.nested([1.0, 2.0], shape: [2, 1])
            $0.endObject()
        }
    }

    @Test("Large arrays stand among the other members in their places")
    func members() throws {
        var text = answer()
        #expect(text.heldBytes > 17_000 * 8 + 5000)
        let halves = [String](repeating: "0.5", count: 17_000).joined(separator: ",")
        let row = "[" + [String](repeating: "1", count: 2000).joined(separator: ",") + "]"
        let trues = [String](repeating: "true", count: 5000).joined(separator: ",")
        let expected = """
            {"first":[\(halves)],"second":[[\(row),\(row),\(row)],[\(trues)],2],"last":[[1],[2]]}
            """
        #expect(text.allBytes() == Array(expected.utf8))
        #expect(text.allBytes().isEmpty)
        #expect(text.nextPart()?.bytes() == nil)
    }

    @Test("What is left after some chunks is the rest, and a copy goes its own way")
    func rest() {
        var whole = answer()
        let all = whole.allBytes()
        for taken in [0, 1, 2, 4, 7] {
            var text = answer()
            var start: [UInt8] = []
            for _ in 0..<taken { start += text.nextPart()?.bytes() ?? [] }
            var copy = text
            #expect(start + text.allBytes() == all)
            #expect(start + copy.allBytes() == all)
        }
    }

    @Test("No chunk is longer than a mebibyte")
    func chunkSize() {
        let widest = [Double](repeating: -2.2250738585072014e-308, count: 33_000)
        for shape in [[33_000], [33_000, 1, 1]] {
            #expect(chunks(written { $0.nested(widest, shape: shape) }).allSatisfy { $0.count <= 1 << 20 })
        }
    }

    /// The parts of a text, none of them printed.
    private func parts(_ text: JSONText) -> [JSONPart] {
        var text = text
        var parts: [JSONPart] = []
        while let part = text.nextPart() { parts.append(part) }
        return parts
    }

    @Test("The parts can be printed in any order and more than once, and join to the text")
    func partsInAnyOrder() {
        var whole = answer()
        let all = whole.allBytes()
        let parts = parts(answer())
        var printed = [[UInt8]](repeating: [], count: parts.count)
        for index in parts.indices.reversed() + parts.indices.filter({ $0 % 2 == 1 }) {
            printed[index] = parts[index].bytes()
        }
        #expect(parts.count > 4)
        #expect(printed.flatMap { $0 } == all)
    }

    @Test("The parts can be printed by several tasks at once")
    func partsAtOnce() async {
        var whole = answer()
        let all = whole.allBytes()
        let parts = parts(answer())
        let printed = await withTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, part) in parts.enumerated() { group.addTask { (index, part.bytes()) } }
            return await group.reduce(into: [[UInt8]](repeating: [], count: parts.count)) { $0[$1.0] = $1.1 }
        }
        #expect(printed.flatMap { $0 } == all)
    }

    @Test("The size of a text is estimated near its bytes, also of what is left of it")
    func estimate() {
        var text = answer()
        var left = text
        let bytes = left.allBytes().count
        #expect((bytes...5 * bytes).contains(text.printedBytesEstimate))
        #expect(left.printedBytesEstimate == 0)
        var estimates: [Int] = []
        while text.nextPart() != nil { estimates.append(text.printedBytesEstimate) }
        #expect(estimates == estimates.sorted(by: >))
        let bits = [UInt8](repeating: 1, count: 90_000)
        let mask = written { $0.nestedBits(bits, shape: [300, 300], asBooleans: false) }
        var printed = mask
        let size = printed.allBytes().count
        #expect((size...size + 2000).contains(mask.printedBytesEstimate))
        let small = written { $0.string("abc") }
        #expect(small.printedBytesEstimate == 5)
    }
}
