import DropoutEngine
import TensorJSON

/// The fields of answers, by the type of their values.
extension JSONWriter {
    mutating func shape(_ dimensions: [Int]) {
        beginArray()
        for dimension in dimensions { integer(Int64(dimension)) }
        endArray()
    }

    mutating func field(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func field(_ name: String, _ value: Int) {
        key(name)
        integer(Int64(value))
    }

    /// A float64. Nil is printed as null.
    mutating func field(_ name: String, _ value: Double?) {
        key(name)
        if let value { number(value) } else { null() }
    }

    /// A float64. Nil and what is not finite are printed as null.
    mutating func field(_ name: String, finite value: Double?) {
        field(name, value.flatMap { $0.isFinite ? $0 : nil })
    }

    /// A number up to 2^53, a string above, so that readers with float64 numbers lose nothing.
    mutating func field(_ name: String, natural value: UInt64) {
        key(name)
        if value <= 1 << 53 { integer(value) } else { string(String(value)) }
    }

    mutating func tensorField<Scalar: WireScalar>(
        _ name: String, _ tensor: Tensor<Scalar>, form: TensorForm, as type: ElementType = Scalar.elementType
    ) {
        key(name)
        tensorValue(tensor.elements, tensor.shape.dimensions, form: form, as: type)
    }

    /// - Parameter type: the type to which the elements have been rounded.
    mutating func tensorValue<Scalar: WireScalar>(
        _ elements: [Scalar], _ dimensions: [Int], form: TensorForm, as type: ElementType = Scalar.elementType
    ) {
        switch form {
        case .nested: Scalar.writeNested(elements, shape: dimensions, as: type, to: &self)
        case .flat:
            beginObject()
            key("shape")
            shape(dimensions)
            key("data")
            Scalar.writeFlat(elements, as: type, to: &self)
            endObject()
        case .base64:
            beginObject()
            key("shape")
            shape(dimensions)
            field("dtype", type.rawValue)
            key("base64")
            Scalar.writeBase64(elements, as: type, to: &self)
            endObject()
        case .file: detach(Scalar.bytes(elements, as: type.stored), .numbers(type), shape: dimensions)
        }
    }

    mutating func probability(_ probability: KeepProbability) {
        field("keep_prob", probability.keep)
        field("rate", probability.rate)
    }

    mutating func granularity(_ drop: DropFields, _ noise: NoiseShape) {
        if drop.noiseDimensions == nil, !drop.variant.record.granularities.isEmpty {
            field("granularity", drop.granularity.rawValue)
        } else if drop.variant.record.hasNoiseShape {
            key("noise_shape")
            shape(noise.drawn.dimensions)
        }
    }
}
