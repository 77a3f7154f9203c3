import DropoutEngine
import Stopping

/// Flax Linen's stream: the hash of the layer's path is begun once and ended for each call.
struct ModulePathDraws: DrawStream {
    private let key: JAXKey
    /// Nil: the dropouts of a network have the names "Dropout_0", "Dropout_1", ...
    private let path: [String]?
    private let call: UInt32
    private let offset: UInt64
    private var hash = SHA1()

    init(key: JAXKey, path: [String]?, call: UInt32, offset: UInt64) {
        self.key = key
        self.path = path
        self.call = call
        self.offset = offset
    }

    mutating func enter(stop: StopFlag) throws(DropoutError) {
        for name in path ?? [] {
            var rest = name.utf8[...]
            while !rest.isEmpty {
                try stop.ask()
                // 0.4 ms at 6 ns a byte.
                hash.absorb(rest.prefix(1 << 16))
                rest = rest.dropFirst(1 << 16)
            }
        }
    }

    func source(at place: DrawPlace) -> DrawSource {
        var hash = hash
        if path == nil { hash.absorb("Dropout_\(place.draw)".utf8) }
        return DrawSource(
            generator: FlaxLinen(key: key, path: hash, call: call &+ place.pass32), offset: offset)
    }
}
