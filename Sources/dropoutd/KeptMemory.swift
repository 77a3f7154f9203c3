/// Decides when the memory that requests gave back is returned to the system.
///
/// It is returned once after a large request, as soon as no request holds any.
package struct KeptMemory: Sendable {
    /// Up to so many bytes the return is not worth its time.
    package static let littleBytes = 1 << 20

    private var isMuch = false

    package init() {}

    /// Whether to return the memory now.
    ///
    /// - Parameters:
    ///   - peakBytes: The most that requests have held together since the last call.
    ///   - heldBytes: What requests hold now.
    package mutating func isDue(peakBytes: Int, heldBytes: Int) -> Bool {
        isMuch = isMuch || peakBytes > Self.littleBytes
        guard isMuch, heldBytes == 0 else { return false }
        isMuch = false
        return true
    }
}
