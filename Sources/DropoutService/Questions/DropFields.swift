import DropoutEngine

/// What is dropped, and how often: the probability and which elements share a draw.
struct DropFields {
    static let fields = ["keep_prob", "rate", "granularity", "noise_shape"]

    let variant: VariantFields
    let probability: KeepProbability
    let granularity: Granularity
    let noiseDimensions: [Int]?
    /// The `noise_shape` of a request whose variant says itself what is shared.
    private let statedNoise: [Int]?
    private let reader: FieldReader

    /// Nil where a field is wrong or, with `isRequired`, where no probability is given.
    init?(_ reader: FieldReader, variant: VariantFields, isRequired: Bool) {
        self.reader = reader
        self.variant = variant
        let allowed = variant.record.granularities
        let named = reader.choice("granularity", Granularity.self)
        granularity = reader.isGiven("granularity") ? named ?? .element : allowed.first ?? .element
        if reader.isGiven("granularity"), named != nil, !allowed.contains(granularity) {
            let names = allowed.map(\.rawValue).joined(separator: " or ")
            let reason = allowed.isEmpty ? "says itself what is dropped as one" : "has the granularity \(names)"
            reader.wrong("granularity", "\(variant.name) \(reason)")
        }
        let noise = reader.naturals("noise_shape")
        // The shape that such a variant draws is echoed, so it may be sent again.
        let hasOwnNoise = allowed.isEmpty && variant.record.hasNoiseShape
        (noiseDimensions, statedNoise) = hasOwnNoise ? (nil, noise) : (noise, nil)
        if reader.has("noise_shape"), !hasOwnNoise, allowed != Granularity.allCases {
            reader.wrong("noise_shape", "\(variant.name) has its own noise shape")
        }
        if reader.isGiven("granularity"), reader.has("noise_shape") {
            reader.wrong("noise_shape", "granularity and noise_shape exclude each other")
        }
        guard let probability = Self.probability(reader, isRequired: isRequired) else { return nil }
        self.probability = probability
    }

    /// `keep_prob` or `rate`; both only where one is 1 - the other in float64.
    private static func probability(_ reader: FieldReader, isRequired: Bool) -> KeepProbability? {
        let meaning = "a probability from 0 to 1"
        let keep = reader.number("keep_prob", in: 0...1, meaning)
        let rate = reader.number("rate", in: 0...1, meaning)
        do {
            switch (keep, rate) {
            case (let keep?, let rate?):
                if keep == 1 - rate { return try KeepProbability(rate: rate) }
                if rate == 1 - keep { return try KeepProbability(keep: keep) }
                reader.wrong("rate", "keep_prob \(keep) and rate \(rate) disagree: give one of them alone")
            case (let keep?, nil) where !reader.has("rate"): return try KeepProbability(keep: keep)
            case (nil, let rate?) where !reader.has("keep_prob"): return try KeepProbability(rate: rate)
            case (nil, nil) where isRequired && !reader.has("keep_prob") && !reader.has("rate"):
                reader.problems.add(
                    reader.pointer, "keep_prob (the probability to keep) or rate (to drop) is required")
            default: break
            }
        } catch {
            reader.wrong(keep == nil ? "rate" : "keep_prob", error.explanation)
        }
        return nil
    }

    /// Notes a `noise_shape` that is not the one that the variant draws.
    func check(own noise: NoiseShape) {
        guard let statedNoise, statedNoise != noise.drawn.dimensions else { return }
        reader.wrong(
            "noise_shape",
            "\(variant.name) has its own noise shape, \(DropoutError.text(noise.drawn.dimensions))")
    }

    /// Which elements of a tensor of this shape share a draw; nil and an entry where the noise shape does not fit.
    func noise(for full: Shape, layout: Layout) -> NoiseShape? {
        guard let noiseDimensions else { return NoiseShape(granularity, of: full, layout: layout) }
        do {
            return try NoiseShape(Shape(noiseDimensions), for: full)
        } catch {
            reader.wrong("noise_shape", error.explanation)
            return nil
        }
    }
}
