package import Stopping

/// The Mersenne Twister of 32-bit words, period 2^19937 - 1.
///
/// Source: Matsumoto and Nishimura, ACM TOMACS 8 (1998) 3-30; seeding as in the authors' mt19937ar.c (2002).
package struct MT19937: Sendable {
    /// The words of a block.
    package static let size = 624
    private static let middle = 397

    private var state: [UInt32]
    private var words = [UInt32](repeating: 0, count: size)
    private var position = size

    /// `init_genrand(seed)`.
    package init(seed: UInt32) {
        state = [UInt32](repeating: seed, count: Self.size)
        for index in 1..<Self.size {
            state[index] = 1_812_433_253 &* Self.folded(state[index - 1]) &+ UInt32(index)
        }
    }

    /// `init_by_array(words)`, as CPython seeds `random.Random`; an empty array counts as [0].
    package init(array words: [UInt32]) {
        let words = words.isEmpty ? [0] : words
        self.init(seed: 19_650_218)
        var place = 1
        var taken = 0
        for _ in 0..<max(Self.size, words.count) {
            let mixed = state[place] ^ (Self.folded(state[place - 1]) &* 1_664_525)
            state[place] = mixed &+ words[taken] &+ UInt32(truncatingIfNeeded: taken)
            taken = (taken + 1) % words.count
            advance(&place)
        }
        for _ in 1..<Self.size {
            let mixed = state[place] ^ (Self.folded(state[place - 1]) &* 1_566_083_941)
            state[place] = mixed &- UInt32(truncatingIfNeeded: place)
            advance(&place)
        }
        state[0] = 0x8000_0000
    }

    /// A stream inside a block; nil if `state` has not 624 words or `position` is beyond them.
    ///
    /// - Parameters:
    ///   - state: the untempered words of the block.
    ///   - position: the words of the block that were drawn before.
    package init?(state: [UInt32], position: Int) {
        guard state.count == Self.size, (0...Self.size).contains(position) else { return nil }
        self.state = state
        self.position = position
        temper()
    }

    /// The next tempered word.
    @inline(__always)
    package mutating func next() -> UInt32 {
        if position == Self.size { twist() }
        let word = words[position]
        position &+= 1
        return word
    }

    /// Moves past `count` words by drawing them. Blocks that are passed whole are twisted but not tempered.
    ///
    /// Complexity: O(count), about a fifth of drawing the words.
    ///
    /// - Throws: ``DropoutError/stopped``; the place is then unspecified.
    package mutating func walk(_ count: UInt64, stop: StopFlag) throws(DropoutError) {
        let left = UInt64(Self.size - position)
        guard count > left else {
            position &+= Int(count)
            return
        }
        let rest = count - left
        let wholeBlocks = (rest - 1) / UInt64(Self.size)
        for block in 0..<wholeBlocks {
            // 0.2 ms at 0.2 microseconds a block.
            if block % 1024 == 0 { try stop.ask() }
            twistState()
        }
        twist()
        position = Int(rest - wholeBlocks * UInt64(Self.size))
    }

    /// The untempered words of this block and of those after it.
    func sequence(blocks: Int) -> [UInt32] {
        var (stream, sequence) = (self, [UInt32]())
        sequence.reserveCapacity(blocks * Self.size)
        for block in 0..<blocks {
            if block > 0 { stream.twistState() }
            sequence += stream.state
        }
        return sequence
    }

    /// Replaces the untempered words of the block. The place in it stays.
    ///
    /// - Parameter state: 624 words.
    mutating func setState(_ state: [UInt32]) {
        self.state = state
        temper()
    }

    /// The next block of words.
    private mutating func twist() {
        twistState()
        temper()
        position = 0
    }

    /// The next state: loops without branches over neighbours, which are vectorised.
    @inline(never)
    private mutating func twistState() {
        state.withUnsafeMutableBufferPointer { state in
            let split = Self.size - Self.middle
            for index in 0..<split {
                state[index] = state[index &+ Self.middle] ^ Self.mixed(state[index], state[index &+ 1])
            }
            for index in split..<Self.size - 1 {
                state[index] = state[index &- split] ^ Self.mixed(state[index], state[index &+ 1])
            }
            state[Self.size - 1] = state[Self.middle - 1] ^ Self.mixed(state[Self.size - 1], state[0])
        }
    }

    /// The words of the state.
    @inline(never)
    private mutating func temper() {
        state.withUnsafeBufferPointer { state in
            words.withUnsafeMutableBufferPointer { words in
                for index in 0..<Self.size {
                    var word = state[index]
                    word ^= word &>> 11
                    word ^= (word &<< 7) & 0x9D2C_5680
                    word ^= (word &<< 15) & 0xEFC6_0000
                    words[index] = word ^ (word &>> 18)
                }
            }
        }
    }

    @inline(__always)
    private static func mixed(_ word: UInt32, _ following: UInt32) -> UInt32 {
        let joined = (word & 0x8000_0000) | (following & 0x7FFF_FFFF)
        return (joined &>> 1) ^ ((0 &- (joined & 1)) & 0x9908_B0DF)
    }

    /// The next place while seeding by array; the first word is a copy of the last whenever the end is reached.
    private mutating func advance(_ place: inout Int) {
        place += 1
        if place == Self.size {
            state[0] = state[Self.size - 1]
            place = 1
        }
    }

    private static func folded(_ word: UInt32) -> UInt32 { word ^ (word &>> 30) }
}
