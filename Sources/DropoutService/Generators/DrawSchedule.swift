import DropoutEngine

/// Which draw of a request a mask is: the layer, the pass, and what the other layers draw.
///
/// Streams that go on from draw to draw start where the draws before have left them.
struct DrawSchedule {
    /// One layer's draw in each pass.
    struct Draw {
        let units: Int
        let probability: KeepProbability
    }

    /// The draws of one pass, layer by layer.
    let draws: [Draw]

    /// Whether they are a network's, whose dropouts draw differently even where there is only one.
    let isNetwork: Bool

    /// What all the draws before draw `index` of pass `pass` cost together, at most 2^64 - 1.
    func before(_ index: Int, pass: Int, cost: (Draw) -> UInt64) -> UInt64 {
        var (whole, part): (UInt64, UInt64) = (0, 0)
        for (place, draw) in draws.enumerated() {
            let cost = cost(draw)
            whole = whole.saturatingAdd(cost)
            if place < index { part = part.saturatingAdd(cost) }
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: UInt64(clamping: pass))
        return overflow ? .max : product.saturatingAdd(part)
    }
}

extension UInt64 {
    /// The sum, or 2^64 - 1 where it is larger.
    func saturatingAdd(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
