import DropoutEngine

/// Concrete dropout, see ``ConcreteNoise``. The moments of its noise take a computation.
extension VariantRecord {
    static let concrete = VariantRecord(
        .concrete, fields: ["temperature"], knowsClassic: false,
        echo: { fields, writer in writer.field("temperature", fields.temperature) },
        plan: { place throws(DropoutError) in
            _ = try ConcreteNoise(place.probability, temperature: place.fields.temperature)
            return place.shared(nil)
        },
        prepare: { probability, fields, stop throws(DropoutError) in
            let moments = try ConcreteNoise(probability, temperature: fields.temperature).moments(stop: stop)
            return .multiply(mean: moments.mean, variance: moments.variance)
        },
        factors: { uniforms, probability, fields, stop throws(DropoutError) in
            try ConcreteNoise(probability, temperature: fields.temperature).factors(uniforms, stop: stop)
        },
        law: { probability, fields throws(DropoutError) in
            .concrete(try ConcreteNoise(probability, temperature: fields.temperature))
        },
        price: .multiplying(.concreteFactor, preparation: KernelPrice.concreteMoments(1)))
}
