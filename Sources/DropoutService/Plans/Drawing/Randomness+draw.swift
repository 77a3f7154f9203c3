package import DropoutEngine
package import Stopping

extension Randomness {
    /// The field that leads to the place where a stream is entered: what its price is due to.
    var startField: String {
        let fields: [(GeneratorParameter, Bool)] = [
            (.skip, parameters.skip > 0), (.call, parameters.call > 0), (.path, parameters.path != nil),
            (.foldIn, !parameters.foldIn.isEmpty),
        ]
        if offset > 0 { return "offset" }
        return fields.first { $0.1 && generator.parameters.contains($0.0) }?.0.rawValue ?? "generator"
    }

    /// An error of drawing at the field that is at fault.
    ///
    /// - Parameter pointer: the object that has the fields. The offset is the question's alone.
    func problem(_ error: DropoutError, _ pointer: String) -> Problem {
        switch error {
        case .offsetUnsupported, .offsetTooLarge: Problem(error, at: "/offset")
        default: Problem(error, at: "\(pointer)/\(startField)")
        }
    }

    /// Whether the first units of a mask do not depend on how many follow.
    ///
    /// A stream that can only be entered at its start spreads its words over the whole tensor. TensorFlow's later calls with
    /// an op seed start at a multiple of the tensor's size. JAX's former layout halves the words of the whole tensor.
    package var hasStablePrefix: Bool {
        generator.entry != .start && parameters.order == .rowMajor && parameters.isPartitionable
            && (parameters.opSeed == nil || parameters.call == 0)
    }

    /// One draw of one tensor, the way to it included.
    func price(_ noise: NoiseShape, _ probability: KeepProbability, shard: Shard? = nil) -> Price {
        price(of: Self.schedule(noise, probability, shard: shard), passes: 1)
    }

    /// The mask of one tensor, or of a block of it, whose noise is `noise`.
    package func mask(
        _ noise: NoiseShape, _ probability: KeepProbability, shard: Shard? = nil, _ stop: StopFlag
    ) throws(DropoutError) -> Mask {
        try pending(noise, probability, shard: shard, stop).mask(noise, stop: stop)
    }

    /// The draw of one tensor, or of a block of it, ready to be carried out.
    func pending(
        _ noise: NoiseShape, _ probability: KeepProbability, shard: Shard?, _ stop: StopFlag
    ) throws(DropoutError) -> PendingDraw {
        var cursor = DrawCursor(self, Self.schedule(noise, probability, shard: shard))
        return try cursor.next(stop: stop)
    }

    static func schedule(
        _ noise: NoiseShape, _ probability: KeepProbability, shard: Shard? = nil
    ) -> DrawSchedule {
        DrawSchedule(draws: [DrawSchedule.Draw(noise, probability: probability, shard: shard)])
    }
}

extension PriceList {
    /// Adds `passes` passes of draws, for the field at `pointer`, and the way to the places where their streams are entered,
    /// for the field that leads there.
    ///
    /// - Parameter countsEntry: false if the streams were entered by draws that are counted already.
    mutating func draw(_ draws: Draws, passes: Int, for pointer: String, countsEntry: Bool = true) {
        guard passes > 0 else { return }
        let (entry, all) = (draws.entryNanoseconds, draws.price(passes: passes).nanoseconds)
        if countsEntry { compute(entry, for: draws.entryPointer) }
        compute(all == .max ? .max : max(0, all - entry), for: pointer)
    }
}

extension PriceList {
    /// Adds one draw of one tensor and its mask.
    ///
    /// - Parameter pointer: what the draw is due to, if it is not a block of a larger tensor.
    mutating func draw(
        _ randomness: Randomness, _ noise: NoiseShape, _ probability: KeepProbability, shard: Shard? = nil,
        for pointer: String
    ) {
        let price = randomness.price(noise, probability, shard: shard)
        let none = randomness.price(NoiseShape(elementwise: .vector(1)), probability)
        compute(none.nanoseconds, for: "/\(randomness.startField)")
        compute(
            price.nanoseconds == .max ? .max : max(0, price.nanoseconds - none.nanoseconds),
            for: shard == nil ? pointer : "/full_shape")
        hold(price.heldBytes)
    }
}
