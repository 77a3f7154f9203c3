import TensorJSON
import TextCodecs

/// A safetensors file: named tensors and a map of texts, behind one JSON header.
///
/// | bytes | what |
/// | --- | --- |
/// | 8 | the length of the header, lowest byte first |
/// | that many | a JSON object: for each name `dtype`, `shape` and `data_offsets`, and `__metadata__` with texts |
/// | the rest | the elements, row-major and little-endian |
///
/// As in the reference implementation, the tensors cover all bytes after the header, without holes and without overlaps, so
/// that no two files look different to two readers.
///
/// Source: https://github.com/huggingface/safetensors, "Format".
package struct SafetensorsFile: Sendable {
    /// The reference implementation reads 100 MB. A header of this length names thousands of tensors.
    package static let maximumHeaderBytes = 1 << 20

    /// In the order of the header.
    package let tensors: [(name: String, tensor: StoredTensor)]
    package let metadata: [(name: String, text: String)]
    /// The tensors of types that are not read, with what is wrong.
    package let unsupported: [(name: String, error: TensorFileError)]

    /// Reads the header of a whole file and checks the place of each tensor.
    ///
    /// - Throws: any ``TensorFileError`` but ``TensorFileError/stopped``.
    /// - Complexity: O(header + n log n) for n tensors. The elements are not touched.
    package init(_ file: UnsafeRawBufferPointer) throws(TensorFileError) {
        guard file.count >= 8 else { throw .notTheFormat("safetensors") }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.maximumHeaderBytes) else {
            throw .headerTooLong(bytes: Int(clamping: length), limit: Self.maximumHeaderBytes)
        }
        let start = 8 + Int(length)
        guard file.count >= start else { throw .truncatedHeader(expectedBytes: start, foundBytes: file.count) }
        let members = try Self.members(UnsafeRawBufferPointer(rebasing: file[8..<start]))
        var tensors: [(name: String, tensor: StoredTensor)] = []
        var metadata: [(name: String, text: String)] = []
        var unsupported: [(name: String, error: TensorFileError)] = []
        var places: [(name: String, bytes: Range<Int>)] = []
        for (name, value) in members {
            if name == "__metadata__" {
                metadata = try Self.texts(value)
                continue
            }
            let entry = try SafetensorsEntry(name, value, dataStart: start, fileEnd: file.count)
            places.append((name, entry.bytes))
            if let tensor = try entry.tensor() {
                tensors.append((name, tensor))
            } else {
                unsupported.append((name, .unsupportedType(entry.typeName)))
            }
        }
        try Self.checkPlaces(places, start..<file.count)
        self.tensors = tensors
        self.metadata = metadata
        self.unsupported = unsupported
    }

    private static func members(
        _ header: UnsafeRawBufferPointer
    ) throws(TensorFileError) -> [(name: String, value: JSONValue)] {
        guard header.first == UInt8(ascii: "{") else { throw .notTheFormat("safetensors") }
        let value: JSONValue
        do {
            value = try JSONDocument.parse(
                header.bindMemory(to: UInt8.self), elementType: .float64, limits: JSONLimits())
        } catch {
            switch error {
            case .syntax(let syntax): throw .header("the header is not JSON: \(syntax.detail)")
            case .limit(_, let detail): throw .header("the header has \(detail)")
            case .stopped: throw .stopped
            }
        }
        guard case .object(let object) = value else { throw .notTheFormat("safetensors") }
        return object.members
    }

    private static func texts(_ value: JSONValue) throws(TensorFileError) -> [(name: String, text: String)] {
        guard case .object(let object) = value else { throw .header("__metadata__ is not an object") }
        var texts: [(name: String, text: String)] = []
        for (name, value) in object.members {
            guard case .string(let text) = value else { throw .header("\(name) in __metadata__ is not a text") }
            texts.append((name, text))
        }
        return texts
    }

    /// The places of the tensors, in the order of the file, are one after another and cover it.
    private static func checkPlaces(
        _ tensors: [(name: String, bytes: Range<Int>)], _ whole: Range<Int>
    ) throws(TensorFileError) {
        let places = tensors.sorted {
            ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
        }
        var end = whole.lowerBound
        for (name, bytes) in places {
            guard bytes.lowerBound == end else {
                let kind = bytes.lowerBound < end ? "overlaps the tensor before it" : "leaves a hole before it"
                throw .header("the place of \(name) \(kind)")
            }
            end = bytes.upperBound
        }
        guard end == whole.upperBound else {
            throw .wrongLength(
                tensor: nil, expectedBytes: end - whole.lowerBound, foundBytes: whole.count)
        }
    }

    /// All bytes before the elements of a file, which are then written in the order of `tensors`.
    ///
    /// The header has spaces at its end, so that the elements begin at a multiple of 8 bytes. `__metadata__` comes first, if
    /// there is any.
    ///
    /// - Parameter tensors: each with a name of its own. The product of a shape fits an `Int`.
    package static func preamble(
        _ tensors: [(name: String, type: StoredType, shape: [Int])], metadata: [(name: String, text: String)]
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        if !metadata.isEmpty {
            writer.key("__metadata__")
            writer.beginObject()
            for (name, text) in metadata {
                writer.key(name)
                writer.string(text)
            }
            writer.endObject()
        }
        var offset = 0
        for (name, type, shape) in tensors {
            let end = offset.adding(StoredTensor.byteCount(type, shape) ?? 0)
            writer.key(name)
            writer.beginObject()
            writer.key("dtype")
            writer.string(type.safetensorsName)
            writer.key("shape")
            writer.integers(shape)
            writer.key("data_offsets")
            writer.integers([offset, end])
            writer.endObject()
            offset = end
        }
        writer.endObject()
        var text = writer.finish()
        var header = text.allBytes()
        header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    }
}

extension JSONWriter {
    fileprivate mutating func integers(_ numbers: [Int]) {
        beginArray()
        for number in numbers { integer(Int64(number)) }
        endArray()
    }
}
