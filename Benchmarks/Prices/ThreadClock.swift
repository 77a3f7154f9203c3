import Foundation

/// CPU time of this thread, which other programs do not add to.
enum ThreadClock {
    static var nanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// How slow this machine is now: a loop of multiplications and of loads and stores in the second-level cache.
struct Calibration {
    /// The time of the loop, over its time on the machine of the price table.
    let slowness: Double

    /// Nanoseconds of the loop on the machine that the price table was measured on: the fastest of a hundred.
    private static let reference = 250_000.0
    private static let count = 1 << 16

    /// The fastest of three.
    static func now() -> Calibration {
        let fastest = (0..<3).map { _ in loop() }.min() ?? 0
        return Calibration(slowness: Double(fastest) / reference)
    }

    @inline(never)
    private static func loop() -> Int {
        var table = [Double](repeating: 0, count: count)
        let start = ThreadClock.nanoseconds
        var state: UInt64 = 1
        for _ in 0..<4 * count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let place = Int(state >> 48)
            table[place] = table[place] * 0.5 + Double(state >> 11)
        }
        let end = ThreadClock.nanoseconds
        return table[0] < 0 ? .max : end - start
    }
}

extension Double {
    func power(_ exponent: Double) -> Double { pow(self, exponent) }
}
