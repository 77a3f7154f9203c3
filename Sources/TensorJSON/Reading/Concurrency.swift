/// Runs the parts of one piece of work side by side, where threads are free.
package struct Concurrency: Sendable {
    /// How many parts are worth making now; 1 where no other thread is free.
    package let width: @Sendable () -> Int
    /// Runs `part(0)` ... `part(count - 1)`, each once, on any threads, and returns when all have run.
    package let run: @Sendable (_ count: Int, _ part: @escaping @Sendable (Int) -> Void) -> Void
    /// A text is cut where each part has this many bytes, no shorter.
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
