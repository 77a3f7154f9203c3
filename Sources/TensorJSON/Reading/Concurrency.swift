/// Runs the parts of one piece of work at the same time, on the threads that are free.
package struct Concurrency: Sendable {
    /// The number of parts to make now; 1 if no other thread is free.
    package let width: @Sendable () -> Int
    /// Runs `part(0)` to `part(count - 1)` once each, on any threads. Returns when all have ended.
    package let run: @Sendable (_ count: Int, _ part: @escaping @Sendable (Int) -> Void) -> Void
    /// The fewest bytes of a part. A shorter text is not cut.
    package let minimumPartBytes: Int

    package init(
        minimumPartBytes: Int = 1 << 18, width: @escaping @Sendable () -> Int,
        run: @escaping @Sendable (_ count: Int, _ part: @escaping @Sendable (Int) -> Void) -> Void
    ) {
        self.minimumPartBytes = max(minimumPartBytes, 1)
        self.width = width
        self.run = run
    }

    package static let serial = Concurrency(
        width: { 1 }, run: { count, part in for number in 0..<count { part(number) } })
}
