import Stopping
import TensorFiles
import TensorJSON
import TextCodecs

/// A question that comes as a safetensors file: tensors by the names of their fields, and the other fields as JSON in the member
/// `question` of the metadata. Other members of the metadata say nothing here.
struct TensorFileFields {
    /// The member of the metadata.
    static let member = "question"

    /// The JSON text. Nil if there is none.
    let text: RequestText?
    /// The fields that are no tensors, with an entry in each list for each layer that has tensors.
    private(set) var object: JSONObject
    private(set) var tensors: AttachedTensors
    /// The names that the file gives the tensors, by their places.
    private var names: [TensorPlace: String] = [:]

    /// - Parameter tensors: takes up the tensors of the file.
    /// - Throws: a 400 for bytes that are no such file and for a `question` that is not JSON, a 422 for one that is no object.
    init(_ body: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits, _ tensors: AttachedTensors) throws(Problem) {
        self.tensors = tensors
        let bytes = UnsafeRawBufferPointer(body)
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(bytes)
        } catch {
            throw error.problem
        }
        text = file.metadata.first { $0.name == Self.member }.map {
            RequestText(keeping: $0.text, limits: limits, concurrency: tensors.concurrency, stop: tensors.stop)
        }
        do {
            object = try text?.object() ?? .empty
        } catch {
            throw Problem(
                error.kind, detail: "`\(Self.member)` in the metadata: \(error.detail)", entries: error.entries,
                fault: error.fault)
        }
        add(file, bytes)
        try mergeLists()
    }

    // MARK: Tensors

    private mutating func add(_ file: SafetensorsFile, _ bytes: UnsafeRawBufferPointer) {
        let layers = TorchLayers(file.tensors.map(\.name) + file.unsupported.map(\.name))
        for (name, stored) in file.tensors {
            guard let place = place(name, layers) else { continue }
            tensors.add(stored, in: bytes, as: place.field, of: place.pointer)
        }
        for (name, error) in file.unsupported {
            guard let place = place(name, layers) else { continue }
            tensors.addUnreadable(place.field, of: place.pointer, error.explanation)
        }
    }

    /// The place of a tensor. Nil, with an entry, if the name is unknown.
    private mutating func place(_ name: String, _ layers: TorchLayers) -> TensorPlace? {
        guard let place = TensorPlace(name) ?? layers.place(of: name) else {
            tensors.note("/\(JSONPointer.escaped(name.excerpt()))", "unknown tensor; \(layers.hint(name))")
            return nil
        }
        names[place] = name
        return place
    }

    // MARK: Lists

    /// Gives `layers` and `optimizer_state` an entry for each layer with tensors, and takes out what only names a tensor.
    private mutating func mergeLists() throws(Problem) {
        var members = stripped(object, names.keys.filter { $0.list == nil }).members
        let (layers, moments) = (names.keys.filter { $0.list == .layers }, names.keys.filter { $0.list == .moments })
        if !layers.isEmpty {
            let value = try merged(object["layers"], layers, "/layers")
            members.replace("layers", value)
        }
        if !moments.isEmpty {
            var state = JSONObject.empty
            switch object["optimizer_state"] {
            case .object(let object)?: state = object
            case nil, .null?: break
            // The plan says what is wrong with it.
            default:
                object = JSONObject(members: members)
                return
            }
            var parts = state.members
            parts.replace("layers", try merged(state["layers"], moments, "/optimizer_state/layers"))
            members.replace("optimizer_state", .object(JSONObject(members: parts)))
        }
        object = JSONObject(members: members)
    }

    /// The list with an entry for each layer.
    private mutating func merged(
        _ value: JSONValue?, _ places: [TensorPlace], _ pointer: String
    ) throws(Problem) -> JSONValue {
        let byIndex = Dictionary(grouping: places, by: \.index)
        var items: [JSONValue]
        switch value {
        case .array(let array)?: items = array
        case .numbers(let array)? where array.shape == [0]: items = []
        case nil, .null?:
            // As many as the file has layers, whatever their numbers are.
            items = [JSONValue](repeating: .object(.empty), count: byIndex.count)
        // The plan says what is wrong with it.
        case let other?: return other
        }
        if let index = byIndex.keys.max(), index >= items.count {
            let given = value.map { $0.isNull } ?? true
            tensors.note(
                pointer,
                given
                    ? "the layers count from 0 without a gap; tensors of layer \(index) found, of \(items.count) layers"
                    : "\(items.count) entries expected for the layers of the file, \(index + 1) at least; one is missing"
            )
        }
        for index in items.indices {
            try checkStop()
            guard let places = byIndex[index], case .object(let object) = items[index] else { continue }
            items[index] = .object(stripped(object, places))
        }
        return .array(items)
    }

    /// The object without the members that only name the tensors at `places`, as an answer has them. Any other value of such a
    /// member is noted.
    private mutating func stripped(_ object: JSONObject, _ places: [TensorPlace]) -> JSONObject {
        let fields = Dictionary(places.map { ($0.field, $0) }, uniquingKeysWith: { first, _ in first })
        guard object.members.contains(where: { fields[$0.name] != nil }) else { return object }
        var members: [(name: String, value: JSONValue)] = []
        for (name, value) in object.members {
            guard let place = fields[name], !value.isNull else {
                members.append((name, value))
                continue
            }
            if case .string(let text) = value, text == place.name || text == names[place] { continue }
            tensors.note("\(place.pointer)/\(name)", "the tensor is in the file; leave it out of `\(Self.member)`")
        }
        return JSONObject(members: members)
    }

    private func checkStop() throws(Problem) {
        if tensors.stop.isSet { throw .stopped }
    }
}

extension [(name: String, value: JSONValue)] {
    /// Gives the member another value, or appends it.
    fileprivate mutating func replace(_ name: String, _ value: JSONValue) {
        if let index = firstIndex(where: { $0.name == name }) {
            self[index].value = value
        } else {
            append((name, value))
        }
    }
}

extension Question {
    /// The question of a safetensors file and of a query.
    ///
    /// - Throws: a 422 for a query over a limit.
    init(
        _ file: TensorFileFields, _ query: QueryFields, limits: ServiceLimits, answerType: MediaType
    ) throws(Problem) {
        let further = try query.object(limits: limits.json)
        let known = file.object.members.map(\.name) + file.tensors.names(of: "")
        self.init(
            JSONObject(members: file.object.members + further.members.filter { !known.contains($0.name) }),
            text: file.text, attachments: file.tensors, query: query, limits: limits, answerType: answerType)
        for name in further.members.map(\.name) where known.contains(name) {
            wrong(name, "the field is in the file and in the query; give it once")
        }
    }
}
