import Stopping
import TensorFiles
import Testing

@Suite("NumPy's array files")
struct NPYFileTests {
    struct Written: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let file: String
        let shape: [Int]
        let values: [String]
        var testDescription: String { name }
    }

    struct Preamble: Decodable, Sendable, CustomTestStringConvertible {
        let type: String
        let shape: [Int]
        let bytes: String
        var testDescription: String { "\(type) \(shape)" }
    }

    struct Types: Decodable, Sendable {
        struct BFloat16: Decodable, Sendable {
            let file: String
            let values: [Double]
        }
        let bfloat16: BFloat16
        let refused: [String: String]
    }

    @Test(
        "An array that NumPy wrote has its shape and its numbers, whatever type, byte order, order and version",
        arguments: try VectorFile.decoded("npy", as: [Written].self))
    func numbers(_ written: Written) throws {
        let file = try VectorFile.bytes(written.file)
        let expected = try written.values.map(VectorFile.number)
        let (shape, numbers) = try file.withUnsafeBytes { bytes in
            let tensor = try NPYFile.tensor(bytes)
            return (tensor.shape, try tensor.doubles(in: bytes))
        }
        #expect(shape == written.shape)
        #expect(bits(numbers) == bits(expected))
    }

    @Test("The same array as float32 has each number rounded once", arguments: ["<f8 (2, 3) F", ">i8 (2, 3, 4) F"])
    func floats(_ name: String) throws {
        let written = try #require(VectorFile.decoded("npy", as: [Written].self).first { $0.name == name })
        let expected = try written.values.map { Float(try VectorFile.number($0)) }
        let numbers = try VectorFile.bytes(written.file).withUnsafeBytes { bytes in
            try NPYFile.tensor(bytes).floats(in: bytes)
        }
        #expect(bits(numbers.map(Double.init)) == bits(expected.map(Double.init)))
    }

    @Test(
        "What is written before the elements is what NumPy writes, byte for byte",
        arguments: try VectorFile.decoded("npy-preambles", as: [Preamble].self))
    func preambles(_ preamble: Preamble) throws {
        let type = try #require(StoredType(rawValue: preamble.type))
        #expect(NPYFile.preamble(type, shape: preamble.shape) == (try VectorFile.bytes(preamble.bytes)))
    }

    @Test("Two bytes without a type are bfloat16 if the caller says so, and refused by name if not")
    func bfloat16() throws {
        let types = try VectorFile.decoded("npy-types", as: Types.self)
        let file = try VectorFile.bytes(types.bfloat16.file)
        let numbers = try file.withUnsafeBytes { try NPYFile.tensor($0, rawTypes: .bfloat16).doubles(in: $0) }
        #expect(numbers == types.bfloat16.values)
        #expect(throws: TensorFileError.unsupportedType("'<V2'")) {
            try file.withUnsafeBytes { try NPYFile.tensor($0) }
        }
    }

    @Test("A type that is not read is refused by the name that the file gives it")
    func refusedTypes() throws {
        for (name, text) in try VectorFile.decoded("npy-types", as: Types.self).refused {
            let file = try VectorFile.bytes(text)
            let error = #expect(throws: TensorFileError.self) { try file.withUnsafeBytes { try NPYFile.tensor($0) } }
            #expect(error?.explanation.contains(name) == true)
        }
    }

    /// A file of version 1.0 with any header and so many bytes of elements.
    private static func file(_ header: String, elementBytes: Int) -> [UInt8] {
        let length = UInt16(header.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8)
            + [UInt8](repeating: 0, count: elementBytes)
    }

    @Test(
        "A header in another order, with other quotation marks and Python 2's long numbers, is read",
        arguments: [
            #"{"shape": (2L, 3L), "fortran_order": False, "descr": "<f4"}"#,
            "{'fortran_order':False,'shape':(2,3,),'descr':'<f4',}\n",
            "  { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 2 , 3 ) }  ",
        ])
    func otherHeaders(_ header: String) throws {
        let shape = try Self.file(header, elementBytes: 24).withUnsafeBytes { try NPYFile.tensor($0).shape }
        #expect(shape == [2, 3])
    }

    @Test(
        "A header that lies or is broken is refused with a sentence about it",
        arguments: [
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,3)}", 23, "23 bytes; shape and type say 24"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,3)}", 25, "25 bytes; shape and type say 24"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,4294967296)}", 0, "too large"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 0, "too large"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 0, "a whole number expected at byte 51"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (3)}", 12, "a shape of one axis is written (3,)"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (04,)}", 16, "a whole number expected"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", 4, "a whole number expected"),
            ("{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}", 12, "True or False expected"),
            ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", 12, "'descr'"),
            ("{'descr': '<f4', 'fortran_order': False}", 12, "no 'shape'"),
            ("{'fortran_order': False, 'shape': (3,)}", 12, "no 'descr'"),
            ("{'descr': '<f4', 'shape': (3,)}", 12, "no 'fortran_order'"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} x", 12, "the end of the header expected"),
            ("{'descr': '<f4", 12, "the end of a string expected"),
            ("{'descr': '|f4', 'fortran_order': False, 'shape': (3,)}", 12, "'|f4'"),
            ("{'descr': '', 'fortran_order': False, 'shape': (3,)}", 12, "''"),
            ("", 12, "'{' expected at byte 0"),
        ])
    func brokenHeaders(_ header: String, _ elementBytes: Int, _ words: String) {
        let error = #expect(throws: TensorFileError.self) {
            try Self.file(header, elementBytes: elementBytes).withUnsafeBytes { try NPYFile.tensor($0) }
        }
        #expect(error?.explanation.contains(words) == true, "\(error?.explanation ?? "")")
    }

    @Test("Every beginning of a file is refused, and none of them traps")
    func prefixes() throws {
        let whole = Self.file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", elementBytes: 8)
        for count in 0..<whole.count {
            #expect(throws: TensorFileError.self) {
                try whole[..<count].withUnsafeBytes { try NPYFile.tensor(UnsafeRawBufferPointer($0)) }
            }
        }
    }

    @Test("A version that NumPy never had and a header that it would not read are refused")
    func versions() {
        var file = Self.file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", elementBytes: 8)
        file[6] = 4
        #expect(throws: TensorFileError.unknownVersion("4.0")) { try file.withUnsafeBytes { try NPYFile.tensor($0) } }
        let long = [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(throws: TensorFileError.headerTooLong(bytes: 4_294_967_295, limit: 10_000)) {
            try long.withUnsafeBytes { try NPYFile.tensor($0) }
        }
    }

    @Test("A stopped reading ends with an error instead of half an array")
    func stops() throws {
        let file = Self.file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", elementBytes: 8)
        let stop = StopFlag()
        stop.set()
        #expect(throws: TensorFileError.stopped) {
            try file.withUnsafeBytes { try NPYFile.tensor($0).doubles(in: $0, stop: stop) }
        }
    }
}
