package import DropoutEngine
package import Stopping

/// The draws of a question's layers: one cursor for the layers that share the question's randomness, and one for each layer
/// that has its own.
package struct DrawCursors: Sendable {
    /// A layer whose noise is drawn.
    package struct Layer: Sendable {
        package let draw: DrawSchedule.Draw
        /// Randomness of the layer's own, nil if it shares the question's.
        package let own: Randomness?

        package init(_ draw: DrawSchedule.Draw, own: Randomness? = nil) {
            self.draw = draw
            self.own = own
        }
    }

    /// What the layers draw in each pass from the question's own randomness.
    package let shared: DrawSchedule
    private let streams: [(randomness: Randomness, schedule: DrawSchedule)]
    private var cursors: [DrawCursor]
    /// The cursor of each layer, nil if nothing is drawn for it.
    private let cursorOfLayer: [Int?]

    /// - Parameters:
    ///   - layers: in the order of the network; nil if nothing is drawn for a layer.
    ///   - isNetwork: false for a single tensor, whose draw then is the library's plain one.
    package init(_ randomness: Randomness, layers: [Layer?], isNetwork: Bool) {
        shared = DrawSchedule(
            draws: layers.compactMap { $0 }.filter { $0.own == nil }.map(\.draw), isNetwork: isNetwork)
        var streams = [(randomness: randomness, schedule: shared)]
        cursorOfLayer = layers.map { layer in
            guard let layer else { return nil }
            guard let own = layer.own else { return 0 }
            streams.append((own, DrawSchedule(draws: [layer.draw], isNetwork: false)))
            return streams.count - 1
        }
        self.streams = streams
        cursors = streams.map { DrawCursor($0.randomness, $0.schedule) }
    }

    /// Hands out the next draw of layer `layer` and moves past it; nil if nothing is drawn for the layer.
    ///
    /// The layers are asked for in the order of the network, pass after pass. Who asks for each by itself knows which one
    /// refused.
    ///
    /// - Throws: what ``DrawCursor/next(stop:)`` throws.
    package mutating func next(layer: Int, stop: StopFlag) throws(DropoutError) -> PendingDraw? {
        guard let cursor = cursorOfLayer[layer] else { return nil }
        return try cursors[cursor].next(stop: stop)
    }

    /// Hands out the draws of the next pass, one for each layer, and moves past them.
    ///
    /// - Throws: what ``DrawCursor/next(stop:)`` throws.
    package mutating func nextPass(stop: StopFlag) throws(DropoutError) -> [PendingDraw?] {
        var draws: [PendingDraw?] = []
        draws.reserveCapacity(cursorOfLayer.count)
        for layer in cursorOfLayer.indices { draws.append(try next(layer: layer, stop: stop)) }
        return draws
    }

    /// Goes from the question's start to pass `pass`.
    package mutating func start(atPass pass: Int) {
        for index in cursors.indices { cursors[index].start(atPass: pass) }
    }

    /// The price of `passes` passes from the question's start.
    package func price(passes: Int) -> Price {
        streams.reduce(.zero) { $0 + $1.randomness.price(of: $1.schedule, passes: passes) }
    }
}
