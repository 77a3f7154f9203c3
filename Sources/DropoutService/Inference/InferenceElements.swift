import TensorFiles
import TensorJSON

/// The check that the elements of a JSON `data` are numbers of its `datatype`.
struct InferenceElements {
    private let input: InferenceInput

    init(_ input: InferenceInput) { self.input = input }

    /// Notes the first element that is none of the type. What is no list of numbers at all is noted by the plan.
    ///
    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    func check(_ value: JSONValue) throws(Problem) {
        guard case .numbers(let array) = value, array.problem == nil, array.shape != [0] else { return }
        let (entry, name) = (input.entry, input.type.inferenceName)
        guard array.isBoolean == (input.type == .bool) else {
            let expected = array.isBoolean ? "numbers" : "true and false"
            entry.wrong("data", "\(expected) expected for \(name), \(array.isBoolean ? "booleans" : "numbers") found")
            return
        }
        guard let range = input.type.wholeRange else { return }
        guard case .float64(let elements) = try entry.reread(array, as: .float64).storage else {
            throw .fault("an array was read again and still has another type")
        }
        try entry.checkStop()
        if let wrong = elements.first(where: { !range.contains($0) || $0 != $0.rounded() }) {
            entry.wrong("data", "whole numbers of \(name) expected, \(wrong) found")
        }
    }
}

extension StoredType {
    /// The numbers of an integer type, its ends rounded to float64. Nil for other types.
    fileprivate var wholeRange: ClosedRange<Double>? {
        switch self {
        case .int8: Double(Int8.min)...Double(Int8.max)
        case .int16: Double(Int16.min)...Double(Int16.max)
        case .int32: Double(Int32.min)...Double(Int32.max)
        case .int64: Double(Int64.min)...Double(Int64.max)
        case .uint8: 0...Double(UInt8.max)
        case .uint16: 0...Double(UInt16.max)
        case .uint32: 0...Double(UInt32.max)
        case .uint64: 0...Double(UInt64.max)
        case .bool, .float16, .bfloat16, .float32, .float64: nil
        }
    }
}
