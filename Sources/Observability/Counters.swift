import Synchronization

/// A number that only grows, until it starts again at 2^64.
final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    func add(_ amount: UInt64 = 1) { count.wrappingAdd(amount, ordering: .relaxed) }

    var value: UInt64 { count.load(ordering: .relaxed) }
}

/// A number that goes up and down.
final class Gauge: Sendable {
    private let count = Atomic<Int>(0)

    func add(_ amount: Int) { count.wrappingAdd(amount, ordering: .relaxed) }

    var value: Int { count.load(ordering: .relaxed) }
}

/// The numbers of durations up to each of fixed bounds, and the sum of all durations.
final class DurationHistogram: Sendable {
    /// The inclusive upper bounds, as texts in seconds and in nanoseconds.
    static let bounds: [(text: String, nanoseconds: UInt64)] = [
        ("0.0005", 500_000), ("0.001", 1_000_000), ("0.0025", 2_500_000), ("0.005", 5_000_000), ("0.01", 10_000_000),
        ("0.025", 25_000_000), ("0.05", 50_000_000), ("0.1", 100_000_000), ("0.25", 250_000_000),
        ("0.5", 500_000_000), ("1", 1_000_000_000), ("2.5", 2_500_000_000), ("5", 5_000_000_000),
        ("10", 10_000_000_000), ("30", 30_000_000_000),
    ]

    /// One counter for each bound, and one for longer durations.
    private let counts = (0...bounds.count).map { _ in Counter() }
    private let nanoseconds = Counter()

    func observe(_ duration: Duration) {
        let length = duration.nanosecondCount
        var index = 0
        while index < Self.bounds.count, length > Self.bounds[index].nanoseconds { index += 1 }
        counts[index].add()
        nanoseconds.add(length)
    }

    /// The number of durations up to each bound, then the number of all durations, and their sum in seconds.
    var snapshot: (cumulative: [UInt64], seconds: Double) {
        var (sum, cumulative) = (UInt64(0), [UInt64]())
        for count in counts {
            sum &+= count.value
            cumulative.append(sum)
        }
        return (cumulative, Double(nanoseconds.value) / 1e9)
    }
}
