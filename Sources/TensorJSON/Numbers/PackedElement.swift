import TextCodecs

/// A type of ``ElementType``, with its reading of a ``NumberWindow``.
protocol PackedElement {
    /// The type of the numbers in an array: `Float` for a type of 16 bits.
    associatedtype Stored: BitwiseCopyable & Sendable & SignedNumeric
    /// Whether most numbers of the type have more than 14 bytes of text.
    static var isMostlyLong: Bool { get }
    /// The nearest number of the type; nil if the window does not hold a usual number.
    static func value(of window: NumberWindow) -> Stored?
    /// The nearest number to a whole one, which has at most seven digits; nil if it is too large.
    static func value(whole: Int64) -> Stored?
}

extension Double: PackedElement {
    static var isMostlyLong: Bool { true }
    @inline(__always)
    static func value(of window: NumberWindow) -> Double? { window.double }
    @inline(__always)
    static func value(whole: Int64) -> Double? { Double(whole) }
}

extension Float: PackedElement {
    static var isMostlyLong: Bool { false }
    @inline(__always)
    static func value(of window: NumberWindow) -> Float? { window.float }
    @inline(__always)
    static func value(whole: Int64) -> Float? { Float(whole) }
}

/// ``ElementType/float16``.
enum Float16Element: PackedElement {
    static var isMostlyLong: Bool { false }
    @inline(__always)
    static func value(of window: NumberWindow) -> Float? { window.half(.float16) }
    @inline(__always)
    static func value(whole: Int64) -> Float? {
        // Seven digits are exact in float32.
        let value = HalfType.float16.round(Float(whole))
        return value.isFinite ? value : nil
    }
}

/// ``ElementType/bfloat16``.
enum BFloat16Element: PackedElement {
    static var isMostlyLong: Bool { false }
    @inline(__always)
    static func value(of window: NumberWindow) -> Float? { window.half(.bfloat16) }
    @inline(__always)
    static func value(whole: Int64) -> Float? { HalfType.bfloat16.round(Float(whole)) }
}
