import Stopping
import TensorFiles
import TextCodecs

/// A question that comes as `multipart/form-data` (RFC 7578): a part for each field, array files as `.npy` and the other fields as in
/// a query.
struct FormFields {
    /// The fields that are text, in the order of the body.
    private(set) var texts: [(name: String, text: String)] = []
    private(set) var tensors: AttachedTensors

    /// - Parameter tensors: takes up the array files.
    /// - Throws: a 400 for a body that is no form, and for a part that is no array file although it says so.
    init(_ request: ServiceRequest, _ tensors: AttachedTensors) throws(Problem) {
        self.tensors = tensors
        let body = UnsafeRawBufferPointer(request.body)
        let parts: [MultipartForm.Part]
        do {
            let boundary = try MultipartForm.boundary(of: request.contentType ?? "")
            parts = try MultipartForm(body, boundary: boundary, stop: tensors.stop).parts
        } catch {
            switch error {
            case .malformed(let detail): throw Problem(.malformed, detail: detail)
            case .stopped: throw .stopped
            }
        }
        for part in parts {
            let content = UnsafeRawBufferPointer(rebasing: body[part.content])
            switch part.kind {
            case .file: try add(content, part.name)
            case .text: try addText(content, part.name)
            case .other(let type):
                let expected =
                    part.fileName == nil ? "text/plain, or \(BodyType.npy.rawValue) for an array file" : Self.fileTypes
                self.tensors.note(
                    "/\(JSONPointer.escaped(part.name.excerpt()))", "\(expected) expected, \(type.excerpt()) found")
            }
        }
    }

    private static let fileTypes = "\(BodyType.npy.rawValue) or \(BodyType.octets.rawValue)"

    private mutating func add(_ file: UnsafeRawBufferPointer, _ name: String) throws(Problem) {
        guard TensorPlace.questionFields.contains(name) else {
            tensors.note(
                "/\(JSONPointer.escaped(name.excerpt()))",
                "no field of this name is an array file; send other fields as text, without a file name")
            return
        }
        do {
            try tensors.add(npy: file, as: name)
        } catch {
            throw error.problem(name)
        }
    }

    private mutating func addText(_ content: UnsafeRawBufferPointer, _ name: String) throws(Problem) {
        guard content.count <= Self.maximumTextBytes else {
            let detail = "a text of at most \(Self.maximumTextBytes) bytes expected, \(content.count) found"
            tensors.note("/\(JSONPointer.escaped(name.excerpt()))", detail)
            return
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw Problem(.malformed, detail: "the part `\(name.excerpt())` is not UTF-8")
        }
        if TensorPlace.questionFields.contains(name), text.hasPrefix("[") || text.hasPrefix("{") {
            let file = BodyType.npy.rawValue
            tensors.addUnreadable(
                name, of: "",
                "a file in \(file) expected, JSON found; send it as \(name)=@FILE.npy, or the whole question as JSON")
            return
        }
        texts.append((name, text))
    }

    /// A longer value is none of a field: the longest is the state of a generator, which a form cannot have.
    private static let maximumTextBytes = 16_384
}

extension MultipartForm.Part {
    fileprivate enum Kind {
        case file, text
        case other(String)
    }

    /// What the part holds, by its media type. Without one a part with a file name is a file.
    fileprivate var kind: Kind {
        guard let contentType else { return fileName == nil ? .text : .file }
        let parts = QuotedList.split(contentType[...], at: ";").map { OptionalWhiteSpace.trimmed($0).lowercased() }
        let type = parts.first ?? ""
        if BodyType.npy.reads(type) { return .file }
        if fileName != nil { return BodyType.octets.reads(type) ? .file : .other(type) }
        let charsets = parts.dropFirst().filter { $0.hasPrefix("charset=") }
        let isUTF8 = charsets.allSatisfy {
            $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" || $0 == "charset=us-ascii"
        }
        return type == "text/plain" && isUTF8 ? .text : .other(contentType)
    }
}
