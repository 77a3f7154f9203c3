import DropoutEngine
import Stopping

/// The dropouts of one question, pass after pass.
///
/// A pass is made ready in order, on one thread. What is ready can be drawn on any thread. Layers without randomness of
/// their own share one stream; each of the others has its own.
struct Draws: Sendable {
    private let layers: [LayerDraw?]
    private let randomness: Randomness
    private let mode: DropoutMode
    /// What the layers without randomness of their own draw in each pass.
    let schedule: DrawSchedule
    /// The streams, once the first pass is made ready: a price needs none of them.
    private var shared: DrawCursor?
    /// The streams of the layers with randomness of their own, by the layer's place.
    private var own: [Int: DrawCursor] = [:]

    /// - Parameters:
    ///   - layers: the dropout of each layer, nil for a layer without one.
    ///   - isNetwork: whether they are layers of a network, whose dropouts draw differently even if there is only one.
    init(_ layers: [LayerDraw?], _ randomness: Randomness, _ mode: DropoutMode, isNetwork: Bool) {
        self.layers = layers
        self.randomness = randomness
        self.mode = mode
        let drawn = mode == .train ? layers.compactMap { $0 }.filter { $0.given == nil } : []
        schedule = DrawSchedule(draws: drawn.filter { $0.own == nil }.map(\.draw), isNetwork: isNetwork)
    }

    private mutating func open() {
        shared = DrawCursor(randomness, schedule)
        for case let layer? in layers where isDrawn(layer) {
            if let randomness = layer.own { own[layer.layer] = DrawCursor(randomness, Self.schedule(of: layer)) }
        }
    }

    private func isDrawn(_ layer: LayerDraw) -> Bool { layer.given == nil && mode == .train }

    private static func schedule(of layer: LayerDraw) -> DrawSchedule {
        DrawSchedule(draws: [layer.draw], isNetwork: false)
    }

    /// The price of `passes` passes: the way to the place where each stream is entered, and the draws.
    func price(passes: Int) -> Price {
        layers.reduce(randomness.price(of: schedule, passes: passes)) { price, layer in
            guard let layer, let randomness = layer.own, isDrawn(layer) else { return price }
            return price + randomness.price(of: Self.schedule(of: layer), passes: passes)
        }
    }

    /// The part of ``price(passes:)`` that is due to the places where the streams are entered.
    var entryNanoseconds: Int {
        layers.reduce(schedule.draws.isEmpty ? 0 : randomness.entryNanoseconds) { sum, layer in
            guard let layer, let randomness = layer.own, isDrawn(layer) else { return sum }
            return sum.adding(randomness.entryNanoseconds)
        }
    }

    /// The field that leads to the place where the streams are entered: that of the first layer with randomness of its own,
    /// else the question's.
    var entryPointer: String {
        for layer in layers {
            if let layer, let own = layer.own { return layer.reader.pointer(to: own.startField) }
        }
        return "/\(randomness.startField)"
    }

    /// Makes the next pass ready.
    ///
    /// - Throws: a 422 at the field that leads to the place of a stream, if that place cannot be reached.
    mutating func next(_ stop: StopFlag) throws(Problem) -> [ReadyDraw?] {
        if shared == nil { open() }
        var ready: [ReadyDraw?] = []
        ready.reserveCapacity(layers.count)
        for layer in layers {
            guard let layer else {
                ready.append(nil)
                continue
            }
            let pending = isDrawn(layer) ? try next(layer, stop) : nil
            ready.append(ReadyDraw(layer: layer, pending: pending, randomness: randomness, mode: mode))
        }
        return ready
    }

    private mutating func next(_ layer: LayerDraw, _ stop: StopFlag) throws(Problem) -> PendingDraw {
        do throws(DropoutError) {
            guard let pending = try layer.own == nil ? shared?.next(stop: stop) : own[layer.layer]?.next(stop: stop)
            else {
                throw .impossible("a layer with randomness of its own has no stream")
            }
            return pending
        } catch {
            throw Problem(error, at: layer.reader.pointer(to: (layer.own ?? randomness).startField))
        }
    }
}

/// One dropout of one pass, ready to be drawn.
struct ReadyDraw: Sendable {
    fileprivate let layer: LayerDraw
    fileprivate let pending: PendingDraw?
    fileprivate let randomness: Randomness
    fileprivate let mode: DropoutMode

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

extension LayerDraw {
    /// Whether the layer's weights are drawn rather than its activations.
    var dropsWeights: Bool { drop.variant.variant == .dropConnect }
}
