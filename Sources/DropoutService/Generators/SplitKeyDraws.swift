import DropoutEngine
import Stopping

/// MLX's stream: each draw splits the global key.
struct SplitKeyDraws: DrawStream {
    private var keys: MLXKeys
    private let call: UInt32
    private let offset: UInt64

    init(seed: UInt64, call: UInt32, offset: UInt64) {
        keys = MLXKeys(seed: seed)
        self.call = call
        self.offset = offset
    }

    func length(of draw: DrawSchedule.Draw) -> UInt64 { 1 }

    mutating func enter(stop: StopFlag) throws(DropoutError) { try keys.advance(by: UInt64(call), stop: stop) }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        try keys.advance(by: length, stop: stop)
    }

    func source(at place: DrawPlace) -> DrawSource { DrawSource(generator: MLXDropout(keys), offset: offset) }
}
