import Stopping
import TensorFiles
import TensorJSON
import TextCodecs

/// One entry of `inputs` in an inference request. Its elements are in the JSON text, or in the bytes after it.
struct InferenceInput {
    /// The inputs of every model, by ONNX's names.
    enum Name: String, CaseIterable {
        case data, ratio
        case trainingMode = "training_mode"
    }

    enum Elements {
        case text(JSONValue)
        case bytes(StoredTensor)
    }

    let name: Name
    let type: StoredType
    let shape: [Int]
    let elements: Elements
    /// The entry, for what is wrong with it.
    let entry: Question

    /// - Parameter tail: the place of the bytes that are not taken yet. It moves on by those of this input.
    /// - Returns: nil, with an entry for each wrong member, if it is no input.
    init?(_ entry: Question, tail: inout Range<Int>) {
        for member in ["name", "shape", "datatype"] where !entry.has(member) {
            entry.wrong("an input needs `name`, `shape` and `datatype`; `\(member)` is missing")
        }
        let name = entry.choice("name", Name.self)
        let type = entry.inferenceType("datatype")
        let shape = entry.naturals("shape")
        let size = entry.binarySize("binary_data_size", &tail)
        guard let name, let type, let shape else { return nil }
        (self.name, self.type, self.shape, self.entry) = (name, type, shape, entry)
        switch (size, entry.fields["data"]) {
        case (.some, .some):
            entry.wrong("data", "an input with `binary_data_size` has its elements after the JSON; leave `data` out")
            return nil
        case (let bytes?, nil):
            do {
                elements = .bytes(try StoredTensor(type, shape: shape, bytes: bytes, name: name.rawValue))
            } catch {
                entry.wrong(error.explanation)
                return nil
            }
        case (nil, let data?):
            elements = .text(data)
        case (nil, nil):
            // A wrong size has its entry.
            if !entry.hasBinarySize { entry.wrong("an input needs `data`, or `binary_data_size` in its `parameters`") }
            return nil
        }
    }

    /// The one element of a scalar: its shape is [], [1], or another of one element. Nil, with an entry, for anything else.
    ///
    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    func scalar(in body: UnsafeBufferPointer<UInt8>) throws(Problem) -> Double? {
        guard shape.allSatisfy({ $0 == 1 }) else {
            entry.wrong("shape", "`\(name.rawValue)` is a scalar; [1] expected, \(shape) found")
            return nil
        }
        let found: Double? =
            switch elements {
            case .bytes(let stored): try Self.doubles(stored, body).first
            case .text(.number(let number)): number.double
            case .text(.bool(let bool)): bool ? 1 : 0
            case .text(.numbers(let array)) where array.problem == nil:
                switch array.storage {
                case .float64(let elements): elements.count == 1 ? elements.first : nil
                case .float32(let elements):
                    elements.count == 1 ? array.literals.first?.double ?? elements.first.map(Double.init) : nil
                }
            case .text: nil
            }
        guard let found else {
            entry.wrong("data", "one element expected")
            return nil
        }
        return type == .float32 ? Double(Float(found)) : found
    }

    private static func doubles(
        _ stored: StoredTensor, _ body: UnsafeBufferPointer<UInt8>
    ) throws(Problem) -> [Double] {
        do {
            return try stored.doubles(in: UnsafeRawBufferPointer(body))
        } catch {
            throw .fault("the bytes of an input are outside of the body")
        }
    }
}

extension Question {
    /// The `datatype` of a tensor.
    fileprivate func inferenceType(_ name: String) -> StoredType? {
        guard let text = string(name) else { return nil }
        guard let type = StoredType.allCases.first(where: { $0.inferenceName == text }) else {
            let names = StoredType.allCases.map(\.inferenceName).joined(separator: ", ")
            wrong(name, "one of \(names) expected, \"\(text.excerpt())\" found")
            return nil
        }
        return type
    }

    /// The object `parameters` of an entry.
    private var entryParameters: Question? {
        guard let value = fields["parameters"] else { return nil }
        guard case .object(let object) = value else {
            wrong("parameters", "an object expected, \(value.shortText) found")
            return nil
        }
        return part(object, named: "parameters")
    }

    fileprivate var hasBinarySize: Bool {
        guard case .object(let object)? = fields["parameters"] else { return false }
        return object["binary_data_size"] != nil
    }

    /// The place of an input's bytes, which are the first of `tail`. They are taken out of `tail`.
    fileprivate func binarySize(_ name: String, _ tail: inout Range<Int>) -> Range<Int>? {
        guard let parameters = entryParameters else { return nil }
        if parameters.has("shared_memory_region") {
            parameters.wrong("shared_memory_region", "shared memory is not read; send the elements in the request")
        }
        guard let size = parameters.natural(name, upTo: UInt64(Int.max)).map({ Int($0) }) else { return nil }
        guard size <= tail.count else {
            parameters.wrong(
                name, "\(size) bytes expected after the JSON, \(tail.count) found; `\(InferenceHead.field)` says where")
            tail = tail.upperBound..<tail.upperBound
            return nil
        }
        defer { tail = (tail.lowerBound + size)..<tail.upperBound }
        return tail.lowerBound..<(tail.lowerBound + size)
    }
}

extension InferenceInput.Name {
    /// The type that the metadata names. Others are taken as well.
    var usualType: StoredType { self == .trainingMode ? .bool : .float32 }

    /// The shape that the metadata names: -1 for any, since a tensor may have any rank.
    var dimensions: [Int] { self == .data ? [-1] : [1] }
}
