import DropoutEngine
import TextCodecs

/// How the draws of one question follow each other: from dropout to dropout of a network, and from pass to pass.
///
/// Pass p of `samples` and `steps` draws what the question moved on by p passes draws. `next` names
/// the fields of the question moved on by all of its passes. Both ask ``Randomness/moved(by:lengths:)``.
enum DrawOrder: Sendable {
    /// Each draw has its own key. Dropout k of a network differs from dropout 0 in its place field. Pass p differs from pass 0
    /// in its pass field. What is not drawn moves nothing else.
    case keyed(place: PlaceField, pass: PassField)
    /// All draws share one stream, and a draw starts where the one before it ended. The field counts what was drawn before.
    case sequential(GeneratorParameter, length: DrawLength)

    /// The field in which dropout k of a network differs from dropout 0.
    enum PlaceField: Sendable {
        /// The layer's index is added to the field, also if the layer has the field itself.
        case layerIndex(GeneratorParameter)
        /// k is added to the number, or appended to the list. A layer that has the field itself is not counted.
        case parameter(GeneratorParameter)
        /// k is added to the seed, to the second one of a pair. A layer that has a seed itself is not counted.
        case seed

        var name: String {
            switch self {
            case .layerIndex(let parameter), .parameter(let parameter): parameter.rawValue
            case .seed: "seed"
            }
        }
    }

    /// What moves from pass to pass.
    enum PassField: Sendable {
        case parameter(GeneratorParameter)
        /// The first seed of a pair.
        case seed
    }

    /// The name of the field that moves from pass to pass.
    var passName: String {
        switch self {
        case .keyed(_, .parameter(let parameter)), .sequential(let parameter, _): parameter.rawValue
        case .keyed(_, .seed): "seed"
        }
    }

    /// The name of the field in which the dropouts of a network differ. Nil if they share a stream.
    var placeName: String? {
        switch self {
        case .keyed(let place, _): place.name
        case .sequential: nil
        }
    }
}

/// How far a draw moves a stream.
struct DrawLength: Sendable {
    /// The rates at which the library draws nothing.
    struct Silence: OptionSet, Sendable {
        let rawValue: Int
        static let rate0 = Silence(rawValue: 1)
        static let rate1 = Silence(rawValue: 2)

        func contains(_ probability: KeepProbability) -> Bool {
            probability.rate <= 0 && contains(.rate0) || probability.keep <= 0 && contains(.rate1)
        }
    }

    private let silence: @Sendable (DropoutVariant) -> Silence
    private let length: @Sendable (DrawSchedule.Draw, GeneratorParameters) -> UInt64

    /// - Parameters:
    ///   - silence: the rates at which a variant draws nothing.
    ///   - length: what another draw takes, in the unit of the stream's field.
    init(
        silentAt silence: @escaping @Sendable (DropoutVariant) -> Silence,
        _ length: @escaping @Sendable (DrawSchedule.Draw, GeneratorParameters) -> UInt64
    ) {
        (self.silence, self.length) = (silence, length)
    }

    func callAsFunction(_ draw: DrawSchedule.Draw, _ parameters: GeneratorParameters) -> UInt64 {
        silence(draw.variant).contains(draw.probability) ? 0 : length(draw, parameters)
    }

    /// The length of the draw is one, whatever its size.
    static func one(silentAt silence: Silence) -> DrawLength { DrawLength(silentAt: { _ in silence }, { _, _ in 1 }) }

    /// The length of the draw is its number of units.
    static func units(silentAt silence: Silence) -> DrawLength {
        DrawLength(silentAt: { _ in silence }, { draw, _ in UInt64(clamping: draw.units) })
    }
}

extension Randomness {
    var order: DrawOrder { generator.order(parameters) }

    /// The distance by which a draw moves the stream: 0 if each draw has its own key.
    func length(of draw: DrawSchedule.Draw) -> UInt64 {
        guard case .sequential(_, let length) = order else { return 0 }
        return length(draw, draw.parameters ?? parameters)
    }

    /// The question after `passes` passes of draws. Nil if a field would leave its range.
    ///
    /// - Parameter length: the length of all draws of a pass together.
    func moved(by passes: UInt64, length: UInt64) -> Randomness? {
        guard passes > 0 else { return self }
        switch order {
        case .keyed(_, .parameter(let parameter)): return with { $0.add(passes, to: parameter) }
        case .keyed(_, .seed):
            return moved { seed in seed.moved(pair: Int64(exactly: passes), 0) }
        case .sequential(let parameter, _):
            return length.checkedProduct(passes).flatMap { distance in with { $0.add(distance, to: parameter) } }
        }
    }

