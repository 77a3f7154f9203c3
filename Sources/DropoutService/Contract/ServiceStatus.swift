/// What the answers say about the process. The program that runs the service supplies it.
package struct ServiceStatus: Sendable {
    /// Whether new requests are welcome.
    package var isReady: @Sendable () -> Bool = { true }
    /// The figures of a model's inferences.
    package var inferences: @Sendable (_ model: String) -> InferenceFigures = { _ in InferenceFigures() }
    /// The version of the program.
    package var version = ""
    /// The page of `/metrics`, in Prometheus' text format.
    package var metrics: @Sendable () -> [UInt8] = { [] }

    /// Whether `/` shows browsers the page.
    package var showsPage = true

    package init() {}
}
