import Stopping
import TensorJSON
import TextCodecs

/// One object of a request, whose fields are read and checked here: the question itself, or a part of it such as an entry of
/// `layers`.
///
/// The question and its parts share the text, the limits, the problems and the count of elements. A method that reads a field
/// returns nil both for an absent field and for a wrong one. A wrong one is noted with its pointer, and reading goes on, so
/// that a caller learns of everything in one answer.
///
/// A member that is null counts as absent: null is how many clients leave an optional field out.
struct Question {
    /// The members that are not null.
    let fields: JSONObject
    /// The place in the request, empty for the question itself.
    let pointer: String
    /// The names of the members that are null, which may be unknown ones.
    private let nulls: [String]
    private let shared: Shared

    /// What the question and its parts have together.
    private final class Shared {
        /// The text of a body. Nil for a query, whose numbers have been read as float64 and whose text is gone.
        let text: RequestText?
        /// The tensors that come as raw elements. Nil for a question that is JSON alone.
        let attachments: AttachedTensors?
        /// The fields of a query. Nil if they are in the body.
        let query: QueryFields?
        /// The outputs of an inference. Nil for any other question.
        let inference: InferenceOutputs?
        let limits: ServiceLimits
        /// The media type of the answer.
        let answerType: MediaType
        let problems = ProblemList()
        var elementCount = 0

        init(
            text: RequestText?, attachments: AttachedTensors? = nil, query: QueryFields? = nil,
            inference: InferenceOutputs? = nil, limits: ServiceLimits, answerType: MediaType
        ) {
            (self.text, self.attachments, self.query, self.inference) = (text, attachments, query, inference)
            (self.limits, self.answerType) = (limits, answerType)
            for entry in attachments?.wrong ?? [] { problems.add(entry.pointer, entry.detail) }
        }
    }

    private init(_ object: JSONObject, at pointer: String, _ shared: Shared) {
        nulls = object.members.filter(\.value.isNull).map(\.name)
        fields = nulls.isEmpty ? object : JSONObject(members: object.members.filter { !$0.value.isNull })
        (self.pointer, self.shared) = (pointer, shared)
    }

    private init(item: JSONValue, _ index: Int, at pointer: String, _ shared: Shared) {
        (fields, nulls) = (JSONObject(members: [(name: "\(index)", value: item)]), [])
        (self.pointer, self.shared) = (pointer, shared)
    }

    /// The question of a body.
    ///
    /// - Parameter elementType: the type in which most numbers will be wanted. Nil for the one that `dtype` names.
    /// - Throws: a 400 for text that is not JSON, a 422 for text over a limit or that is no object.
    init(
        _ text: RequestText, elementType: ElementType? = nil, limits: ServiceLimits, answerType: MediaType = .json
    ) throws(Problem) {
        self.init(
            try text.object(elementType: elementType), at: "",
            Shared(text: text, limits: limits, answerType: answerType))
    }

    /// The question of a query, and of a body that is one tensor or several.
    ///
    /// - Throws: a 422 for a query over a limit, and for a field that a body alone has.
    init(
        _ query: QueryFields, attachments: AttachedTensors? = nil, limits: ServiceLimits, answerType: MediaType = .json
    ) throws(Problem) {
        let object = try query.object(limits: limits.json)
        if object[GeneratorState.field] != nil {
            let detail = "`\(GeneratorState.field)` is a field of a body; send it with POST"
            throw Problem(unanswerable: [.init(pointer: "/\(GeneratorState.field)", detail: detail)])
        }
        self.init(
            object, at: "",
            Shared(text: nil, attachments: attachments, query: query, limits: limits, answerType: answerType))
        for name in attachments?.names(of: "") ?? [] where object[name] != nil {
            wrong(name, "`\(name)` is an array file in the body; leave it out of the other fields")
        }
    }

    /// The question of an object that is not the whole body: that of an inference, or of a file with several tensors.
    ///
    /// - Parameter text: the text in which the arrays of `object` are. Nil if it has no arrays.
    init(
        _ object: JSONObject, text: RequestText?, attachments: AttachedTensors?, query: QueryFields? = nil,
        outputs: InferenceOutputs? = nil, limits: ServiceLimits, answerType: MediaType = .json
    ) {
        self.init(
            object, at: "",
            Shared(
                text: text, attachments: attachments, query: query, inference: outputs, limits: limits,
                answerType: answerType))
    }

    // MARK: Parts

    /// The part of the question at `pointer`.
    func part(_ object: JSONObject, at pointer: String) -> Question { Question(object, at: pointer, shared) }

    /// The part of the question that the member `name` is.
    func part(_ object: JSONObject, named name: String) -> Question { part(object, at: pointer(to: name)) }

    /// A part whose only member is item `index` of the list `name`, under the index as its name. A null item is a wrong
    /// value.
    func part(_ item: JSONValue, _ index: Int, of name: String) -> Question {
        Question(item: item, index, at: pointer(to: name), shared)
    }

