/// The places of an inference request, by the fields of `/forward` that were made of them.
///
/// A plan notes what is wrong at a field of `/forward`. The caller learns it at the input or the parameter that it sent.
struct InferencePlaces: Sendable {
    /// The place of the tensor's own members, which is the entry, or its `data` if that is a nested list.
    let tensor: String
    /// The name of the tensor in each item of a list of instances. Nil if the items are the tensors.
    var instance: String?
    /// The place that says the shape.
    let shape: String
    /// The input that became `rate`. Nil if a parameter did.
    let ratio: String?
    /// The input that became `mode`. Nil if a parameter did.
    let trainingMode: String?

    func place(_ pointer: String) -> String {
        switch pointer {
        case "": return ""
        case "/rate": return ratio ?? "/parameters/rate"
        case "/mode": return trainingMode ?? "/parameters/mode"
        case "/variant": return shape
        default: break
        }
        let input = "/input"
        if pointer == input || pointer.hasPrefix(input + "/") {
            let rest = pointer.dropFirst(input.count)
            guard let instance, let index = rest.dropFirst().split(separator: "/").first else { return tensor + rest }
            return "\(tensor)/\(index)/\(instance)\(rest.dropFirst(index.utf8.count + 1))"
        }
        return "/parameters\(pointer)"
    }

    func problem(_ problem: Problem) -> Problem {
        let entries = problem.entries.map { Problem.Entry(pointer: place($0.pointer), detail: $0.detail) }
        guard problem.kind == .unanswerable else {
            return Problem(problem.kind, detail: problem.detail, entries: entries, fault: problem.fault)
        }
        return Problem(unanswerable: entries)
    }
}
