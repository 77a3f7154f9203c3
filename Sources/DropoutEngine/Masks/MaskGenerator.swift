package import Stopping

/// A source of dropout masks: the way in which a library, or this service, decides which units are kept.
///
/// A generator is a value. Drawing changes nothing: the same generator, shape, probability and offset give the same
/// mask on every machine and in any order.
package protocol MaskGenerator: Sendable {
    /// Draws whether each unit is kept, in row-major order.
    ///
    /// Shapes: the answer has `shape.count` bytes, each 0 (dropped) or 1 (kept).
    /// Edge cases: keep 1 keeps all and keep 0 none, whatever the random words are; an empty shape draws nothing.
    ///
    /// - Parameters:
    ///   - shape: the drawn shape. Most generators use only its count, and some its dimensions.
    ///   - offset: the index of the first unit in a larger logical tensor.
    ///   - stop: asked at least every millisecond.
    /// - Throws: ``DropoutError/offsetUnsupported`` if the stream cannot be entered at `offset`,
    ///   ``DropoutError/skipTooLarge(maximum:)`` if it is entered by drawing and `offset` is too far,
    ///   ``DropoutError/stopped``.
    func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8]

    /// The uniform numbers in [0, 1) that ``kept(_:probability:offset:stop:)`` compares with the probability, exact in float64.
    ///
    /// They are the same for every probability. ``UniformComparison`` makes the mask of them.
    ///
    /// - Returns: one number for each unit, in row-major order. Nil if the library compares integers or does not compare.
    /// - Throws: as ``kept(_:probability:offset:stop:)``.
    func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]?
}

extension MaskGenerator {
    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? { nil }
}
