package import DropoutService
package import HTTPServer
package import Observability
import Synchronization

/// Counts the inferences of each model, for the routes of statistics.
package final class InferenceStatistics: Sendable {
    private let figures = Mutex(
        Dictionary(uniqueKeysWithValues: InferenceModel.names.map { ($0, InferenceFigures()) }))

    package init() {}

    package func figures(of model: String) -> InferenceFigures { figures.withLock { $0[model] } ?? InferenceFigures() }

    /// A model that is not there is not counted, so that callers cannot make the table grow.
    package func add(_ model: String, _ outcome: HTTPOutcome, at time: WallTime) {
        let duration = Self.nanoseconds(outcome.duration)
        figures.withLock { figures in
            guard var own = figures[model] else { return }
            if outcome.status == 200 {
                own.answered &+= 1
                own.answeredNanoseconds &+= duration
                own.queueNanoseconds &+= Self.nanoseconds(outcome.queue ?? .zero)
                own.computeNanoseconds &+= Self.nanoseconds(outcome.compute ?? .zero)
            } else {
                own.refused &+= 1
                own.refusedNanoseconds &+= duration
            }
            own.lastMilliseconds = UInt64(clamping: time.milliseconds)
            figures[model] = own
        }
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        return UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
    }
}
