import Foundation

/// A safetensors file as a test writes and reads it, by the description of the format and not by the sources.
struct TensorFile {
    struct Tensor {
        var type: String
        var shape: [Int]
        var bytes: [UInt8]

        init(_ type: String, _ shape: [Int], _ bytes: [UInt8]) {
            (self.type, self.shape, self.bytes) = (type, shape, bytes)
        }

        /// A tensor of float64, or of float32.
        init(_ shape: [Int], _ numbers: [Double], type: String = "F64") {
            let bytes = numbers.flatMap { number in
                type == "F64"
                    ? withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
                    : withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { Array($0) }
            }
            self.init(type, shape, bytes)
        }

        /// The number of the type that a decimal in JSON stands for.
        func rounded(_ number: Double) -> Double {
            switch type {
            case "F32": return Double(Float(number))
            case "F16": return Double(Float16(number))
            case "BF16":
                // To nearest, ties to even.
                let bits = Float(number).bitPattern
                return Double(Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000))
            default: return number
            }
        }

        /// The numbers, of every type that an answer has.
        var numbers: [Double] {
            func words<Word: FixedWidthInteger>(_ type: Word.Type) -> [Word] {
                let size = MemoryLayout<Word>.size
                return (0..<bytes.count / size).map { index in
                    bytes.withUnsafeBytes {
                        Word(littleEndian: $0.loadUnaligned(fromByteOffset: index * size, as: Word.self))
                    }
                }
            }
            switch type {
            case "F64": return words(UInt64.self).map { Double(bitPattern: $0) }
            case "F32": return words(UInt32.self).map { Double(Float(bitPattern: $0)) }
            case "F16": return words(UInt16.self).map { Double(Float16(bitPattern: $0)) }
            case "BF16": return words(UInt16.self).map { Double(Float(bitPattern: UInt32($0) << 16)) }
            case "U8", "BOOL": return bytes.map { Double($0) }
            default: return []
            }
        }
    }

    var tensors: [(name: String, tensor: Tensor)]
    var metadata: [String: String]

    init(_ tensors: [(String, Tensor)], _ metadata: [String: String] = [:]) {
        (self.tensors, self.metadata) = (tensors.map { (name: $0.0, tensor: $0.1) }, metadata)
    }

    /// A file with a question in its metadata.
    init(_ tensors: [(String, Tensor)], question: String) {
        self.init(tensors, ["format": "pt", "question": question])
    }

    subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

    var bytes: [UInt8] {
        get throws {
            var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
            var (elements, offset) = ([] as [UInt8], 0)
            for (name, tensor) in tensors {
                let end = offset + tensor.bytes.count
                header[name] =
                    ["dtype": tensor.type, "shape": tensor.shape, "data_offsets": [offset, end]] as [String: Any]
                elements += tensor.bytes
                offset = end
            }
            return Self.file(try JSONSerialization.data(withJSONObject: header, options: .sortedKeys)) + elements
        }
    }

    /// The bytes before the elements.
    static func file(_ header: some Collection<UInt8>) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + Array(header)
    }

    struct NoFile: Error {}

    /// Reads a file.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count >= 8 else { throw NoFile() }
        let length = Int(bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
        let object = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any] ?? [:]
        metadata = object["__metadata__"] as? [String: String] ?? [:]
        tensors = []
        for (name, value) in object where name != "__metadata__" {
            guard let entry = value as? [String: Any], let type = entry["dtype"] as? String,
                let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int]
            else { throw NoFile() }
            tensors.append(
                (name, Tensor(type, shape, Array(bytes[(8 + length + offsets[0])..<(8 + length + offsets[1])]))))
        }
    }
}
