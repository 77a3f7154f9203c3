/// The linear layers of a PyTorch `state_dict` whose model is one `nn.Sequential`: `0.weight`, `0.bias`, `3.weight`.
///
/// The modules between them have no tensors, so the layers are the numbers in their order.
struct TorchLayers {
    /// The fields of a layer by their names in PyTorch.
    private static let fields = ["weight": "weights", "bias": "bias"]

    /// The layers by the numbers of their modules.
    private let layers: [Int: Int]
    /// Whether the file also has tensors by the names of our fields, so that the order of the layers is not known.
    private let isMixed: Bool

    /// - Parameter names: the names of all tensors in the file.
    init(_ names: [String]) {
        let modules = Set(names.compactMap { Self.parts($0)?.module })
        layers = Dictionary(uniqueKeysWithValues: modules.sorted().enumerated().map { ($1, $0) })
        isMixed = names.contains { TensorPlace($0)?.list == .layers }
    }

    /// Nil if the name is not one of PyTorch, or if other layers are named in another way.
    func place(of name: String) -> TensorPlace? {
        guard !isMixed, let (module, field) = Self.parts(name), let layer = layers[module] else { return nil }
        return TensorPlace(layer: layer, field: field)
    }

    /// What to do about a name that is unknown.
    func hint(_ name: String) -> String {
        if isMixed, Self.parts(name) != nil { return "name all layers in one way, as layers.0.weights" }
        return "a tensor has the name of its field, as input or layers.0.weights, or that of nn.Sequential, as 0.weight"
    }

    private static func parts(_ name: String) -> (module: Int, field: String)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let module = TensorPlace.index(parts[0]), let field = fields[parts[1]] else {
            return nil
        }
        return (module, field)
    }
}
