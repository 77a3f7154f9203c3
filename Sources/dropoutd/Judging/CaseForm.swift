import DropoutService
import TensorFiles
import TextCodecs

/// Arrays and fields as the form that `POST /verify` takes.
struct CaseForm {
    /// The most bytes of a file and of the arrays in it: the most elements of a question in float64, and headers.
    static let maximumBytes = ServiceLimits().maximumElements.times(8).adding(1 << 20)

    /// Random, so that no array has it.
    private let boundary = "case-\(UInt64.random(in: 0 ... .max))-\(UInt64.random(in: 0 ... .max))"
    private var bytes: [UInt8] = []
    private var names: Set<String> = []

    func has(_ name: String) -> Bool { names.contains(name) }

    mutating func add(_ name: String, text: String) {
        beginPart(name, "text/plain;charset=utf-8")
        bytes += Array(text.utf8)
        bytes += "\r\n".utf8
    }

    /// - Parameter file: the bytes of a `.npy` file, in parts that follow each other.
    mutating func add(_ name: String, file: [UInt8]...) {
        beginPart(name, "application/x-npy")
        for part in file { bytes += part }
        bytes += "\r\n".utf8
    }

    /// The question. The form must have a part.
    var question: CaseQuestion {
        CaseQuestion(
            body: bytes + Array("--\(boundary)--\r\n".utf8), contentType: "multipart/form-data; boundary=\(boundary)")
    }

    private mutating func beginPart(_ name: String, _ type: String) {
        names.insert(name)
        let quoted = Self.quotable(name).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        bytes += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(quoted)\"\r\n".utf8
        bytes += "Content-Type: \(type)\r\n\r\n".utf8
    }

    /// The name as a line of a header may have it: without control characters, and not longer than any field's.
    private static func quotable(_ name: String) -> String {
        let text = String(
            String.UnicodeScalarView(
                name.unicodeScalars.prefix(64).filter { $0.properties.generalCategory != .control }))
        return text.isEmpty ? "?" : text
    }

    // MARK: Files of several arrays

    /// Adds the arrays of a `.npz` archive. An array without axes is a field: a number, a boolean or a text.
    mutating func add(archive file: [UInt8]) throws {
        try file.withUnsafeBytes { file in
            let archive = try NPZFile(file, maximumBytes: Self.maximumBytes)
            for member in archive.members {
                let array = try archive.bytes(of: member, in: file)
                if let text = try array.withUnsafeBytes({ try NPYFile.scalarText($0) }) {
                    add(member.name, text: text)
                } else {
                    add(member.name, file: array)
                }
            }
        }
    }

    /// Adds the tensors of a safetensors file, and the fields that are JSON in the member `question` of its metadata.
    mutating func add(tensors file: [UInt8]) throws {
        try file.withUnsafeBytes { bytes in
            let file = try SafetensorsFile(bytes)
            if let (_, error) = file.unsupported.first { throw error }
            var isBFloat16 = false
            for (name, tensor) in file.tensors {
                // NumPy has no bfloat16: its files have two bytes without a type.
                if tensor.type == .bfloat16 { isBFloat16 = true }
                add(name, file: NPYFile.preamble(tensor.type, shape: tensor.shape), Array(bytes[tensor.bytes]))
            }
            if let (_, text) = file.metadata.first(where: { $0.name == MetadataFields.member }) {
                for (name, text) in try MetadataFields(text).fields { add(name, text: text) }
            }
            if isBFloat16, !has("dtype") { add("dtype", text: "bfloat16") }
        }
    }
}
