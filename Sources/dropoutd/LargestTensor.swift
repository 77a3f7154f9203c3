/// The largest tensor that fits into the memory.
package enum LargestTensor {
    /// The bytes of an element at the peak of `/forward`: a float64 in the input, in the mask and in the output.
    private static let bytesPerElement = 24

    /// - Parameters:
    ///   - computingBytes: The most bytes that one computation may hold.
    ///   - maximumElements: The most elements that the settings allow.
    package static func elements(computingBytes: Int, maximumElements: Int) -> Int {
        min(maximumElements, max(0, computingBytes) / bytesPerElement)
    }
}
