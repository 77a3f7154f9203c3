import Stopping
import TensorJSON

/// A request whose body is no question of the service's own, with what a route needs to read it.
struct RouteRequest {
    /// The parameters of the path.
    let parameters: [String: String]
    let body: UnsafeBufferPointer<UInt8>
    /// The value of `Inference-Header-Content-Length`.
    let inferenceHeaderLength: String?
    let limits: ServiceLimits
    let concurrency: Concurrency
    let stop: StopFlag
}
