import TensorJSON

/// What one request may cost; a request over a limit is refused before the work starts.
package struct ServiceLimits: Sendable {
    /// Elements of one tensor, given or drawn, and of a network's activations together.
    package var maximumElements: Int
    /// Levels of `[` and `{` in a body.
    package var maximumDepth: Int
    /// Elementary steps of one request: elements drawn and applied over all passes, and multiplications of the matrix
    /// products.
    package var maximumOperations: Int
    /// Computing time of one request, by its price: nanoseconds of one core.
    package var maximumNanoseconds: Int
    /// Bytes that one request may hold while it is computed, by its price.
    package var maximumHeldBytes: Int
    /// Bytes of an answer's text, by its price.
    package var maximumPrintedBytes = 2 << 30

    package init(
        maximumElements: Int = 1 << 24, maximumDepth: Int = 64, maximumOperations: Int = 1 << 32,
        maximumNanoseconds: Int = 10_000_000_000, maximumHeldBytes: Int = .max
    ) {
        self.maximumElements = maximumElements
        self.maximumDepth = maximumDepth
        self.maximumOperations = maximumOperations
        self.maximumNanoseconds = maximumNanoseconds
        self.maximumHeldBytes = maximumHeldBytes
    }

    /// The longest body that may be a quick question.
    static let quickBodyBytes = 8192

    /// What is computed in well under a millisecond.
    var quick: ServiceLimits {
        ServiceLimits(
            maximumElements: min(maximumElements, 2048), maximumDepth: maximumDepth,
            maximumOperations: min(maximumOperations, 1 << 16))
    }

    var json: JSONLimits {
        var limits = JSONLimits()
        limits.maximumElements = maximumElements
        limits.maximumDepth = maximumDepth
        return limits
    }
}
