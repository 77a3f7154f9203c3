import DropoutEngine
import Stopping

/// One dropout of one pass, ready to be drawn.
struct ReadyDraw: Sendable {
    let layer: LayerDraw
    let pending: PendingDraw?
    let randomness: Randomness
    let mode: DropoutMode

    func dropout(_ stop: StopFlag) throws(Problem) -> LayerDropout {
        guard mode == .eval else { return try layer.dropout(pending, randomness, stop) }
        return try computing { () throws(DropoutError) in try layer.evaluation(randomness) }
    }
}

extension [ReadyDraw?] {
    /// Draws the dropout of every layer.
    func dropouts(_ stop: StopFlag) throws(Problem) -> [LayerDropout?] {
        var dropouts: [LayerDropout?] = []
        for draw in self { dropouts.append(try draw?.dropout(stop)) }
        return dropouts
    }
}
