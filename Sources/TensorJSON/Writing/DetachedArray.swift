/// An array that a JSON text names instead of printing it, since a file has it beside the text.
package struct DetachedArray: Sendable {
    package enum Kind: Sendable, Equatable {
        case numbers(ElementType)
        /// Bytes of 0 and 1.
        case bits(asBooleans: Bool)
    }

    /// The place of the array in the text, by which the text names it.
    package let name: String
    package let kind: Kind
    package let shape: [Int]
    /// The elements in row-major order, lowest byte first.
    package let bytes: [UInt8]
}
