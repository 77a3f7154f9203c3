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
}
