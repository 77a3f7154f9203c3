import DropoutEngine
import Stopping
import TextCodecs

/// How the units of a shard are taken out of the stream of the whole tensor.
enum ShardReading: Sendable {
    /// All units of the whole tensor are drawn, because each depends on how many there are, or on their order.
    case whole
    /// The units from the block's first to its last are drawn.
    case span
    /// Each run of the block is drawn by itself.
    case runs

    /// The number of draws, and of units that they draw.
    func amount(_ shard: Shard) -> (draws: Int, units: Int) {
        switch self {
        case .whole: (1, shard.whole.drawn.count)
        case .span: (1, shard.spanCount)
        case .runs: (shard.runCount, shard.noise.drawn.count)
        }
    }

    /// The block's units, by draws of units of the whole that follow each other.
    ///
    /// - Parameter draw: draws a shape from the unit on whose index in the whole is given.
    func units<Value: BitwiseCopyable>(
        of shard: Shard, _ stop: StopFlag, draw: (_ shape: Shape, _ unit: Int) throws(DropoutError) -> [Value]
    ) throws(DropoutError) -> [Value] {
        switch self {
        case .whole: return try shard.cut(try draw(shard.whole.drawn, 0), from: 0, stop: stop)
        case .span:
            return try shard.cut(try draw(.vector(shard.spanCount), shard.first), from: shard.first, stop: stop)
        case .runs:
            var units: [Value] = []
            units.reserveCapacity(shard.noise.drawn.count)
            try shard.forEachRun(stop) { unit, count throws(DropoutError) in
                units += try draw(.vector(count), unit)
            }
            return units
        }
    }
}

extension Randomness {
    /// The cheapest way to the units of a shard.
    func reading(of shard: Shard) -> ShardReading {
        // With an op seed TensorFlow's later passes start at a multiple of the tensor's size.
        guard hasStablePrefix, parameters.opSeed == nil else { return .whole }
        let price = generator.price
        // A stream that is passed by drawing or by a jump is passed once.
        guard price.offsetUnit == 0, price.offsetUnitOfDraw == 0 else { return .span }
        let time = { (reading: ShardReading) in
            let (draws, units) = reading.amount(shard)
            return draws.times(price.draw).adding(units.times(price.unit))
        }
        return time(.runs) < time(.span) ? .runs : .span
    }
}
