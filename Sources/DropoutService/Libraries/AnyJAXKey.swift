import DropoutEngine

/// A JAX key of any implementation: what can be folded into it, and what draws with it.
///
/// JAX, Flax and Keras on JAX derive keys in ways of their own and then draw in the same one.
struct AnyJAXKey: Sendable {
    private let fold: @Sendable (UInt32) -> AnyJAXKey
    /// The generator of masks, by the type of the probability. Threefry alone draws in other types than float32.
    let generator: @Sendable (DrawType) -> any MaskGenerator

    private init<Key: Sendable>(
        _ key: Key, _ fold: @escaping @Sendable (Key) -> (UInt32) -> Key,
        _ generator: @escaping @Sendable (Key, DrawType) -> any MaskGenerator
    ) {
        self.fold = { AnyJAXKey(fold(key)($0), fold, generator) }
        self.generator = { generator(key, $0) }
    }

    init(threefry key: JAXKey, isPartitionable: Bool) {
        self.init(key, JAXKey.foldingIn) { key, type in
            if isPartitionable {
                JAXPartitionable(key: key, rateType: type)
            } else {
                JAXOriginal(key: key, rateType: type)
            }
        }
    }

    init(_ key: JAXRBG) { self.init(key, JAXRBG.foldingIn) { key, _ in key } }
    init(_ key: JAXPhilox4x32) { self.init(key, JAXPhilox4x32.foldingIn) { key, _ in key } }
    init(_ key: JAXPhilox2x32) { self.init(key, JAXPhilox2x32.foldingIn) { key, _ in key } }
    init(_ key: JAXThreefry4x32) { self.init(key, JAXThreefry4x32.foldingIn) { key, _ in key } }

    /// `jax.random.fold_in(key, data)`.
    func foldingIn(_ data: UInt32) -> AnyJAXKey { fold(data) }

    /// Folds in each number in turn.
    func foldingIn(_ list: [UInt32]) -> AnyJAXKey { list.reduce(self) { $0.foldingIn($1) } }
}

extension JAXKeyType {
    /// The words of `jax.random.key_data`.
    var words: Int {
        switch self {
        case .philox2x32: 1
        case .threefry2x32, .philox4x32: 2
        case .rbg, .threefry4x32: 4
        }
    }
}

extension Randomness {
    /// The key of the question, before anything is folded in: `jax.random.key(seed, impl=type)` or the words sent.
    func jaxKey(_ type: JAXKeyType, isPartitionable: Bool) throws(DropoutError) -> AnyJAXKey {
        let words = try seed.key(ofWords: type.words)
        let seeded: () throws(DropoutError) -> JAXKey = { () throws(DropoutError) in
            JAXKey(seed: Int64(bitPattern: try self.seed.bits), x64: self.parameters.x64)
        }
        switch type {
        case .threefry2x32:
            let key = if let words { JAXKey(high: words[0], low: words[1]) } else { try seeded() }
            return AnyJAXKey(threefry: key, isPartitionable: isPartitionable)
        case .rbg:
            guard let words else { return AnyJAXKey(JAXRBG(key: try seeded())) }
            return AnyJAXKey(
                JAXRBG(keyData: (JAXKey(high: words[0], low: words[1]), JAXKey(high: words[2], low: words[3]))))
        case .philox4x32:
            guard let words else { return AnyJAXKey(JAXPhilox4x32(seed: try seeded())) }
            return AnyJAXKey(JAXPhilox4x32(key: (words[0], words[1])))
        case .philox2x32:
            guard let words else { return AnyJAXKey(JAXPhilox2x32(seed: try seeded())) }
            return AnyJAXKey(JAXPhilox2x32(key: words[0]))
        case .threefry4x32:
            guard let words else { return AnyJAXKey(JAXThreefry4x32(seed: try seeded())) }
            return AnyJAXKey(JAXThreefry4x32(key: (words[0], words[1], words[2], words[3])))
        }
    }

    /// The key of the question with its own key type and layout.
    var jaxKey: AnyJAXKey {
        get throws(DropoutError) { try jaxKey(parameters.keyType, isPartitionable: parameters.isPartitionable) }
    }
}
