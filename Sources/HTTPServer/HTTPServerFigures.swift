/// What the server counts over all requests and connections.
package struct HTTPServerFigures: Sendable {
    package struct Connections: Sendable {
        package let open: Int
        /// Since the start, the refused ones among them.
        package let opened: Int
        package let refused: Int
    }

    package let connections: Connections
    /// Requests that wait for a thread.
    package let waiting: Int
    /// Bytes of the memory budget that are in use.
    package let heldBytes: Int
    /// Of them those of computations.
    package let computingBytes: Int
    /// Plans over 50 ms that are computed.
    package let longRunning: Int
}
