package import Stopping

extension MT19937 {
    /// The most words that are passed by drawing. The jump is cheaper beyond.
    ///
    /// Measured by `make bench`, "Skips of MT19937 and MT19937_64": 2^21 words take 0.37 ms by drawing and 0.64 ms by the jump, 2^22 words
    /// 0.74 and 0.66 ms.
    package static let mostWalked: UInt64 = 1 << 22

    /// Moves past `count` words.
    ///
    /// Complexity: O(min(count, log count)), at most 2 ms for any 64-bit count.
    ///
    /// - Throws: ``DropoutError/stopped``; the place is then unspecified.
    package mutating func advance(by count: UInt64, stop: StopFlag) throws(DropoutError) {
        try advance(byWide: UInt128(count), stop: stop)
    }

    /// Moves past `count` words, as ``advance(by:stop:)`` does.
    package mutating func advance(byWide count: UInt128, stop: StopFlag) throws(DropoutError) {
        if count <= Self.mostWalked {
            try walk(UInt64(count), stop: stop)
        } else {
            try jump(count, stop: stop)
        }
    }

    /// Moves past `count` words without drawing them, see ``JumpPolynomial``. The place in the block stays.
    ///
    /// - Throws: ``DropoutError/stopped``; the state is then the old one.
    package mutating func jump(_ count: UInt128, stop: StopFlag) throws(DropoutError) {
        let power = try JumpPolynomial(exponent: count, modulus: .words32, stop: stop)
        setState(
            try power.state(
                of: sequence(blocks: JumpPolynomial.degree / Self.size + 1), size: Self.size, stop: stop))
    }

    /// Moves past `words` single words and then `units` draws of `wordsEach` words. No amount overflows.
    ///
    /// - Throws: ``DropoutError/stopped``; the place is then unspecified.
    package mutating func skip(
        words: UInt64 = 0, units: UInt64, wordsEach: UInt64, stop: StopFlag
    ) throws(DropoutError) {
        try advance(byWide: UInt128(units) * UInt128(wordsEach) + UInt128(words), stop: stop)
    }

    /// NumPy's `random_sample` as its integer: 27 upper bits of one word, 26 of the next; u = K · 2^-53.
    @inline(__always)
    mutating func nextNumPyDouble() -> UInt64 {
        let high = UInt64(next() >> 5)
        return high << 26 | UInt64(next() >> 6)
    }
}
