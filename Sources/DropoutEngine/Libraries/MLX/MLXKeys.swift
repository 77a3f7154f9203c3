package import Stopping

/// MLX's global key, which each draw splits: one half replaces it, the other is the draw's key.
///
/// Source: ml-explore/mlx `mlx/random.cpp` (0.32.4).
package struct MLXKeys: Sendable {
    private var global: Threefry2x32.Words

    /// The key of `mx.random.seed(seed)`.
    package init(seed: UInt64) { global = (seed.highHalf, seed.lowHalf) }

    /// The key of these two words, as `mx.random.state` has them.
    package init(high: UInt32, low: UInt32) { global = (high, low) }

    /// Moves past `draws` draws. Complexity: O(draws), two blocks each.
    ///
    /// - Throws: ``DropoutError/stopped``; the place is then unspecified.
    package mutating func advance(by draws: UInt64, stop: StopFlag) throws(DropoutError) {
        var rest = draws
        while rest > 0 {
            try stop.ask()
            // 0.3 ms at 18 ns a split.
            let part = min(rest, 1 << 14)
            for _ in 0..<part {
                global = (Threefry2x32.block((0, 2), key: global).0, Threefry2x32.block((1, 3), key: global).0)
            }
            rest -= part
        }
    }

    /// The key of the next draw.
    var drawKey: Threefry2x32.Words {
        (Threefry2x32.block((0, 2), key: global).1, Threefry2x32.block((1, 3), key: global).1)
    }
}
