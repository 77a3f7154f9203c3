import TensorJSON

/// What one request may cost. A request over a limit is refused before the work starts.
package struct ServiceLimits: Sendable {
    /// Elements of one tensor, given or drawn, and of a network's activations together.
    package var maximumElements: Int
    /// Levels of `[` and `{` in a body.
    package var maximumDepth: Int
    /// Computing time of one request, by its price: nanoseconds of one core.
    package var maximumNanoseconds: Int
    /// Bytes that one request may hold while it is computed, by its price.
    package var maximumHeldBytes: Int
    /// Bytes of an answer's text, by its price.
    package var maximumPrintedBytes = 2 << 30

    package init(
        maximumElements: Int = 1 << 24, maximumDepth: Int = 64,
        maximumNanoseconds: Int = 10_000_000_000, maximumHeldBytes: Int = .max
    ) {
        self.maximumElements = maximumElements
        self.maximumDepth = maximumDepth
        self.maximumNanoseconds = maximumNanoseconds
        self.maximumHeldBytes = maximumHeldBytes
    }

    var json: JSONLimits {
        var limits = JSONLimits()
        limits.maximumElements = maximumElements
        limits.maximumDepth = maximumDepth
        return limits
    }
}
