/// How the memory budget is divided.
///
/// One half is for bodies, waiting questions and answers that are not sent yet. The other is for computing. Of each half a
/// reserve is kept, which lets small requests through whatever the others hold.
package struct MemoryShares: Sendable, Equatable {
    /// The most that the reserve of one half has for each worker.
    private static let maximumReservePerWorker = 4 << 20

    /// Bytes of bodies, waiting questions and unsent answers, in addition to the reserve.
    package let requestBytes: Int
    /// Bytes of computations, in addition to the reserve. A plan that holds more is refused.
    package let computingBytes: Int
    /// Bytes of one reserved place in which a small computation runs. Each worker has one.
    package let placeBytes: Int
    /// Bytes of the reserve for small requests.
    package let reserveBytes: Int

    /// - Parameter budgetBytes: of all four together.
    package init(budgetBytes: Int, workerCount: Int) {
        placeBytes = min(Self.maximumReservePerWorker, budgetBytes / 8 / max(1, workerCount))
        reserveBytes = placeBytes * workerCount
        computingBytes = budgetBytes / 2 - reserveBytes
        requestBytes = budgetBytes - budgetBytes / 2 - reserveBytes
    }

    /// A request that holds at most this many bytes may use the reserve.
    package var smallRequestBytes: Int { placeBytes / 4 }
}
