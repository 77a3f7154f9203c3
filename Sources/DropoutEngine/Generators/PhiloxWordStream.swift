/// The words of Philox4x32-10's blocks counted up from a 128-bit counter, four to a block in order.
///
/// TensorFlow's `PhiloxRandom` and XLA's Philox bit generator both read this stream; they differ in key and first
/// counter.
struct PhiloxWordStream: Sendable {
    let key: (UInt32, UInt32)

    /// The first block's counter: words 0 and 1, then words 2 and 3, each pair with its lower word first.
    let counterLow: UInt64
    let counterHigh: UInt64

    /// The stream that starts `blocks` blocks later.
    func advanced(byBlocks blocks: UInt64) -> PhiloxWordStream {
        let (low, carry) = counterLow.addingReportingOverflow(blocks)
        return PhiloxWordStream(key: key, counterLow: low, counterHigh: counterHigh &+ (carry ? 1 : 0))
    }

    /// A mask whose unit `i` is decided by word `offset + i`. O(1) to enter, O(count) to draw.
    @inline(__always)
    func maskOfWords(count: Int, offset: UInt64, keeps: (_ word: UInt32) -> Bool) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { bytes, initializedCount in
            var number = offset &>> 2
            var lane = Int(truncatingIfNeeded: offset & 3)
            var index = 0
            while index < count {
                let words = block(number)
                while lane < 4 && index < count {
                    let word =
                        switch lane {
                        case 0: words.0
                        case 1: words.1
                        case 2: words.2
                        default: words.3
                        }
                    bytes[index] = keeps(word) ? 1 : 0
                    index &+= 1
                    lane &+= 1
                }
                lane = 0
                number &+= 1
            }
            initializedCount = count
        }
    }

    /// A mask whose unit `i` is decided by words `2(offset + i)` and the next. O(1) to enter, O(count) to draw.
    @inline(__always)
    func maskOfPairs(count: Int, offset: UInt64, keeps: (_ first: UInt32, _ second: UInt32) -> Bool) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { bytes, initializedCount in
            var number = offset &>> 1
            var isSecondPair = offset & 1 == 1
            var index = 0
            while index < count {
                let words = block(number)
                if !isSecondPair {
                    bytes[index] = keeps(words.0, words.1) ? 1 : 0
                    index &+= 1
                }
                if index < count {
                    bytes[index] = keeps(words.2, words.3) ? 1 : 0
                    index &+= 1
                }
                isSecondPair = false
                number &+= 1
            }
            initializedCount = count
        }
    }

    @inline(__always)
    private func block(_ number: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
        let low = counterLow &+ number
        let high = low < counterLow ? counterHigh &+ 1 : counterHigh
        return Philox4x32.words((low.lowHalf, low.highHalf, high.lowHalf, high.highHalf), key: key)
    }
}
