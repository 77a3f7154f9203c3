import TensorFiles
import Testing

@Suite("NumPy's arrays without axes")
struct NPYScalarTests {
    struct Written: Decodable, Sendable {
        let file: String
        /// What Python's `str` says. Nil for an array with axes.
        let text: String?
    }

    @Test(
        "The one element is text, whatever its type and byte order",
        arguments: try VectorFile.decoded("npy-scalars", as: [Written].self))
    func texts(_ written: Written) throws {
        let file = try VectorFile.bytes(written.file)
        #expect(try file.withUnsafeBytes { try NPYFile.scalarText($0) } == written.text)
        for count in 0..<(written.text == nil ? 0 : file.count) {
            #expect(throws: TensorFileError.self) {
                try file[..<count].withUnsafeBytes { try NPYFile.scalarText($0) }
            }
        }
    }

    /// A file of version 1.0 with one element of a type.
    private static func file(_ type: String, _ element: [UInt8]) -> [UInt8] {
        let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': ()}"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + element
    }

    @Test(
        "A text that is none, and one that is too long, are refused",
        arguments: [
            ("<U1", [0, 0xD8, 0, 0], "a character that is none"), ("<U1", [0, 0, 0x11, 0], "a character that is none"),
            ("<U2", [0x41, 0, 0, 0], "4 bytes; shape and type say 8"), ("<U4097", [], "'<U4097'"), ("<U", [], "'<U'"),
            ("<U-1", [], "'<U-1'"), ("<U99999999999999999999", [], "'<U99999999999999999999'"),
        ] as [(String, [UInt8], String)])
    func refused(_ type: String, _ element: [UInt8], _ words: String) {
        let error = #expect(throws: TensorFileError.self) {
            try Self.file(type, element).withUnsafeBytes { try NPYFile.scalarText($0) }
        }
        #expect(error?.explanation.contains(words) == true, "\(error?.explanation ?? "")")
    }
}
