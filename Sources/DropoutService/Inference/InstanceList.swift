import TensorJSON

/// The `instances` of a prediction as objects, each with the inputs of one instance: TensorFlow Serving's row format of named inputs.
///
/// Each object has the same inputs. `data` differs from instance to instance, and the other inputs are the same in all, since one forward
/// pass has one rate and one mode.
struct InstanceList {
    /// The first instance.
    let first: Question
    /// The tensor of each instance.
    let data: [JSONValue]

    /// Nil if the member is no list that begins with an object. Notes every instance that does not fit.
    init?(_ asked: Question, _ member: String) {
        guard case .array(let items)? = asked.fields[member], case .object(let head)? = items.first else { return nil }
        let pointer = asked.pointer(to: member)
        first = asked.part(head, at: "\(pointer)/0")
        let names = InferenceInput.Name.allCases.map(\.rawValue)
        first.refuseUnknown(besides: names)
        if !first.has("data") { first.wrong("the input `data` is required") }
        let given = names.filter(first.has)
        let shared = given.filter { $0 != InferenceInput.Name.data.rawValue }
        var data: [JSONValue] = []
        for (index, item) in items.enumerated() {
            guard case .object(let object) = item else {
                asked.wrong(
                    member, item: index, "an object expected, as the first instance is, \(item.shortText) found")
                continue
            }
            let instance = asked.part(object, at: "\(pointer)/\(index)")
            if names.filter(instance.has) != given || instance.fields.members.count != first.fields.members.count {
                instance.wrong("the inputs of the first instance expected: \(given.joined(separator: ", "))")
            }
            for name in shared where !Self.isSame(instance.fields[name], first.fields[name]) {
                instance.wrong(name, "the same `\(name)` in all instances expected; one pass has one")
            }
            data.append(instance.fields["data"] ?? .null)
        }
        self.data = data
    }

    func has(_ name: String) -> Bool { first.has(name) }

    /// Whether two inputs that are one number or one boolean are the same.
    private static func isSame(_ one: JSONValue?, _ other: JSONValue?) -> Bool {
        switch (one, other) {
        case (.number(let one)?, .number(let other)?): one.double == other.double
        case (.bool(let one)?, .bool(let other)?): one == other
        case (.numbers(let one)?, .numbers(let other)?):
            one.shape == other.shape && one.literals.map(\.double) == other.literals.map(\.double)
        // What is no number and no boolean is noted at the first instance.
        case (.number?, _), (.bool?, _), (.numbers?, _), (nil, _): false
        default: true
        }
    }
}
