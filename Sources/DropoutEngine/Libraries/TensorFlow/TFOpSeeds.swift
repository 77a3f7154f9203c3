package import Stopping

/// The op seeds that TensorFlow's eager mode draws for calls without one: CPython's
/// `random.Random(graphSeed).randint(0, 2**31 - 1)`, again and again.
///
/// Source: tensorflow/tensorflow `python/eager/context.py`, `_internal_operation_seed` (2.21.0).
package struct TFOpSeeds: Sendable {
    private var words: MT19937

    /// - Parameter magnitude: the 32-bit words of the graph seed without its sign, lowest first, without leading zeros.
    package init(magnitude words: [UInt32]) { self.words = MT19937(array: words) }

    /// Moves past `seeds` op seeds. Complexity: O(seeds), two words each on average.
    ///
    /// - Throws: ``DropoutError/stopped``; the place is then unspecified.
    package mutating func advance(by seeds: UInt64, stop: StopFlag) throws(DropoutError) {
        var rest = seeds
        while rest > 0 {
            try stop.ask()
            let part = min(rest, UInt64(StopFlag.drawnUnits))
            for _ in 0..<part { _ = take() }
            rest -= part
        }
    }

    /// The op seed at this place, which stays.
    var next: Int64 {
        var copy = self
        return copy.take()
    }

    /// Words from 2^31 on are rejected.
    private mutating func take() -> Int64 {
        while true {
            let word = words.next()
            if word < 0x8000_0000 { return Int64(word) }
        }
    }
}
