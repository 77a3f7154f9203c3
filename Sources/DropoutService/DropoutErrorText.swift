import DropoutEngine

extension DropoutError {
    /// The error as a sentence for the caller.
    var explanation: String {
        switch self {
        case .probabilityOutOfRange(let value): "a probability from 0 to 1 expected, \(value) found"
        case .negativeDimension(let axis, let value): "dimension \(axis) is \(value), below 0"
        case .shapeOverflow: "the shape has more elements than can be counted"
        case .elementCountMismatch(let expected, let actual):
            "the shape has \(expected) elements, the data \(actual)"
        case .noiseShapeMismatch(let axis, let noise, let tensor):
            "axis \(axis) of the noise shape is \(noise); 1 or \(tensor) expected"
        case .noiseRankTooLarge(let noise, let tensor):
            "the noise shape has \(noise) dimensions, the tensor \(tensor)"
        case .offsetUnsupported: "this generator cannot start inside its stream; offset must be 0"
        }
    }
}
