/// The reasons for which the engine has no result: wrong numbers, shapes and draws of a caller, a stop, and a fault of the engine.
package enum DropoutError: Error, Sendable, Equatable {
    case probabilityOutOfRange(Double)
    case negativeDimension(axis: Int, value: Int)
    case shapeOverflow
    case elementCountMismatch(expected: Int, actual: Int)
    /// A noise shape's axis is neither 1 nor the extent of the tensor.
    case noiseShapeMismatch(axis: Int, noise: Int, tensor: Int)
    case noiseRankTooLarge(noise: Int, tensor: Int)
    /// A given mask or given uniforms have neither the tensor's shape nor the drawn one.
    case givenShapeMismatch(given: [Int], tensor: [Int], drawn: [Int])
    /// A given mask differs between two elements that share a draw.
    case maskNotShared(index: Int)
    /// A given uniform is outside [0, 1) or NaN.
    case uniformOutOfRange(index: Int, value: Double)
    /// The generator cannot start in the middle of its stream.
    case offsetUnsupported
    /// The last unit's index would be above 2^64 - 1.
    case offsetTooLarge(units: Int)
    /// The stream can only be entered by drawing, and the place is too far away.
    case skipTooLarge(maximum: UInt64)
    /// A concrete dropout's temperature is not finite and above 0.
    case temperatureOutOfRange(Double)
    /// DropBlock's tensor is not [N, C, D...] with one to three dimensions D.
    case featureMapRank(Int)
    case blockSizeOutOfRange(Int)
    /// The rate cannot be reached with blocks of this size.
    case blockRateTooLarge(gamma: Double)
    case weightsNotMatrix(rank: Int)
    case inputNotMatrix(rank: Int)
    case biasCountMismatch(expected: Int, actual: Int)
    /// A layer takes `expected` units and gets `actual`.
    case layerInputMismatch(layer: Int, expected: Int, actual: Int)
    case targetShapeMismatch(expected: [Int], actual: [Int])
    case classOutOfRange(index: Int, value: Int, classes: Int)
    /// Class indices are a target only of the cross-entropy.
    case classesNeedCrossEntropy
    /// The optimizer's state belongs to other layers or to another optimizer.
    case optimizerStateMismatch(layer: Int)
    /// The computation was told to stop, so there is no result.
    case stopped
    /// The engine contradicts itself. The text says how; it is for the log, not for the caller.
    case impossible(String)
}
