/// Why bytes are not an array file that can be read.
package enum TensorFileError: Error, Sendable, Equatable {
    /// The bytes do not begin as the format begins.
    case notTheFormat(String)
    /// The bytes end before the header does.
    case truncatedHeader(expectedBytes: Int, foundBytes: Int)
    /// The header is longer than is read.
    case headerTooLong(bytes: Int, limit: Int)
    /// A version of the format that is not known.
    case unknownVersion(String)
    /// The header is not what the format says.
    case header(String)
    /// A type of elements that is not read, by the name that the file gives it.
    case unsupportedType(String)
    /// The elements have another number of bytes than shape and type say.
    case wrongLength(tensor: String?, expectedBytes: Int, foundBytes: Int)
    /// The number of bytes of a tensor does not fit an `Int`.
    case shapeOverflow(tensor: String?)
    /// The reading was told to stop.
    case stopped

    /// The error as a sentence for the caller.
    package var explanation: String {
        switch self {
        case .notTheFormat(let format): "the body is not a \(format) file"
        case .truncatedHeader(let expected, let found): "a header of \(expected) bytes expected, \(found) bytes found"
        case .headerTooLong(let bytes, let limit):
            "the header has \(bytes) bytes; at most \(limit) are read"
        case .unknownVersion(let version): "version \(version) of the format is not known; 1.0, 2.0 and 3.0 are"
        case .header(let detail): detail
        case .unsupportedType(let name):
            "elements of type \(name) are not read; float16, float32, float64, integers and booleans are"
        case .wrongLength(let tensor, let expected, let found):
            "\(tensor.map { "the elements of \($0) are" } ?? "the elements are") \(found) bytes; shape and type say \(expected)"
        case .shapeOverflow(let tensor): "the shape\(tensor.map { " of \($0)" } ?? "") is too large"
        case .stopped: "the reading was stopped"
        }
    }
}
