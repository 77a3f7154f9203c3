package import DropoutEngine
import TextCodecs

/// What a stream draws in each pass of a question: draw after draw, one for each layer that shares the stream.
package struct DrawSchedule: Sendable {
    /// One layer's draw in each pass.
    package struct Draw: Sendable {
        package enum Kind: Sendable {
            /// Kept or dropped, one byte each.
            case units
            /// Numbers in (0, 1), eight bytes each. Only philox draws them.
            case uniforms
        }

        package let units: Int
        /// The rank of the drawn shape.
        let rank: Int
        /// The elements that the units are spread over, and the runs of them. None if each element is a unit.
        package let spread: (elements: Int, runs: Int)?
        package let probability: KeepProbability
        package let variant: DropoutVariant
        package let kind: Kind
        /// The block of a larger tensor that is wanted. The draw's units are those of the whole.
        let shard: Shard?
        /// Which dropout of a network draws, see ``DrawOrder/PlaceField``. Nil: the fields say all.
        package var number: Int?
        /// The layer's parameters if they are not the stream's.
        var parameters: GeneratorParameters?

        package init(
            _ noise: NoiseShape, probability: KeepProbability, variant: DropoutVariant = .dropout, number: Int? = nil,
            kind: Kind = .units, shard: Shard? = nil
        ) {
            (self.units, self.rank) = ((shard?.whole ?? noise).drawn.count, noise.drawn.rank)
            self.shard = shard
            self.spread = noise.isElementwise ? nil : (noise.full.count, noise.runs)
            (self.probability, self.variant) = (probability, variant)
            (self.number, self.kind) = (number, kind)
        }
    }

    /// The draws of one pass, layer by layer.
    package let draws: [Draw]

    package init(draws: [Draw]) { self.draws = draws }

    /// The length of all draws before draw `index` of pass `pass`, at most 2^64 - 1.
    func before(_ index: Int, pass: UInt64, length: (Draw) -> UInt64) -> UInt64 {
        var (whole, part): (UInt64, UInt64) = (0, 0)
        for (place, draw) in draws.enumerated() {
            let length = length(draw)
            whole = whole.adding(length)
            if place < index { part = part.adding(length) }
        }
        return whole.times(pass).adding(part)
    }
}
