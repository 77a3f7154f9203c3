import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// The dropouts of one question, pass after pass.
///
/// A pass is made ready in order, on one thread. What is ready can be drawn on any thread. The layers share one stream but
/// for those with randomness of their own, see ``LayerRandomness``.
struct Draws: Sendable {
    /// The stream of a layer with randomness of its own.
    private struct OwnStream: Sendable {
        let randomness: Randomness
        let schedule: DrawSchedule
        let pointer: String
        var cursor: DrawCursor
    }

    private let layers: [LayerDraw?]
    private let randomness: Randomness
    private let mode: DropoutMode
    /// What the layers that share the question's stream draw in each pass.
    private let schedule: DrawSchedule
    private var shared: DrawCursor
    /// By the layer's index.
    private var own: [Int: OwnStream]
    /// Whether the question's seed decides any mask.
    let isSeedUsed: Bool

    /// - Parameters:
    ///   - layers: the dropout of each layer, nil for a layer without one.
    ///   - isNetwork: whether they are layers of a network, whose dropouts draw differently even if there is only one.
    init(_ layers: [LayerDraw?], _ randomness: Randomness, _ mode: DropoutMode, isNetwork: Bool) {
        (self.layers, self.randomness, self.mode) = (layers, randomness, mode)
        var (draws, own): ([DrawSchedule.Draw], [Int: OwnStream]) = ([], [:])
        var (count, isSeedUsed) = (0, false)
        for (index, layer) in layers.enumerated() {
            guard let layer, Self.isDrawn(layer, mode) else { continue }
            var draw = layer.draw
            let question = layer.own?.randomness ?? randomness
            if isNetwork { draw.number = Self.number(index, layer.own, question, &count) }
            if !question.decides(draw), layer.own?.hasSeed != true { isSeedUsed = true }
            if layer.own?.hasStream == true {
                let schedule = DrawSchedule(draws: [draw])
                own[index] = OwnStream(
                    randomness: question, schedule: schedule, pointer: layer.pointer,
                    cursor: DrawCursor(question, schedule))
            } else {
                draw.parameters = layer.own?.randomness.parameters
                draws.append(draw)
            }
        }
        (self.own, self.isSeedUsed) = (own, isSeedUsed)
        schedule = DrawSchedule(draws: draws)
        shared = DrawCursor(randomness, schedule)
    }

    private static func isDrawn(_ layer: LayerDraw, _ mode: DropoutMode) -> Bool {
        layer.given == nil && mode == .train
    }

    /// Which dropout of its network a layer's is.
    ///
    /// - Parameter count: the dropouts before that do not name their own place.
    private static func number(
        _ index: Int, _ own: LayerRandomness?, _ randomness: Randomness, _ count: inout Int
    ) -> Int? {
        guard case .keyed(let place, _) = randomness.order, own?.hasPlace != true else { return nil }
        if case .layerIndex = place { return index }
        defer { count += 1 }
        return count
    }

    /// The price of `passes` passes: the way to the place where each stream is entered, and the draws.
    func price(passes: Int) -> Price {
        own.values.reduce(randomness.price(of: schedule, passes: passes)) {
            $0 + $1.randomness.price(of: $1.schedule, passes: passes)
        }
    }

    /// The price of holding the states that the question and its layers have, and of printing each once.
    var statePrice: Price {
        layers.reduce(randomness.seed.price) { sum, layer in
            guard let own = layer?.own, own.hasSeed else { return sum }
            return sum + own.randomness.seed.price
        }
    }

    /// The part of ``price(passes:)`` that is due to the places where the streams are entered.
    var entryNanoseconds: Int {
        own.values.reduce(schedule.draws.isEmpty ? 0 : randomness.entryNanoseconds) {
            $0.adding($1.randomness.entryNanoseconds)
        }
    }

    /// The field that leads to the place where the streams are entered: that of the first layer with a stream of its own,
    /// else the question's.
    var entryPointer: String {
        if let first = own.min(by: { $0.key < $1.key })?.value {
            return "\(first.pointer)/\(first.randomness.startField)"
        }
        return "/\(randomness.startField)"
    }

    /// Refuses passes of which the last would need a field beyond its range.
    ///
    /// - Throws: a 422 at the field.
    func check(passes: Int) throws(Problem) {
        guard passes > 0 else { return }
        try randomness.check(schedule, passes: passes, pointer: "")
        for stream in own.values {
            try stream.randomness.check(stream.schedule, passes: passes, pointer: stream.pointer)
        }
    }

    /// Makes the next pass ready.
    ///
    /// - Throws: a 422 at the field that leads to the place of a stream, if that place cannot be reached.
    mutating func next(_ stop: StopFlag) throws(Problem) -> [ReadyDraw?] {
        var ready: [ReadyDraw?] = []
        ready.reserveCapacity(layers.count)
        for (index, layer) in layers.enumerated() {
            guard let layer else {
                ready.append(nil)
                continue
            }
            let pending = Self.isDrawn(layer, mode) ? try next(layer, index, stop) : nil
            ready.append(ReadyDraw(layer: layer, pending: pending, randomness: randomness, mode: mode))
        }
        return ready
    }

    private mutating func next(_ layer: LayerDraw, _ index: Int, _ stop: StopFlag) throws(Problem) -> PendingDraw {
        do throws(DropoutError) {
            guard layer.own?.hasStream == true else { return try shared.next(stop: stop) }
            guard let pending = try own[index]?.cursor.next(stop: stop) else {
                throw .impossible("a layer with randomness of its own has no stream")
            }
            return pending
        } catch {
            throw (own[index]?.randomness ?? randomness).problem(error, own[index]?.pointer ?? "")
        }
    }

    // MARK: Going on

    /// The question after `passes` passes. Nil if a field would leave its range. An evaluation moves nothing.
    func moved(by passes: Int) -> MovedDraws? {
        let passes = mode == .train ? UInt64(clamping: passes) : 0
        // Fields that no layer draws with cannot end what the layers go on with.
        let unused = schedule.draws.isEmpty ? randomness : nil
        guard let top = randomness.moved(by: passes, schedule) ?? unused else { return nil }
        var layers: [MovedRandomness?] = []
        for (index, layer) in self.layers.enumerated() {
            guard let layerOwn = layer?.own else {
                layers.append(nil)
                continue
            }
            guard let stream = own[index] else {
                // Evaluated, given or shared: nothing of its own moves.
                layers.append(MovedRandomness(own: layerOwn, randomness: layerOwn.randomness))
                continue
            }
            guard let moved = stream.randomness.moved(by: passes, stream.schedule) else { return nil }
            layers.append(MovedRandomness(own: layerOwn, randomness: moved))
        }
        return MovedDraws(randomness: top, layers: layers, isSeedUsed: isSeedUsed)
    }
}

extension LayerDraw {
    /// Whether the layer's weights are drawn rather than its activations.
    var dropsWeights: Bool { record.dropsWeights }
}
