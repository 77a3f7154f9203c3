package import DropoutEngine
package import Stopping
import TextCodecs

/// One draw that can be carried out at any time and on any thread: it holds its own place in the stream.
///
/// Its size is a few words, or 5 KB for a stream of Mersenne Twister words.
package struct PendingDraw: Sendable {
    let source: DrawSource
    let draw: DrawSchedule.Draw
    /// How the units of the draw's shard are read. Nil if the draw has none.
    let reading: ShardReading?

    /// Draws the mask.
    ///
    /// - Parameter noise: its drawn shape has as many units as the draw's schedule says.
    /// - Throws: what the generator throws, ``DropoutError/offsetTooLarge(units:)``, ``DropoutError/stopped``.
    package func mask(_ noise: NoiseShape, stop: StopFlag) throws(DropoutError) -> Mask {
        let units = draw.shard?.noise.drawn.count ?? draw.units
        guard noise.drawn.count == units else {
            throw .impossible("\(noise.drawn.count) units are drawn where \(units) were scheduled")
        }
        if let shard = draw.shard, let reading {
            let bits = try reading.units(of: shard, stop) { shape, unit throws(DropoutError) in
                try source.generator.kept(
                    shape, probability: draw.probability, offset: try offset(of: unit, shape.count), stop: stop)
            }
            return try Mask(given: bits, shape: noise.drawn, noise: noise, stop: stop)
        }
        return try Mask(
            drawing: source.generator, noise: noise, probability: draw.probability, offset: source.offset, stop: stop)
    }

    /// Draws the uniform numbers behind the mask, or those behind the factors of a continuous variant.
    ///
    /// - Throws: as ``mask(_:stop:)``; ``DropoutError/impossible(_:)`` for a generator without uniform numbers.
    package func drawnUniforms(_ noise: NoiseShape, stop: StopFlag) throws(DropoutError) -> [Double] {
        if draw.kind == .uniforms { return try uniforms(stop: stop) }
        guard let shard = draw.shard, let reading else {
            return try drawnUniforms(noise.drawn, offset: source.offset, stop)
        }
        return try reading.units(of: shard, stop) { shape, unit throws(DropoutError) in
            try drawnUniforms(shape, offset: try offset(of: unit, shape.count), stop)
        }
    }

    private func drawnUniforms(_ shape: Shape, offset: UInt64, _ stop: StopFlag) throws(DropoutError) -> [Double] {
        let units = shape.count
        guard units == 0 || offset.checkedSum(UInt64(units - 1)) != nil else { throw .offsetTooLarge(units: units) }
        guard let numbers = try source.generator.drawnUniforms(shape, offset: offset, stop: stop) else {
            throw .impossible("uniform numbers are asked of a generator that has none")
        }
        return numbers
    }

    /// Draws one number in (0, 1) for each unit, which only philox does.
    ///
    /// - Throws: ``DropoutError/offsetTooLarge(units:)``, ``DropoutError/stopped``.
    package func uniforms(stop: StopFlag) throws(DropoutError) -> [Double] {
        guard let philox = source.generator as? PhiloxGenerator else {
            throw .impossible("numbers are asked of a generator that draws masks")
        }
        guard let shard = draw.shard, let reading else {
            return try philox.uniforms(draw.units, offset: source.offset, stop: stop)
        }
        return try reading.units(of: shard, stop) { shape, unit throws(DropoutError) in
            try philox.uniforms(shape.count, offset: try offset(of: unit, shape.count), stop: stop)
        }
    }

    /// The place in the stream of a unit of the whole tensor, from which `count` units are drawn.
    private func offset(of unit: Int, _ count: Int) throws(DropoutError) -> UInt64 {
        guard let offset = source.offset.checkedSum(UInt64(clamping: unit)),
            offset.checkedSum(UInt64(clamping: count)) != nil
        else { throw .offsetTooLarge(units: count) }
        return offset
    }
}
