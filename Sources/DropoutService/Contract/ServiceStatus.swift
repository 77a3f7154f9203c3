/// What the service answers about the process it runs in, which it does not know itself.
package struct ServiceStatus: Sendable {
    /// Whether new requests are welcome.
    package var isReady: @Sendable () -> Bool = { true }
    /// The page of `/metrics`, in Prometheus' text format.
    package var metrics: @Sendable () -> [UInt8] = { [] }

    package init() {}
}
