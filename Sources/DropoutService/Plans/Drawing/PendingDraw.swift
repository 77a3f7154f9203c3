package import DropoutEngine
package import Stopping

/// One draw that can be carried out at any time and on any thread: it holds its own place in the stream.
///
/// Its size is a few words, or 5 KB for a stream of Mersenne Twister words.
package struct PendingDraw: Sendable {
    let source: DrawSource
    let draw: DrawSchedule.Draw

    /// Draws the mask.
    ///
    /// - Parameter noise: its drawn shape has as many units as the draw's schedule says.
    /// - Throws: what the generator throws, ``DropoutError/offsetTooLarge(units:)``, ``DropoutError/stopped``.
    package func mask(_ noise: NoiseShape, stop: StopFlag) throws(DropoutError) -> Mask {
        guard noise.drawn.count == draw.units else {
            throw .impossible("\(noise.drawn.count) units are drawn where \(draw.units) were scheduled")
        }
        return try Mask(
            drawing: source.generator, noise: noise, probability: draw.probability, offset: source.offset, stop: stop)
    }

    /// Draws one number in (0, 1) for each unit, which only philox does.
    ///
    /// - Throws: ``DropoutError/offsetTooLarge(units:)``, ``DropoutError/stopped``.
    package func uniforms(stop: StopFlag) throws(DropoutError) -> [Double] {
        guard let philox = source.generator as? PhiloxGenerator else {
            throw .impossible("numbers are asked of a generator that draws masks")
        }
        return try philox.uniforms(draw.units, offset: source.offset, stop: stop)
    }
}
