import DropoutEngine
import Stopping
import TensorJSON

/// How a mask stands in an answer.
package enum MaskFormat: String, CaseIterable, Sendable {
    /// 1 kept, 0 dropped.
    case numbers
    /// true kept, false dropped.
    case booleans
    /// Base64 of 8 elements a byte, row-major, the first element in the highest bit, the last byte padded with zeros.
    case packed
    /// The row-major indices of the kept elements, ascending.
    case indices
    case none
}

extension JSONWriter {
    /// `"mask": ...`, or nothing where the format is `none`; numbers and booleans nested or, in the other tensor forms,
    /// flat with their shape.
    mutating func mask(
        _ mask: Mask, format: MaskFormat, form: TensorForm, _ stop: StopFlag
    ) throws(Problem) {
        guard format != .none else { return }
        key("mask")
        try maskValue(mask, format: format, form: form, stop)
    }

    /// `"mask"`, or `"noise"` with one factor for each unit that is drawn.
    mutating func noise(
        _ noise: DropoutNoise, format: MaskFormat, form: TensorForm, _ stop: StopFlag
    ) throws(Problem) {
        switch noise {
        case .mask(let mask), .blocks(_, let mask): try self.mask(mask, format: format, form: form, stop)
        case .factors(let factors, let shape):
            guard format != .none else { return }
            key("noise")
            tensorValue(factors, shape.drawn.dimensions, form: form)
        case .none: break
        }
    }

    mutating func maskValue(
        _ mask: Mask, format: MaskFormat, form: TensorForm, _ stop: StopFlag
    ) throws(Problem) {
        switch format {
        case .numbers, .booleans:
            let dimensions = mask.noise.full.dimensions
            if form == .nested {
                nestedBits(mask.kept, shape: dimensions, asBooleans: format == .booleans)
            } else {
                beginObject()
                key("shape")
                shape(dimensions)
                key("data")
                nestedBits(mask.kept, shape: [mask.kept.count], asBooleans: format == .booleans)
                endObject()
            }
        case .packed: base64(try computing { () throws(DropoutError) in try mask.packed(stop: stop) })
        case .indices:
            let indices = try computing { () throws(DropoutError) in try mask.keptIndices(stop: stop) }
            // Whole numbers up to 2^53 print as such, and a long list is printed part by part.
            flatArray(indices.map { Double($0) })
        case .none: null()
        }
    }

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

    /// A float64; nil is null.
    mutating func field(_ name: String, _ value: Double?) {
        key(name)
        if let value { number(value) } else { null() }
    }

    /// A float64; nil and what is not finite are null.
    mutating func field(_ name: String, finite value: Double?) {
        field(name, value.flatMap { $0.isFinite ? $0 : nil })
    }

    /// A number up to 2^53, a string above, so that readers with float64 numbers lose nothing.
    mutating func field(_ name: String, natural value: UInt64) {
        key(name)
        if value <= 1 << 53 { integer(value) } else { string(String(value)) }
    }

    mutating func tensorField<Scalar: WireScalar>(_ name: String, _ tensor: Tensor<Scalar>, form: TensorForm) {
        key(name)
        tensorValue(tensor.elements, tensor.shape.dimensions, form: form)
    }

    mutating func tensorValue<Scalar: WireScalar>(_ elements: [Scalar], _ dimensions: [Int], form: TensorForm) {
        switch form {
        case .nested: Scalar.writeNested(elements, shape: dimensions, to: &self)
        case .flat:
            beginObject()
            key("shape")
            shape(dimensions)
            key("data")
            Scalar.writeFlat(elements, to: &self)
            endObject()
        case .base64:
            beginObject()
            key("shape")
            shape(dimensions)
            field("dtype", Scalar.elementType.rawValue)
            key("base64")
            Scalar.writeBase64(elements, to: &self)
            endObject()
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