    /// The place of a member. A long name is cut, since it is not one of ours.
    func pointer(to name: String) -> String { "\(pointer)/\(JSONPointer.escaped(name.excerpt()))" }

    // MARK: What the parts share

    var limits: ServiceLimits { shared.limits }

    /// The fields of a query. Nil if they are in the body.
    var query: QueryFields? { shared.query }

    /// The media type of the answer.
    var answerType: MediaType { shared.answerType }

    /// The outputs of an inference. Nil for any other question.
    var inference: InferenceOutputs? { shared.inference }

    /// The threads for large arrays and for passes.
    var concurrency: Concurrency { shared.text?.concurrency ?? shared.attachments?.concurrency ?? .serial }

    var stop: StopFlag { shared.text?.stop ?? shared.attachments?.stop ?? .never }

    /// The tensors that come as raw elements. Nil for a question that is JSON alone.
    var attachments: AttachedTensors? { shared.attachments }

    /// The value of a member that comes as raw elements. Nil if it cannot be read.
    func attachment(_ name: String) -> AttachedTensor? { shared.attachments?.tensor(pointer, name) }

    /// Whether a member comes as raw elements, even if they cannot be read.
    func isAttached(_ name: String) -> Bool { shared.attachments?.has(pointer, name) ?? false }

    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    func checkStop() throws(Problem) {
        do {
            try stop.check()
        } catch {
            throw .stopped
        }
    }

    /// The array read again, rounded from its text straight to `elementType`. The numbers of a query stay as they are.
    func reread(_ array: NumberArray, as elementType: ElementType) throws(Problem) -> NumberArray {
        guard let text = shared.text else { return array }
        return try text.reread(array, as: elementType)
    }

    /// The bytes of a base64 text. Nil if it is not canonical.
    ///
    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    func bytes(base64 text: String) throws(Problem) -> [UInt8]? {
        do {
            return try Base64.decode(text, stop: stop)
        } catch {
            throw .stopped
        }
    }

    /// The elements of the tensors that the question brings, as far as its fields have been read.
    var elementCount: Int { shared.elementCount }

    func countElements(_ count: Int) { shared.elementCount = shared.elementCount.adding(count) }

    // MARK: What is wrong

    /// Notes what is wrong with the member `name`.
    func wrong(_ name: String, _ detail: String) { note(pointer(to: name), detail) }

    /// Notes what is wrong with item `index` of the list `name`.
    func wrong(_ name: String, item index: Int, _ detail: String) { note("\(pointer(to: name))/\(index)", detail) }

    /// Notes what is wrong with the object as a whole, such as a field that is missing.
    func wrong(_ detail: String) { note(pointer, detail) }

    /// Notes what is wrong at a place of the request.
    func note(_ pointer: String, _ detail: String) { shared.problems.add(pointer, detail) }

    /// - Throws: a 422 with all that was noted, if anything was.
    func throwIfWrong() throws(Problem) { try shared.problems.throwIfAny() }

    /// Notes a field that is not there.
    func require(_ name: String) {
        if !has(name) { wrong(Meanings.requirement(name)) }
    }

    /// Notes every member that is not in `known`, with the known name that is meant.
    func refuseUnknown(besides known: [String]) {
        let attached = shared.attachments?.names(of: pointer) ?? []
        for name in fields.members.map(\.name) + nulls + attached where !known.contains(name) {
            // Names that are left out need no search for the nearest one.
            if shared.problems.isFull { return }
            wrong(name, "unknown field\(Meanings.hint(field: name, known: known))")
        }
    }

    /// Notes each parameter in the query of a question whose fields are in the body.
    ///
    /// - Throws: a 400 for broken percent-encoding, a 422 for a parameter that is there twice.
    func refuse(query: String) throws(Problem) {
        if query.isEmpty { return }
        for name in try QueryFields(query).names {
            if shared.problems.isFull { return }
            let hint = NearestName.find(name, in: [QueryOptions.pretty]).map { "did you mean \($0)?" }
            wrong(name, "unknown query parameter; \(hint ?? "send the fields of a question in its body")")
        }
    }

    // MARK: What is there

    func has(_ name: String) -> Bool { fields[name] != nil || isAttached(name) }

    /// The fields whose whole numbers may come as digits in a string, since a program with float64 numbers would lose digits.
    static let digitFields: Set<String> = ["seed", "op_seed", "offset", "skip", "offset_philox"]

    /// Whether a field says something: it is there and is not its documented default.
    func isGiven(_ name: String) -> Bool {
        guard let value = fields[name] else { return isAttached(name) }
        return FieldDefault.documented[name]?.matches(value, takesDigits: Self.digitFields.contains(name)) != true
    }
}

extension JSONValue {
    var isNull: Bool { if case .null = self { true } else { false } }

    /// The number that a text of up to 20 decimal digits names. Nil for any other text.
    static func digits(_ text: String) -> UInt64? {
        guard text.utf8.count <= 20, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }
}
