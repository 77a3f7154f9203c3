/// The largest tensor that fits the memory.
package enum LargestTensor {
    /// An element of a float64 tensor is held three times at the peak of `/forward`: in the input, the mask and the output.
    private static let bytesPerElement = 24

    /// - Parameters:
    ///   - computingBytes: what one computation may hold.
    ///   - maximumElements: what the settings allow whatever the memory.
    package static func elements(computingBytes: Int, maximumElements: Int) -> Int {
        min(maximumElements, max(0, computingBytes) / bytesPerElement)
    }
}
