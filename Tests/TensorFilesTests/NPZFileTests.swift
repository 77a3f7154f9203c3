import TensorFiles
import Testing

@Suite("NumPy's archives of arrays")
struct NPZFileTests {
    struct Written: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let file: String
        /// The `.npy` file of each member.
        let members: [String: String]
        var testDescription: String { name }
    }

    private static let maximumBytes = 1 << 20

    /// The members of an archive with their bytes.
    private static func read(_ file: [UInt8], maximumBytes: Int = maximumBytes) throws -> [String: [UInt8]] {
        try file.withUnsafeBytes { bytes in
            let archive = try NPZFile(bytes, maximumBytes: maximumBytes)
            return Dictionary(
                uniqueKeysWithValues: try archive.members.map { ($0.name, try archive.bytes(of: $0, in: bytes)) })
        }
    }

    private static func written(_ name: String) throws -> [UInt8] {
        let all = try VectorFile.decoded("npz", as: [Written].self)
        return try VectorFile.bytes(try #require(all.first { $0.name == name }).file)
    }

    @Test(
        "An archive that NumPy or Python's zipfile wrote has its arrays, byte for byte",
        arguments: try VectorFile.decoded("npz", as: [Written].self))
    func arrays(_ written: Written) throws {
        #expect(
            try Self.read(try VectorFile.bytes(written.file)) == written.members.mapValues { try VectorFile.bytes($0) })
    }

    @Test(
        "Every beginning of an archive is refused, and so is every end",
        arguments: ["numpy.savez", "numpy.savez_compressed"])
    func parts(_ name: String) throws {
        let whole = try Self.written(name)
        for count in 0..<whole.count {
            #expect(throws: TensorFileError.self) { try Self.read(Array(whole[..<count])) }
            #expect(throws: TensorFileError.self) { try Self.read(Array(whole[(whole.count - count)...])) }
        }
    }

    @Test(
        "Whatever byte is changed, an archive is refused or has the same bytes in its arrays",
        arguments: ["numpy.savez_compressed", "zipfile with an end record of zip64", "zipfile to a pipe, deflated"])
    func changedBytes(_ name: String) throws {
        let whole = try Self.written(name)
        let arrays = Set(try Self.read(whole).values)
        for place in whole.indices {
            for change in [1, 0x80, 0xFF] as [UInt8] {
                var file = whole
                file[place] ^= change
                guard let read = try? Self.read(file) else { continue }
                #expect(Set(read.values) == arrays, "byte \(place)")
            }
        }
    }

    @Test("More bytes than are allowed are refused before anything is inflated")
    func tooLarge() throws {
        let file = try Self.written("numpy.savez_compressed of zeros and of numbers")
        let total = try Self.read(file).values.map(\.count).reduce(0, +)
        #expect(try Self.read(file, maximumBytes: total).count == 4)
        #expect(throws: TensorFileError.header("the members have more than \(total - 1) bytes together")) {
            try Self.read(file, maximumBytes: total - 1)
        }
    }

    /// A zip archive of stored or of any other members, record by record.
    private struct Builder {
        struct Member {
            var name = "x.npy"
            var content: [UInt8] = [1]
            var method = 0
            var flags = 0
            /// CRC-32 of the byte 1.
            var checksum = 0xA505_DF1B
            var inflated: Int?
            var offset: Int?
            var extra: [UInt8] = []
        }
        var members: [Member] = [Member()]
        var before: [UInt8] = []
        var comment: [UInt8] = []
        var afterList: [UInt8] = []
        var count: Int?

        private static func bytes(_ numbers: (Int, Int)...) -> [UInt8] {
            numbers.flatMap { number, count in (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        }

        var file: [UInt8] {
            var (body, list) = (before, [UInt8]())
            for member in members {
                let (name, stored) = (Array(member.name.utf8), member.content.count)
                let facts = Self.bytes(
                    (member.flags, 2), (member.method, 2), (0, 4), (member.checksum, 4), (stored, 4),
                    (member.inflated ?? stored, 4), (name.count, 2))
                list += Self.bytes((0x0201_4B50, 4), (20, 2), (20, 2)) + facts
                list += Self.bytes(
                    (member.extra.count, 2), (0, 2), (0, 2), (0, 2), (0, 4), (member.offset ?? body.count, 4))
                list += name + member.extra
                body += Self.bytes((0x0403_4B50, 4), (20, 2)) + facts + Self.bytes((0, 2)) + name + member.content
            }
            let number = count ?? members.count
            return body + list + afterList
                + Self.bytes(
                    (0x0605_4B50, 4), (0, 4), (number, 2), (number, 2), (list.count, 4), (body.count, 4),
                    (comment.count, 2)) + comment
        }
    }

    @Test("An archive that a test has built is read")
    func built() throws { #expect(try Self.read(Builder().file) == ["x": [1]]) }

    @Test("An archive that lies is refused with a sentence about it")
    func lies() throws {
        func refusal(_ words: String, _ change: (inout Builder) -> Void) {
            var builder = Builder()
            change(&builder)
            let error = #expect(throws: TensorFileError.self) { try Self.read(builder.file) }
            #expect(error?.explanation.contains(words) == true, "\(words): \(error?.explanation ?? "")")
        }
        refusal("not a .npz file") { $0.before = [0] }
        refusal("x.npy leaves a hole before it") { $0.before = Array("PK".utf8) }
        refusal("no end record") { $0.comment = [0x20] }
        refusal("does not end where its end record begins") { $0.afterList = [0] }
        refusal("of the list is cut") { $0.count = 2 }
        refusal("bytes after its last member") {
            $0.members.append(.init(name: "y.npy")); $0.count = 1
        }
        refusal("at most 1024 are read") { $0.count = 1025 }
        refusal("two members of one name") { $0.members.append(.init()) }
        // The second member is inside of the first.
        let second = Builder.Member(name: "y.npy", offset: 35)
        refusal("y.npy overlaps the member before it") {
            $0.members[0].content = Array(Builder(members: [second]).file.prefix(36))
            $0.members.append(second)
        }
        refusal("x.txt is not a .npy file") { $0.members[0].name = "x.txt" }
        refusal("no readable name") { $0.members[0].name = "\u{1B}[31m.npy" }
        refusal("no readable name") { $0.members[0].name = "größe.npy" }
        refusal("encrypted") { $0.members[0].flags = 1 }
        refusal("method 12") { $0.members[0].method = 12 }
        refusal("cannot have 2 bytes, packed in 1") { $0.members[0].inflated = 2 }
        refusal("cannot have 1033 bytes, packed in 1") {
            $0.members[0].method = 8; $0.members[0].inflated = 1033
        }
        refusal("not one whole stream of 1 bytes") { $0.members[0].method = 8 }
        refusal("checksum") { $0.members[0].content = [2] }
        refusal("differ from the list") { $0.members[0].flags = 8 }
        refusal("x.npy is not before the list") { $0.members[0].offset = 0xFFFF_FFFE }
        refusal("place of x.npy is missing") { $0.members[0].offset = 0xFFFF_FFFF }
        let huge: [UInt8] = [1, 0, 8, 0] + [UInt8](repeating: 0xFF, count: 8)
        refusal("place of x.npy is missing") {
            $0.members[0].offset = 0xFFFF_FFFF; $0.members[0].extra = huge
        }
        refusal("extra field of x.npy is cut") { $0.members[0].extra = [1, 0, 9, 0] }
        refusal("sizes twice") { $0.members[0].extra = [1, 0, 0, 0, 1, 0, 0, 0] }
    }

    @Test("A stream that is longer or shorter than its member is refused")
    func wrongStreams() throws {
        // Raw deflate of one byte 1, of two and of none, by Python's zlib.
        let streams: [([UInt8], Bool)] = [
            ([0x63, 0x04, 0x00], true), ([0x63, 0x64, 0x04, 0x00], false), ([0x03, 0x00], false),
            ([0x63, 0x04, 0x00, 0x00], false), ([0x63, 0x04], false),
        ]
        for (stream, isRight) in streams {
            var builder = Builder()
            builder.members[0].content = stream
            builder.members[0].method = 8
            builder.members[0].inflated = 1
            #expect(((try? Self.read(builder.file)) == ["x": [1]]) == isRight)
        }
    }
}
