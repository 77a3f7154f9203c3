package import DropoutEngine

/// What a stream draws in each pass of a request: draw after draw, one for each layer that shares the stream.
package struct DrawSchedule: Sendable {
    /// One layer's draw in each pass.
    package struct Draw: Sendable {
        package enum Kind: Sendable {
            /// Kept or dropped, one byte each.
            case units
            /// Numbers in (0, 1), eight bytes each; philox alone draws them.
            case uniforms
        }

        package let units: Int
        /// The elements that the units are spread over, and the runs of them; none if each element is a unit.
        package let spread: (elements: Int, runs: Int)?
        package let probability: KeepProbability
        /// The layer's place in its network.
        package let layer: Int
        package let kind: Kind

        package init(_ noise: NoiseShape, probability: KeepProbability, layer: Int = 0, kind: Kind = .units) {
            self.units = noise.drawn.count
            self.spread = noise.isElementwise ? nil : (noise.full.count, noise.runs)
            self.probability = probability
            self.layer = layer
            self.kind = kind
        }
    }

    /// The draws of one pass, layer by layer.
    package let draws: [Draw]

    /// Whether they are a network's, whose dropouts draw differently even if there is only one.
    package let isNetwork: Bool

    package init(draws: [Draw], isNetwork: Bool) {
        self.draws = draws
        self.isNetwork = isNetwork
    }

    /// The length of all draws before draw `index` of pass `pass`, at most 2^64 - 1.
    func before(_ index: Int, pass: Int, length: (Draw) -> UInt64) -> UInt64 {
        var (whole, part): (UInt64, UInt64) = (0, 0)
        for (place, draw) in draws.enumerated() {
            let length = length(draw)
            whole = whole.saturatingAdd(length)
            if place < index { part = part.saturatingAdd(length) }
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: UInt64(clamping: pass))
        return overflow ? .max : product.saturatingAdd(part)
    }
}

extension UInt64 {
    /// The sum, or 2^64 - 1 if it is larger.
    func saturatingAdd(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
