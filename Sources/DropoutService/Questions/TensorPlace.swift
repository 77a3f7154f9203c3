/// The place of a tensor in a question, by the name that a file gives it: `input`, `layers.0.weights`,
/// `optimizer_state.layers.0.mean_weights`.
struct TensorPlace: Hashable {
    /// The lists whose entries have tensors.
    enum List { case layers, moments }

    /// The tensors of the question itself.
    static let questionFields =
        ["input", "output", "outputs", "target", "mask", "uniforms", "previous", "output_gradient", "gradient"]
        + TestFields<Double>.fields
    private static let layerFields = ["weights", "bias", "mask", "uniforms", "previous"]

    /// Nil for a tensor of the question itself.
    let list: List?
    /// The entry of the list.
    let index: Int
    let field: String

    /// A tensor of a layer.
    init(layer index: Int, field: String) { (list, self.index, self.field) = (.layers, index, field) }

    /// Nil for any other name.
    init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let field = parts.last else { return nil }
        switch parts.count {
        case 1 where Self.questionFields.contains(field): (list, index) = (nil, 0)
        case 3 where parts[0] == "layers" && Self.layerFields.contains(field):
            guard let index = Self.index(parts[1]) else { return nil }
            (list, self.index) = (.layers, index)
        case 4 where parts[0] == "optimizer_state" && parts[1] == "layers" && OptimizerFields.moments.contains(field):
            guard let index = Self.index(parts[2]) else { return nil }
            (list, self.index) = (.moments, index)
        default: return nil
        }
        self.field = field
    }

    /// The pointer to the part of the question whose field it is.
    var pointer: String {
        switch list {
        case nil: ""
        case .layers: "/layers/\(index)"
        case .moments: "/optimizer_state/layers/\(index)"
        }
    }

    /// The name in a file.
    var name: String { "\(pointer)/\(field)".dropFirst().split(separator: "/").joined(separator: ".") }

    /// A number of a list's entry: up to 9 digits, without a leading zero.
    static func index(_ text: String) -> Int? {
        guard text.utf8.count < 10, text == "0" || text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }
}
