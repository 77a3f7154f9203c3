/// The number types of tensors, by their names on the wire.
package enum ElementType: String, CaseIterable, Sendable {
    case float64, float32

    /// The bytes of one number in base64 and in files.
    package var byteCount: Int {
        switch self {
        case .float64: 8
        case .float32: 4
        }
    }
}

/// A type of ``ElementType``, with its reading of a ``NumberWindow``.
protocol PackedElement: BitwiseCopyable, Sendable {
    /// Whether most numbers of the type have more than 14 bytes of text.
    static var isMostlyLong: Bool { get }
    /// The nearest number of the type; nil if the window does not hold a usual number.
    static func value(of window: NumberWindow) -> Self?
    /// The whole number, which has at most seven digits.
    init(whole: Int64)
    static prefix func - (value: Self) -> Self
}

extension Double: PackedElement {
    static var isMostlyLong: Bool { true }
    @inline(__always)
    static func value(of window: NumberWindow) -> Double? { window.double }
    @inline(__always)
    init(whole: Int64) { self = Double(whole) }
}

extension Float: PackedElement {
    static var isMostlyLong: Bool { false }
    @inline(__always)
    static func value(of window: NumberWindow) -> Float? { window.float }
    @inline(__always)
    init(whole: Int64) { self = Float(whole) }
}
