import DropoutEngine
import Stopping
import TensorJSON

/// The form of a mask in an answer.
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
    /// Writes `"mask": ...`, or nothing if the format is `none`.
    ///
    /// Numbers and booleans are nested or in the file. In the other tensor forms they are flat with their shape.
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

    /// Writes `"masks": [...]` with null for a layer that has none, or nothing if the format is `none`.
    mutating func masks(
        _ masks: [Mask?], format: MaskFormat, form: TensorForm, _ stop: StopFlag
    ) throws(Problem) {
        guard format != .none else { return }
        key("masks")
        beginArray()
        for mask in masks {
            if let mask { try maskValue(mask, format: format, form: form, stop) } else { null() }
        }
        endArray()
    }

    mutating func maskValue(
        _ mask: Mask, format: MaskFormat, form: TensorForm, _ stop: StopFlag
    ) throws(Problem) {
        switch format {
        case .numbers, .booleans:
            let dimensions = mask.noise.full.dimensions
            switch form {
            case .nested: nestedBits(mask.kept, shape: dimensions, asBooleans: format == .booleans)
            case .file: detach(mask.kept, .bits(asBooleans: format == .booleans), shape: dimensions)
            case .flat, .base64:
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
}
