import DropoutEngine

/// Who draws the masks: seed, step, stream and offset of one named generator.
struct Randomness {
    /// Names of the fields, for the list of known ones.
    static let fields = ["seed", "step", "stream", "offset", "generator"]

    let seed: UInt64
    let step: UInt32
    let stream: UInt32
    let offset: UInt64
    let generator: GeneratorName

    /// Reads the fields; an absent seed is drawn from the system's generator and echoed like a given one.
    init(_ reader: FieldReader) {
        seed = reader.natural("seed", upTo: .max) ?? UInt64.random(in: 0...(1 << 53))
        step = UInt32(clamping: reader.natural("step", upTo: UInt64(UInt32.max)) ?? 0)
        stream = UInt32(clamping: reader.natural("stream", upTo: UInt64(UInt32.max)) ?? 0)
        offset = reader.natural("offset", upTo: .max) ?? 0
        generator = reader.choice("generator", GeneratorName.self) ?? .philox
    }

    /// The generator of layer `layer` in pass `pass`: step and stream counted up, modulo 2^32.
    func generator(layer: Int = 0, pass: Int = 0) -> any MaskGenerator {
        switch generator {
        case .philox:
            PhiloxGenerator(
                seed: seed, step: step &+ UInt32(truncatingIfNeeded: pass),
                stream: stream &+ UInt32(truncatingIfNeeded: layer))
        }
    }
}

/// The generators by their names on the wire.
package enum GeneratorName: String, CaseIterable, Sendable {
    /// Philox4x32-10 (Salmon et al., SC11): the service's own; any element can be drawn without the others.
    case philox
}
