/// Times a piece of work: the fastest of several runs, since everything else on a machine only adds.
enum Measure {
    /// Nanoseconds for each of `count` elements.
    static func nanoseconds(_ count: Int, runs: Int = 7, _ work: () -> Void) -> Double {
        let clock = ContinuousClock()
        work()
        let fastest = (0..<runs).map { _ in clock.measure(work) }.min() ?? .zero
        let (seconds, attoseconds) = fastest.components
        return (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(count)
    }

    /// Keeps the optimiser from dropping work whose result nobody reads.
    @inline(never)
    static func keep<Value>(_ value: Value) { withExtendedLifetime(value) {} }
}
