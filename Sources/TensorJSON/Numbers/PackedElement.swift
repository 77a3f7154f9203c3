/// The element types of packed arrays, each with its reading of a ``NumberWindow``.
protocol PackedElement: BitwiseCopyable, Sendable {
    /// Most numbers of the type have more than 14 bytes.
    static var isMostlyLong: Bool { get }
    static func value(of window: NumberWindow) -> Self?
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