    /// The question of dropout `number` of a network, of which this one is dropout 0. Nil if a field would leave its range.
    func placed(at number: Int) -> Randomness? {
        guard case .keyed(let place, _) = order else { return self }
        switch place {
        case .layerIndex(let parameter), .parameter(let parameter):
            return with { $0.add(UInt64(clamping: number), to: parameter) }
        case .seed:
            return moved { seed in
                switch seed {
                case .list: seed.moved(pair: 0, Int64(exactly: number))
                default: seed.moved(by: number, generator.seed)
                }
            }
        }
    }

    private func with(_ change: (inout GeneratorParameters) -> Bool) -> Randomness? {
        var moved = self
        return change(&moved.parameters) ? moved : nil
    }

    private func moved(_ change: (Seed) -> Seed?) -> Randomness? {
        var moved = self
        guard let seed = change(seed) else { return nil }
        moved.seed = seed
        return moved
    }
}

extension Randomness {
    /// The question after `passes` passes of a schedule. Nil if a field would leave its range.
    func moved(by passes: UInt64, _ schedule: DrawSchedule) -> Randomness? {
        if !schedule.draws.isEmpty, schedule.draws.allSatisfy({ countsNothing($0) }) { return self }
        return moved(by: passes, length: schedule.before(0, pass: 1) { length(of: $0) })
    }

    /// Whether a draw with a key of its own leaves its layer's count where it is.
    func countsNothing(_ draw: DrawSchedule.Draw) -> Bool {
        guard case .keyed = order else { return false }
        return generator.uncounted.contains(draw.probability)
    }

    /// Refuses passes of which the last would need a field beyond its range, so that no counter wraps.
    ///
    /// - Parameter pointer: the object that has the fields.
    /// - Throws: a 422 at the field.
    func check(_ schedule: DrawSchedule, passes: Int, pointer: String) throws(Problem) {
        guard !schedule.draws.isEmpty else { return }
        let pass = UInt64(clamping: passes - 1)
        guard let last = moved(by: pass, schedule) else {
            throw Self.refusal(pointer, order.passName, "\(passes) passes would go beyond its last value")
        }
        switch order {
        case .keyed(let place, _):
            guard let number = schedule.draws.compactMap(\.number).max() else { break }
            guard let placed = last.placed(at: number) else {
                throw Self.refusal(
                    pointer, place.name, "dropout \(number) of the network would have a value beyond its last one")
            }
            try placed.checkCall(pointer)
            return
        case .sequential(let parameter, _):
            let inside = schedule.before(schedule.draws.count - 1, pass: 0) { length(of: $0) }
            guard last.moved(by: 1, length: inside) != nil, last.hasRoom(for: schedule, parameter) else {
                throw Self.refusal(pointer, parameter.rawValue, "the draws would go beyond its last value")
            }
        }
        try last.checkCall(pointer)
    }

    /// Whether the stream still has the words of the last pass, with its offset before them.
    private func hasRoom(for schedule: DrawSchedule, _ parameter: GeneratorParameter) -> Bool {
        guard parameter == .skip else { return true }
        let length = schedule.before(0, pass: 1) { self.length(of: $0) }
        return parameters.skip.checkedSum(offset.times(2))?.checkedSum(length) != nil
    }

    /// Keras on PyTorch holds the seed of a second call in 32 signed bits.
    private func checkCall(_ pointer: String) throws(Problem) {
        guard case .word = generator.seed, parameters.call > 0, case .number(let integer) = seed,
            let bits = integer.wrapping, bits >> 31 == 1
        else { return }
        throw Self.refusal(pointer, "seed", "a second call takes seeds up to 2^31 - 1 only, as the library does")
    }

    private static func refusal(_ pointer: String, _ field: String, _ detail: String) -> Problem {
        Problem(unanswerable: [.init(pointer: "\(pointer)/\(field)", detail: "`\(field)`: \(detail)")])
    }
}

extension Seed {
    /// A pair with these numbers added. Nil if a sum has no 64 bits.
    fileprivate func moved(pair first: Int64?, _ second: Int64?) -> Seed? {
        guard case .list(let list) = self, list.count == 2, let first, let second,
            let one = list[0].signed?.checkedSum(first), let two = list[1].signed?.checkedSum(second)
        else { return nil }
        return .list([SeedInteger(signed: one), SeedInteger(signed: two)])
    }

    /// A number with `count` added. Nil if the library does not take it.
    fileprivate func moved(by count: Int, _ rule: SeedRule) -> Seed? {
        guard case .number(let integer) = self else { return nil }
        let sum: SeedInteger? =
            if let signed = integer.signed?.checkedSum(Int64(count)) {
                SeedInteger(signed: signed)
            } else {
                integer.unsigned?.checkedSum(UInt64(clamping: count)).map { SeedInteger($0) }
            }
        return sum.flatMap { rule.allows($0) ? .number($0) : nil }
    }
}
