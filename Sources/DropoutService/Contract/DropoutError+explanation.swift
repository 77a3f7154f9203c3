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
            "axis \(axis) of the noise shape is \(noise); \(tensor == 1 ? "1" : "1 or \(tensor)") expected"
        case .noiseRankTooLarge(let noise, let tensor):
            "the noise shape has \(noise) dimensions, the tensor \(tensor)"
        case .givenShapeMismatch(let given, let tensor, let drawn):
            tensor == drawn
                ? "the shape is \(Self.text(given)); \(Self.text(tensor)) expected"
                : "the shape is \(Self.text(given)); the tensor's \(Self.text(tensor)) or the drawn \(Self.text(drawn)) expected"
        case .maskNotShared(let index): "element \(index) differs from another one of the same unit"
        case .uniformOutOfRange(let index, let value): "element \(index) is \(value); at least 0 and below 1 expected"
        case .temperatureOutOfRange(let value): "a temperature above 0 expected, \(value) found"
        case .featureMapRank(let rank):
            "drop_block takes [N, C, D...] with one to three dimensions D, a tensor of rank \(rank) found"
        case .blockSizeOutOfRange(let size): "a block size from 1 expected, \(size) found"
        case .blockRateTooLarge(let gamma):
            "the rate is too high for this block size: each block would start with probability \(gamma)"
        case .weightsNotMatrix(let rank): "a matrix [out, in] expected, a tensor of rank \(rank) found"
        case .inputNotMatrix(let rank): "a matrix expected with layers, a tensor of rank \(rank) found"
        case .biasCountMismatch(let expected, let actual): "\(expected) numbers or one expected, \(actual) found"
        case .layerInputMismatch(let layer, let expected, let actual):
            "layer \(layer) takes \(expected) units and gets \(actual)"
        case .targetShapeMismatch(let expected, let actual):
            "the shape is \(Self.text(actual)); \(Self.text(expected)) expected"
        case .classOutOfRange(let index, let value, let classes):
            "class \(value) of example \(index) is not in 0..<\(classes)"
        case .classesNeedCrossEntropy: "class indices go with the loss cross_entropy alone"
        case .optimizerStateMismatch(let layer): "the state does not fit the optimizer and layer \(layer)"
        case .skipTooLarge(let maximum):
            "this stream is entered by drawing; at most \(maximum) words are drawn before the first"
        case .offsetTooLarge(let units): "\(units) units from this offset do not fit below 2^64"
        case .offsetUnsupported: "this generator cannot start inside its stream; offset must be 0"
        case .stopped: "the computation was stopped before it had a result"
        case .impossible: "the service contradicts itself; this is a fault of the service, not of the request"
        }
    }

    /// A shape for a message: the first eight extents, and the rank if there are more.
    static func text(_ shape: [Int]) -> String {
        if shape.count <= 8 { return "\(shape)" }
        return "[" + shape.prefix(8).map { "\($0), " }.joined() + "…] of rank \(shape.count)"
    }
}
