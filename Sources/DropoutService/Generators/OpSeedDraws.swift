import DropoutEngine
import Stopping

/// TensorFlow's eager stream: each call without an op seed draws one.
struct OpSeedDraws: DrawStream {
    private var opSeeds: TFOpSeeds
    private let graphSeed: Int64
    private let call: UInt32
    private let type: DrawType
    private let offset: UInt64

    init(graphSeed: Int64, call: UInt32, type: DrawType, offset: UInt64) {
        opSeeds = TFOpSeeds(graphSeed: graphSeed)
        self.graphSeed = graphSeed
        self.call = call
        self.type = type
        self.offset = offset
    }

    func length(of draw: DrawSchedule.Draw) -> UInt64 { 1 }

    mutating func enter(stop: StopFlag) throws(DropoutError) { try opSeeds.advance(by: UInt64(call), stop: stop) }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        try opSeeds.advance(by: length, stop: stop)
    }

    func source(at place: DrawPlace) -> DrawSource {
        DrawSource(generator: TFDropout(graphSeed: graphSeed, opSeeds: opSeeds, type: type), offset: offset)
    }
}
