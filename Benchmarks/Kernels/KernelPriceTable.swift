import DropoutService

/// The prices of the kernels: what the price table says for each unit of work, and what is measured.
///
/// The measured time is that of the slowest of several shapes, types and values. A price has a margin of 1.3. A price that
/// cannot be measured by itself has a dash.
enum KernelPriceTable {
    static func run() throws {
        var times = KernelTimes()
        try addConstants(to: &times)
        try addReading(to: &times)
        try addMoving(to: &times)
        try addApplying(to: &times)
        try addChecking(to: &times)
        try addPasses(to: &times)
        try addProducts(to: &times)
        try addActivations(to: &times)
        try addTraining(to: &times)
        try addJudging(to: &times)
        try addPrinting(to: &times)
        Measure.head("Prices of kernels, ns", "kernel, unit of work", "price", "measured", "price / measured")
        for price in KernelPrice.all {
            let time = times.take(price.name)
            Measure.row(price.name, price.nanoseconds, time, time.map { price.nanoseconds / $0 })
        }
        for name in times.names { print("\nNo price has the name \(name).") }
    }
}

/// The slowest time that was measured for each price, by the price's name.
struct KernelTimes {
    private var times: [String: Double] = [:]

    /// The names that were measured and not taken, in alphabetical order.
    var names: [String] { times.keys.sorted() }

    subscript(name: String) -> Double { times[name] ?? 0 }

    /// Notes a time if it is slower than what was measured for the same price before.
    mutating func add(_ name: String, _ nanoseconds: Double) {
        times[name] = max(nanoseconds, times[name] ?? -.infinity)
    }

    /// The time for a price; nil if none was measured.
    mutating func take(_ name: String) -> Double? { times.removeValue(forKey: name) }
}
