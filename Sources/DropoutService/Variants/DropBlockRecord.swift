import DropoutEngine
import TextCodecs

/// Drop block, see ``DropBlock``. Anchors are drawn, and a given mask is that of the elements.
extension VariantRecord {
    static let dropBlock = VariantRecord(
        .dropBlock, fields: ["block_size"], granularities: [], hasNoiseShape: false, knowsClassic: false,
        uniformsRefusal: "drop_block draws block starts; give mask instead", checkField: "block_size",
        echo: { fields, writer in writer.field("block_size", fields.blockSize) },
        plan: { place throws(DropoutError) in
            let block = try DropBlock(
                place.shape, blockSize: place.fields.blockSize, rate: place.probability.rate)
            return VariantDrawing(
                NoiseShape(elementwise: block.anchors), .block(block), try block.anchorProbability)
        },
        price: VariantPrice(
            pass: { layer, count in
                KernelPrice.widenBlock(count.times(max(1, layer.shape.rank - 2))).adding(KernelPrice.scale(count))
            },
            noiseBytes: { $0.noise.drawn.count.adding($1.times(3)) },
            check: { layer, count in
                // Blocks that never or always start have no variance.
                let isDecided = layer.decidedUnits == layer.noise.drawn.count
                return KernelPrice.checkMoments(count)
                    .adding(isDecided ? 0 : KernelPrice.checkBlockPair(layer.checkSteps))
            },
            checkBytes: { $1.times(64) }))
}
