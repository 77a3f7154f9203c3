/// Times a piece of work: the fastest of several runs, since everything else on a machine only adds.
enum Measure {
    /// Nanoseconds for each of `count` elements.
    static func nanoseconds(_ count: Int, runs: Int = 7, _ work: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        if runs > 1 { try work() }
        var fastest = Duration.seconds(1_000_000)
        for _ in 0..<runs { fastest = min(fastest, try clock.measure(work)) }
        let (seconds, attoseconds) = fastest.components
        return (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(count)
    }

    /// Keeps the optimiser from dropping work whose result nobody reads.
    @inline(never)
    static func keep<Value>(_ value: Value) { withExtendedLifetime(value) {} }

    /// The start of a Markdown table, its first column of names, the others of numbers.
    static func head(_ title: String, _ columns: String...) {
        print("\n### \(title)\n")
        print("| \(columns.joined(separator: " | ")) |")
        print("| --- |" + String(repeating: " ---: |", count: columns.count - 1))
    }

    /// One line of a table; nil is a dash.
    static func row(_ name: String, _ numbers: Double?...) {
        let cells = numbers.map { $0.map { String(Double(Int($0 * 100 + 0.5)) / 100) } ?? "-" }
        print("| \(name) | \(cells.joined(separator: " | ")) |")
    }
}
