/// NumPy's stream of the words of ``Philox4x64``: a counter of 256 bits, counted up before each block.
///
/// Source: numpy/numpy `numpy/random/src/philox/philox.h` (2.4.6).
package struct Philox4x64Stream: Sendable {
    private let key: (UInt64, UInt64)
    /// The counter of the block at hand.
    private var counter: Philox4x64.Words
    private var block: Philox4x64.Words
    /// The words of the block that were drawn.
    private var place: Int

    /// The stream of a key, its counter at 0.
    package init(key: (UInt64, UInt64)) {
        self.init(key: key, counter: (0, 0, 0, 0), block: (0, 0, 0, 0), place: 4)
    }

    /// The stream in a state, as NumPy prints it.
    ///
    /// - Parameters:
    ///   - block: the words at hand.
    ///   - place: how many of them were drawn, 0 to 4.
    package init(key: (UInt64, UInt64), counter: Philox4x64.Words, block: Philox4x64.Words, place: Int) {
        (self.key, self.counter, self.block) = (key, counter, block)
        self.place = min(max(place, 0), 4)
    }

    /// The next word.
    @inline(__always)
    package mutating func next() -> UInt64 {
        if place == 4 { count(1) }
        place &+= 1
        switch place {
        case 1: return block.0
        case 2: return block.1
        case 3: return block.2
        default: return block.3
        }
    }

    /// Skips `count` words in O(1).
    package mutating func skip(_ count: UInt64) {
        let left = UInt64(4 - place)
        guard count > left else {
            place += Int(count)
            return
        }
        let rest = count - left - 1
        self.count(rest / 4 + 1)
        place = Int(rest % 4) + 1
    }

    /// Goes to the start of the block that is `blocks` blocks further on.
    @inline(__always)
    private mutating func count(_ blocks: UInt64) {
        let (low, carry) = counter.0.addingReportingOverflow(blocks)
        counter.0 = low
        if carry {
            counter.1 &+= 1
            if counter.1 == 0 { counter.2 &+= 1 }
            if counter.1 == 0, counter.2 == 0 { counter.3 &+= 1 }
        }
        block = Philox4x64.block(counter, key: key)
        place = 0
    }
}
