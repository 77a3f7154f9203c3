/// A keyed bijection of counters, whose outputs serve as random words.
///
///     words of block i = block(counter i, key)
///
/// A block needs no other block, so that any place of the stream is entered at once and threads agree.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11; the constants and the known
/// answers are those of Random123.
package protocol CounterBasedGenerator {
    /// A counter and the words that it becomes, word 0 first.
    associatedtype Words
    associatedtype Key

    /// The words that `key` assigns to `counter`.
    static func block(_ counter: Words, key: Key) -> Words
}
