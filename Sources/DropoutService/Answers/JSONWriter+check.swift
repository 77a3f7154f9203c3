import DropoutEngine
import TensorJSON

extension JSONWriter {
    mutating func check(_ check: ExpectedValueCheck, name: String = "check") {
        key(name)
        beginObject()
        field("expected_mean", check.expectedMean)
        field("observed_mean", check.observedMean)
        field("expected_sum", check.expectedSum)
        field("observed_sum", check.observedSum)
        field("standard_error", check.standardError)
        field("z_score", check.zScore)
        key("consistent")
        bool(check.consistent)
        field("kept", check.kept)
        field("expected_kept", check.expectedKept)
        field("kept_fraction", check.keptFraction)
        field("log_probability", check.logProbability)
        endObject()
    }

    /// `"exact"`: how many masks there are, and the mean and variance over them element by element.
    ///
    /// - Parameters:
    ///   - form: the form of the other tensors. What is printed is nested.
    ///   - type: the type in which the passes were computed.
    mutating func exactMoments<Scalar: WireScalar>(
        masks: Int, mean: [Double], variance: [Double], shape: Shape, form: TensorForm, ofPasses type: Scalar.Type
    ) {
        let form: TensorForm = form == .file ? .file : .nested
        key("exact")
        beginObject()
        field("masks", masks)
        momentsType(ofPasses: type)
        key("mean")
        tensorValue(mean, shape.dimensions, form: form)
        key("variance")
        tensorValue(variance, shape.dimensions, form: form)
        endObject()
    }

    /// `"dtype"` of moments, which are float64 whatever the type of the passes is. Passes in float64 need not say so.
    mutating func momentsType<Scalar: WireScalar>(ofPasses type: Scalar.Type) {
        if Scalar.elementType != .float64 { field("dtype", ElementType.float64.rawValue) }
    }
}
