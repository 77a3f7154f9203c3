import TensorFiles
import Testing

@Suite("Safetensors files")
struct SafetensorsFileTests {
    struct Written: Decodable, Sendable, CustomTestStringConvertible {
        struct Tensor: Decodable, Sendable {
            let type: String
            let shape: [Int]
            let values: [String]
        }
        let name: String
        let file: String
        let metadata: [String: String]
        let tensors: [String: Tensor]
        var testDescription: String { name }
    }

    @Test(
        "A file that the reference implementation wrote has its tensors and texts",
        arguments: try VectorFile.decoded("safetensors", as: [Written].self))
    func reads(_ written: Written) throws {
        let bytes = try VectorFile.bytes(written.file)
        let file = try bytes.withUnsafeBytes { try SafetensorsFile($0) }
        #expect(Dictionary(uniqueKeysWithValues: file.metadata.map { ($0.name, $0.text) }) == written.metadata)
        #expect(Set(file.tensors.map(\.name)) == Set(written.tensors.keys))
        for (name, tensor) in file.tensors {
            let expected = try #require(written.tensors[name])
            let values = try expected.values.map(VectorFile.number)
            let numbers = try bytes.withUnsafeBytes { try tensor.doubles(in: $0) }
            #expect(tensor.type.rawValue == expected.type)
            #expect(tensor.shape == expected.shape)
            #expect(bits(numbers) == bits(values))
        }
    }

    @Test(
        "A file that is written again has the bytes of the reference implementation",
        arguments: try VectorFile.decoded("safetensors", as: [Written].self).filter { $0.metadata.count < 2 })
    func writes(_ written: Written) throws {
        let bytes = try VectorFile.bytes(written.file)
        let file = try bytes.withUnsafeBytes { try SafetensorsFile($0) }
        let preamble = SafetensorsFile.preamble(
            file.tensors.map { ($0.name, $0.tensor.type, $0.tensor.shape) }, metadata: file.metadata)
        let elements = try file.tensors.flatMap { entry in
            try bytes.withUnsafeBytes { ElementWriting.bytes(try entry.tensor.doubles(in: $0), as: entry.tensor.type) }
        }
        #expect(preamble + elements == bytes)
    }

    private static func file(_ header: String, elementBytes: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
            + [UInt8](repeating: 0, count: elementBytes)
    }

    @Test(
        "A header that lies or is broken is refused with a sentence about it",
        arguments: [
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
                8, "overlaps"
            ),
            (
                #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
                12, "leaves a hole"
            ),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "leaves a hole"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, "8 bytes; shape and type say 4"),
            (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "the elements of a are 4 bytes"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, 4, "ends at byte 8"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#, 8, "not a beginning and an end"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 8, "not a beginning and an end"),
            (
                #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
                "the shape of a is too large"
            ),
            (
                #"{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}"#, 0,
                "ends at byte"
            ),
            (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, 4, "the shape of a"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, "other members"),
            (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "data_offsets of a"),
            (
                #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
                4, "twice"
            ),
            (#"{"__metadata__":{"a":1}}"#, 0, "a in __metadata__ is not a text"),
            (#"{"a":"#, 0, "the header is not JSON"),
            ("[]", 0, "not a safetensors file"),
        ])
    func broken(_ header: String, _ elementBytes: Int, _ words: String) {
        let error = #expect(throws: TensorFileError.self) {
            try Self.file(header, elementBytes: elementBytes).withUnsafeBytes { try SafetensorsFile($0) }
        }
        #expect(error?.explanation.contains(words) == true, "\(error?.explanation ?? "")")
    }

    @Test("A tensor of a type that is not read is named, and leaves the others readable")
    func unsupported() throws {
        let bytes = Self.file(
            #"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
            elementBytes: 2)
        let file = try bytes.withUnsafeBytes { try SafetensorsFile($0) }
        #expect(file.tensors.map(\.name) == ["b"])
        #expect(file.unsupported.map(\.name) == ["a"])
        #expect(file.unsupported.map(\.error) == [.unsupportedType("F8_E4M3")])
    }

    @Test("A length of the header that no file has is refused before anything is read")
    func lengths() {
        let file = [UInt8](repeating: 0xFF, count: 16)
        #expect(throws: TensorFileError.headerTooLong(bytes: .max, limit: 1 << 20)) {
            try file.withUnsafeBytes { try SafetensorsFile($0) }
        }
    }

    @Test("Every beginning of a file is refused, and none of them traps")
    func prefixes() {
        let whole = Self.file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, elementBytes: 8)
        for count in 0..<whole.count {
            #expect(throws: TensorFileError.self) {
                try whole[..<count].withUnsafeBytes { try SafetensorsFile(UnsafeRawBufferPointer($0)) }
            }
        }
    }
}
