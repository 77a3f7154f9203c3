import DropoutEngine
import Stopping

/// MLX's generator.
extension Generator {
    static let mlxGenerators = [mlx]

    package static let mlx = Generator(
        "mlx", library: "MLX, CPU", versions: "0.32.4 run",
        draws: "mx.random.seed(seed); mlx.nn.Dropout(rate)(x), the n-th draw", seed: .natural(bits: 64), states: .mlx,
        parameters: [.call], comparison: nil, entry: .start,
        arithmetic: DropoutArithmetic(.exactReciprocal, keepsSignOfDropped: true),
        order: .sequential(.call, length: .one(silentAt: .rate0)), next: "each draw is the next call",
        stream: { randomness, _ throws(DropoutError) in try SplitKeyDraws(randomness) },
        price: GeneratorPrice(seeding: 510_000, called: 24_000, draw: 260_000, unit: 2300),
        verification: .libraryMasks(253))
}

/// MLX's stream: each draw splits the global key.
private struct SplitKeyDraws: DrawStream {
    private var keys: MLXKeys
    private let call: UInt32
    private let offset: UInt64

    init(_ randomness: Randomness) throws(DropoutError) {
        let seed = randomness.seed
        if let state = try seed.state(\.mlxKeys) { keys = state } else { keys = MLXKeys(seed: try seed.bits) }
        (call, offset) = (randomness.parameters.call, randomness.offset)
    }

    mutating func enter(stop: StopFlag) throws(DropoutError) { try keys.advance(by: UInt64(call), stop: stop) }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        try keys.advance(by: length, stop: stop)
    }

    func source(of draw: DrawSchedule.Draw, pass: UInt64) -> DrawSource {
        DrawSource(generator: MLXDropout(keys), offset: offset)
    }
}
