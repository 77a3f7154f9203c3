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

    package init(
        maximumElements: Int = 1 << 24, maximumDepth: Int = 64, maximumOperations: Int = 1 << 32
    ) {
        self.maximumElements = maximumElements
        self.maximumDepth = maximumDepth
        self.maximumOperations = maximumOperations
    }

    var json: JSONLimits {
        var limits = JSONLimits()
        limits.maximumElements = maximumElements
        limits.maximumDepth = maximumDepth
        return limits
    }
}
