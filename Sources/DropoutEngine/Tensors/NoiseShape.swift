/// The elements of a tensor that share a draw: the shape that is drawn, broadcast to the shape to which it is applied.
///
/// Shapes: `drawn.rank == full.rank`, and each drawn dimension is 1 (shared along that axis) or the full one. Along an
/// axis without elements nothing is drawn, so `drawn.count <= full.count`.
package struct NoiseShape: Sendable, Hashable {
    package let drawn: Shape
    package let full: Shape

    /// Whether every element has its own draw.
    package init(elementwise full: Shape) {
        self.drawn = full
        self.full = full
    }

    /// Broadcasts `drawn` to `full`. A drawn shape of lower rank gets leading 1s. A 1 along an axis without elements is read as 0.
    ///
    /// - Throws: ``DropoutError/noiseRankTooLarge(noise:tensor:)``,
    ///   ``DropoutError/noiseShapeMismatch(axis:noise:tensor:)``.
    package init(_ drawn: Shape, for full: Shape) throws(DropoutError) {
        guard drawn.rank <= full.rank else {
            throw .noiseRankTooLarge(noise: drawn.rank, tensor: full.rank)
        }
        let padding = full.rank - drawn.rank
        for (axis, extent) in drawn.dimensions.enumerated() {
            let fullExtent = full.dimensions[padding + axis]
            guard extent == 1 || extent == fullExtent else {
                throw .noiseShapeMismatch(axis: axis, noise: extent, tensor: fullExtent)
            }
        }
        self.init(full: full) { axis in axis >= padding && drawn.dimensions[axis - padding] != 1 }
    }

    /// Draws along the axes that `isDrawn` names and shares along the others.
    init(full: Shape, drawnAxes isDrawn: (Int) -> Bool) {
        self.full = full
        self.drawn = full.withDimensions { axis, extent in isDrawn(axis) ? extent : min(extent, 1) }
    }

    package var isElementwise: Bool { drawn.count == full.count }
}
