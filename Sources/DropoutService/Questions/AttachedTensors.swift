import Stopping
import TensorFiles
import TensorJSON
import TextCodecs

/// The tensors of a question that come as raw elements in the request's body, by the fields whose values they are.
///
/// A tensor that cannot be read is noted and counts as there, so that a caller learns of everything in one answer.
struct AttachedTensors {
    private enum Entry {
        case tensor(AttachedTensor)
        /// What is wrong is noted in ``wrong``.
        case unreadable
    }

    let concurrency: Concurrency
    let stop: StopFlag
    private let maximumElements: Int
    private var entries: [String: Entry] = [:]
    /// The names of the tensors of each part, by the pointer to the part.
    private var names: [String: [String]] = [:]
    private var elementCount = 0
    /// What is wrong with tensors that cannot be read.
    private(set) var wrong: [Problem.Entry] = []

    init(_ limits: ServiceLimits, concurrency: Concurrency, stop: StopFlag) {
        maximumElements = limits.maximumElements
        (self.concurrency, self.stop) = (concurrency, stop)
    }

    // MARK: What is there

    /// The tensor of the field `name` of the part at `pointer`. Nil if there is none that can be read.
    func tensor(_ pointer: String, _ name: String) -> AttachedTensor? {
        guard !entries.isEmpty, case .tensor(let tensor)? = entries["\(pointer)/\(name)"] else { return nil }
        return tensor
    }

    /// Whether the field `name` of the part at `pointer` is here, even if it cannot be read.
    func has(_ pointer: String, _ name: String) -> Bool {
        !entries.isEmpty && entries["\(pointer)/\(name)"] != nil
    }

    /// The names of the fields that are here, of the part at `pointer`.
    func names(of pointer: String) -> [String] { names[pointer] ?? [] }

    /// The tensors that can be read, in the order of their pointers.
    var all: [(pointer: String, tensor: AttachedTensor)] {
        entries.sorted { $0.key < $1.key }.compactMap { pointer, entry in
            if case .tensor(let tensor) = entry { (pointer, tensor) } else { nil }
        }
    }

    // MARK: What comes in

    /// Adds the array of a `.npy` file as the field `name` of the question.
    ///
    /// A type that is not read, and more elements than the limit, are noted.
    ///
    /// - Throws: why the bytes are no such file.
    mutating func add(npy file: UnsafeRawBufferPointer, as name: String) throws(TensorFileError) {
        let stored: StoredTensor
        do {
            // NumPy has no bfloat16, and `ml_dtypes` writes two bytes without a type. The question has to say what they are.
            stored = try NPYFile.tensor(file, rawTypes: .bfloat16)
        } catch {
            guard case .unsupportedType = error else { throw error }
            addUnreadable(name, of: "", error.explanation)
            return
        }
        add(stored, in: file, as: name, of: "", isUntyped: stored.type == .bfloat16)
    }

    /// Adds a tensor whose place in `file` is known, as the field `name` of the part at `pointer`.
    ///
    /// More elements than the limit, in all tensors together, are noted.
    mutating func add(
        _ stored: StoredTensor, in file: UnsafeRawBufferPointer, as name: String, of pointer: String = "",
        isUntyped: Bool = false
    ) {
        elementCount = elementCount.adding(stored.count)
        guard elementCount <= maximumElements else {
            let detail =
                "at most \(maximumElements) elements are taken, the limit of one request; \(elementCount) found"
            addUnreadable(name, of: pointer, detail)
            return
        }
        add(.tensor(AttachedTensor(stored, in: file, isUntyped: isUntyped, stop: stop)), name, pointer)
    }

    /// Adds a tensor that cannot be read.
    mutating func addUnreadable(_ name: String, of pointer: String, _ detail: String) {
        add(.unreadable, name, pointer)
        note("\(pointer)/\(JSONPointer.escaped(name.excerpt()))", detail)
    }

    /// Notes what is wrong with the tensors.
    mutating func note(_ pointer: String, _ detail: String) { wrong.append(.init(pointer: pointer, detail: detail)) }

    private mutating func add(_ entry: Entry, _ name: String, _ pointer: String) {
        if entries.updateValue(entry, forKey: "\(pointer)/\(name)") == nil {
            names[pointer, default: []].append(name)
        } else {
            note("\(pointer)/\(name)", "the tensor is in the body twice; send it once")
        }
    }
}
