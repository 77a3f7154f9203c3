/// The figures of the server at one moment.
package struct ServerFigures: Sendable, Equatable {
    /// The number of requests that wait for a thread.
    package var queueLength = 0
    /// The bytes of the memory budget that open requests hold.
    package var heldBytes = 0
    /// The bytes of the memory budget.
    package var budgetBytes = 0
    /// The bytes of `heldBytes` that computations hold.
    package var computingBytes = 0
    /// The number of plans over 50 ms that are being computed.
    package var longRunning = 0
    package var openConnections = 0
    /// The number of accepted connections since the start.
    package var acceptedConnections = 0
    /// The number of refused connections since the start.
    package var refusedConnections = 0
    /// When the certificate that is served expires, in seconds since 1970. Nil without TLS.
    package var certificateExpiry: Int?

    package init() {}
}
