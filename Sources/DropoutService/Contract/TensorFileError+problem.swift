import TensorFiles

extension TensorFileError {
    /// The refusal of a body that is not the file that its type says.
    var problem: Problem { problem(nil) }

    /// - Parameter part: the part of a form that holds the file. Nil if the body is the file.
    func problem(_ part: String?) -> Problem {
        if self == .stopped { return .stopped }
        guard let part else { return Problem(.malformed, detail: explanation) }
        let name = part.excerpt()
        let detail =
            switch self {
            case .notTheFormat(let format): "the part `\(name)` is not a \(format) file"
            default: "the part `\(name)`: \(explanation)"
            }
        return Problem(.malformed, detail: detail, entries: [.init(pointer: "/\(name)", detail: detail)])
    }
}
