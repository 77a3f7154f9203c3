import Stopping

/// The words that Threefry-2x32 makes of the counts 0, 1, ... `count` - 1 when they are cut into two halves.
///
/// With h = ceil(count / 2), block j hashes the counts (j, h + j); its first output is word j and its second is word
/// h + j. So each word depends on `count`. JAX's original layout, MLX and tinygrad draw this way. For an odd count they differ in
/// the second count of the last block.
///
/// Source: jax-ml/jax `threefry_2x32` (0.10.2); tinygrad `Tensor._threefry_random_bits` (0.14.0).
struct ThreefryHalves {
    let key: (UInt32, UInt32)
    let count: Int

    /// The second count of the last block if `count` is odd. The second output of that block is dropped.
    let padding: UInt32

    /// The first half's length: the number of blocks.
    var blocks: Int { count / 2 + count % 2 }

    /// Calls `body` once for each index below `count`, in the order of the blocks, with the word at that index.
    ///
    /// Counts are 32-bit words and wrap around.
    ///
    /// - Throws: ``DropoutError/stopped``.
    @inline(__always)
    func forEachWord(stop: StopFlag, _ body: (_ index: Int, _ word: UInt32) -> Void) throws(DropoutError) {
        let (half, pairs) = (blocks, count / 2)
        var start = 0
        while start < pairs {
            try stop.ask()
            let end = start &+ min(pairs &- start, StopFlag.drawnUnits / 2)
            for index in start..<end {
                let (first, second) = block(index, UInt32(truncatingIfNeeded: half &+ index))
                body(index, first)
                body(half &+ index, second)
            }
            start = end
        }
        if !count.isMultiple(of: 2) { body(half &- 1, block(half &- 1, padding).0) }
    }

    @inline(__always)
    private func block(_ index: Int, _ partner: UInt32) -> (UInt32, UInt32) {
        Threefry2x32.block((UInt32(truncatingIfNeeded: index), partner), key: key)
    }
}
