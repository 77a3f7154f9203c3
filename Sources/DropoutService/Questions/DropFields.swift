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

    /// Nil if a field is wrong or, with `isRequired`, if no probability is given.
    init?(_ question: Question, variant: VariantFields, isRequired: Bool) {
        self.variant = variant
        let allowed = variant.record.granularities
        let named = question.choice("granularity", Granularity.self)
        granularity = question.isGiven("granularity") ? named ?? .element : allowed.first ?? .element
        if question.isGiven("granularity"), named != nil, !allowed.contains(granularity) {
            let names = allowed.map(\.rawValue).joined(separator: " or ")
            let reason = allowed.isEmpty ? "says itself what is dropped as one" : "has the granularity \(names)"
            question.wrong("granularity", "\(variant.name) \(reason)")
        }
        let noise = question.naturals("noise_shape")
        // The shape that such a variant draws is echoed, so it may be sent again.
        let hasOwnNoise = allowed.isEmpty && variant.record.hasNoiseShape
        (noiseDimensions, statedNoise) = hasOwnNoise ? (nil, noise) : (noise, nil)
        if question.has("noise_shape"), !hasOwnNoise, allowed != Granularity.allCases {
            question.wrong("noise_shape", "\(variant.name) has its own noise shape; leave the field out")
        }
        if question.isGiven("granularity"), question.has("noise_shape") {
            question.wrong("noise_shape", "give `granularity` or `noise_shape`, not both")
        }
        guard let probability = Self.probability(question, isRequired: isRequired) else { return nil }
        self.probability = probability
    }

    /// The probability of `keep_prob` or `rate`. Both may be there if one is 1 - the other in float64.
    private static func probability(_ question: Question, isRequired: Bool) -> KeepProbability? {
        let meaning = "a probability from 0 to 1"
        let keep = question.number("keep_prob", in: 0...1, meaning)
        let rate = question.number("rate", in: 0...1, meaning)
        do {
            switch (keep, rate) {
            case (let keep?, let rate?):
                if keep == 1 - rate { return try KeepProbability(rate: rate) }
                if rate == 1 - keep { return try KeepProbability(keep: keep) }
                question.wrong("rate", "keep_prob \(keep) and rate \(rate) disagree: give one of them alone")
            case (let keep?, nil) where !question.has("rate"): return try KeepProbability(keep: keep)
            case (nil, let rate?) where !question.has("keep_prob"): return try KeepProbability(rate: rate)
            case (nil, nil) where isRequired && !question.has("keep_prob") && !question.has("rate"):
                question.wrong("keep_prob (the probability to keep) or rate (to drop) is required")
            default: break
            }
        } catch {
            question.wrong(keep == nil ? "rate" : "keep_prob", error.explanation)
        }
        return nil
    }

    /// Notes a `noise_shape` that is not the one that the variant draws.
    func check(own noise: NoiseShape, _ question: Question) {
        guard let statedNoise, statedNoise != noise.drawn.dimensions else { return }
        question.wrong(
            "noise_shape",
            "\(variant.name) has its own noise shape, \(DropoutError.text(noise.drawn.dimensions))")
    }

    /// Which elements of a tensor of this shape share a draw. Nil, with an entry, if the noise shape does not fit.
    func noise(for full: Shape, layout: Layout, _ question: Question) -> NoiseShape? {
        guard let noiseDimensions else { return NoiseShape(granularity, of: full, layout: layout) }
        do {
            return try NoiseShape(Shape(noiseDimensions), for: full)
        } catch {
            question.wrong("noise_shape", error.explanation)
            return nil
        }
    }
}
