import DropoutEngine
import TensorJSON

/// The kind of one dropout, with the fields that it alone has.
struct VariantFields {
    static let fields = ["variant", "data_format", "block_size", "temperature", "previous"]

    let variant: DropoutVariant
    let channelsLast: Bool
    let blockSize: Int
    let temperature: Double
    /// Zoneout's previous state; exact in float64 whatever type it was read in.
    let previous: Tensor<Double>?

    init<Scalar: WireScalar>(_ reader: FieldReader, _ type: Scalar.Type, text: RequestText) throws(Problem) {
        variant = reader.choice("variant", DropoutVariant.self) ?? .dropout
        for field in Self.fields where reader.isGiven(field) && !Self.own(variant).contains(field) {
            reader.wrong(field, "no field of the variant \(variant.rawValue)")
        }
        channelsLast = reader.choice("data_format", DataFormat.self) == .channelsLast
        blockSize = Int(clamping: reader.natural("block_size", upTo: UInt64(UInt32.max)) ?? 7)
        temperature = reader.number("temperature", in: 1e-9...1e9, "a temperature from 1e-9 to 1e9") ?? 0.1
        let state = try reader.tensor("previous", of: Scalar.self, text: text)?.tensor
        previous = state?.converted(to: Double.self)
        if variant == .zoneout, !reader.has("previous") {
            reader.problems.add(reader.pointer, "zoneout needs previous, the state that a dropped unit keeps")
        }
    }

    /// Dropout itself.
    static let plain = VariantFields()

    private init() {
        (variant, channelsLast, blockSize, temperature, previous) = (.dropout, false, 7, 0.1, nil)
    }

    /// What a variant has beside the probability.
    private static func own(_ variant: DropoutVariant) -> [String] {
        switch variant {
        case .dropout, .alpha, .gaussian, .dropPath, .dropConnect, .variational: ["variant"]
        case .spatial: ["variant", "data_format"]
        case .dropBlock: ["variant", "block_size"]
        case .concrete: ["variant", "temperature"]
        case .zoneout: ["variant", "previous"]
        }
    }

    /// The granularities that a variant may have, the default first; none where its own rule says what is shared.
    var granularities: [Granularity] {
        switch variant {
        case .dropout, .alpha, .gaussian, .concrete, .zoneout: Granularity.allCases
        case .dropPath: [.sample, .batch]
        case .dropConnect: [.batch, .sample]
        case .spatial, .dropBlock, .variational: []
        }
    }

    /// Whether `scheme: classic` has a meaning.
    var knowsClassic: Bool {
        switch variant {
        case .dropout, .spatial, .dropPath, .dropConnect, .variational: true
        case .alpha, .gaussian, .dropBlock, .concrete, .zoneout: false
        }
    }

    /// Whether the noise is a number between dropped and kept rather than either.
    var isContinuous: Bool { variant == .gaussian || variant == .concrete }

    func write(to writer: inout JSONWriter) {
        guard variant != .dropout else { return }
        writer.field("variant", variant.rawValue)
        switch variant {
        case .spatial:
            writer.field("data_format", (channelsLast ? DataFormat.channelsLast : .channelsFirst).rawValue)
        case .dropBlock: writer.field("block_size", blockSize)
        case .concrete: writer.field("temperature", temperature)
        default: break
        }
    }

    private enum DataFormat: String, CaseIterable {
        case channelsFirst = "channels_first"
        case channelsLast = "channels_last"
    }
}
