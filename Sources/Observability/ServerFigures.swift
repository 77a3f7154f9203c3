/// What the server knows of itself at one moment, besides single requests.
package struct ServerFigures: Sendable, Equatable {
    /// Requests that wait for a thread.
    package var queueLength = 0
    /// Bytes of the memory budget that requests in work hold, and all that there are.
    package var heldBytes = 0
    package var budgetBytes = 0
    /// Bytes of them that computations hold.
    package var computingBytes = 0
    /// Plans over 50 ms that are computed.
    package var longRunning = 0
    package var openConnections = 0
    /// Since the start.
    package var acceptedConnections = 0
    package var refusedConnections = 0

    package init() {}
}
