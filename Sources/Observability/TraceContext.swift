import TextCodecs

/// A place in a distributed trace, in the form of the field `traceparent`.
///
///     traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
///
/// The source is W3C Trace Context, Recommendation of 2021-11-23. Of a field of a later version only the first four parts are read
/// (4.3). The field is always written as version 00.
package struct TraceContext: Sendable, Equatable {
    private let traceHigh: UInt64
    private let traceLow: UInt64
    private let span: UInt64
    /// Whether the caller records this trace.
    package let isSampled: Bool

    /// The id of the trace: 32 lower-case hexadecimal digits.
    package var traceID: String {
        Hexadecimal.digits(traceHigh, count: 16) + Hexadecimal.digits(traceLow, count: 16)
    }

    /// The id of the span: 16 lower-case hexadecimal digits.
    package var spanID: String { Hexadecimal.digits(span, count: 16) }

    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// Nil for a field that is not well-formed. The request then counts as one without the field.
    package init?(traceparent: String) {
        let text = Array(traceparent.utf8.prefix(513))
        let dash = UInt8(ascii: "-")
        guard (55...512).contains(text.count), text[2] == dash, text[35] == dash, text[52] == dash,
            let version = Hexadecimal.lowerCaseValue(text[0..<2]), version != 0xFF,
            text.count == 55 || version > 0 && text[55] == dash,
            let high = Hexadecimal.lowerCaseValue(text[3..<19]), let low = Hexadecimal.lowerCaseValue(text[19..<35]),
            let span = Hexadecimal.lowerCaseValue(text[36..<52]), let flags = Hexadecimal.lowerCaseValue(text[53..<55]),
            high | low != 0, span != 0
        else { return nil }
        self.init(high, low, span, isSampled: flags & 1 == 1)
    }

    /// A new span of the same trace. Its parent is this span.
    package func child(using generator: inout some RandomNumberGenerator) -> TraceContext {
        TraceContext(traceHigh, traceLow, .random(in: 1 ... .max, using: &generator), isSampled: isSampled)
    }

    private init(_ high: UInt64, _ low: UInt64, _ span: UInt64, isSampled: Bool) {
        (traceHigh, traceLow, self.span, self.isSampled) = (high, low, span, isSampled)
    }
}

/// The name of a request in logs and answers.
package enum RequestID {
    /// The name of a request: `given` if it is 1 to 128 of A-Z a-z 0-9 . _ ~ + / = : @ -, or else 32 random hexadecimal digits.
    ///
    /// - Parameter given: The value of X-Request-Id.
    package static func accept(_ given: String?, using generator: inout some RandomNumberGenerator) -> String {
        if let given, isSafe(given.utf8) { return given }
        return Hexadecimal.digits(generator.next(), count: 16)
            + Hexadecimal.digits(generator.next(), count: 16)
    }

    private static func isSafe(_ text: String.UTF8View) -> Bool {
        (1...128).contains(text.count)
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
                    UInt8(ascii: "="), UInt8(ascii: "@"):
                    true
                default: false
                }
            }
    }
}
