import DropoutEngine
import TensorJSON
import TextCodecs

extension Randomness {
    /// The same seed or state with another generator and that one's defaults. Nil if it takes no such one.
    func with(_ other: Generator) -> Randomness? {
        if seed.isState {
            guard generator.states == other.states else { return nil }
            return Randomness(other, seed, GeneratorParameters(other), offset: offset)
        }
        guard case .number(let integer) = seed, let seed = other.seed.seed(like: integer) else { return nil }
        return Randomness(other, seed, GeneratorParameters(other), offset: offset)
    }

    /// The draws that are easily mistaken for this one, the likeliest first.
    ///
    /// They are the draws before and after it, the first ones of the stream, a stream entered a whole draw or an element away,
    /// the neighbouring seeds, and other types of draw.
    func near(_ draw: DrawSchedule.Draw) -> [Randomness] {
        var near: [Randomness] = []
        for parameter in generator.parameters where Self.counters.contains(parameter) { near += counted(parameter) }
        near += entered(draw) + seeded()
        func add(_ change: (inout GeneratorParameters) -> Void) { near.append(changed(change)) }
        for type in generator.drawTypes where type != parameters.drawType { add { $0.drawType = type } }
        for parameter in generator.parameters {
            switch parameter {
            case .rateType:
                for type: DrawType in [.float32, .float16, .bfloat16] where type != parameters.rateType {
                    add { $0.rateType = type }
                }
            case .x64: add { ($0.x64, $0.rateType) = (!$0.x64, $0.x64 ? .float32 : .float64) }
            case .path:
                for layer in 0...3 { add { $0.path = ["Dropout_\(layer)"] } }
                if parameters.path != nil { add { $0.path = nil } }
            case .foldIn:
                for data: UInt32 in 0...3 { add { $0.foldIn.append(data) } }
                if !parameters.foldIn.isEmpty { add { $0.foldIn = [] } }
            case .partitionable: add { $0.isPartitionable.toggle() }
            case .keyType:
                for type in generator.keyTypes where type != parameters.keyType { add { $0.keyType = type } }
            case .keepWhen:
                for rule in KeepRule.allCases where rule != parameters.keepWhen { add { $0.keepWhen = rule } }
            case .order:
                let reversed = DrawnOrder(Array((0..<draw.rank).reversed())).map { UnitOrder.axes($0) }
                for order in [reversed, draw.rank > 2 ? .channelsLast : nil, .rowMajor] {
                    if let order, order != parameters.order { add { $0.order = order } }
                }
            case .vectorWidth:
                for width in [1, 2, 4, 8] where width != parameters.vectorWidth { add { $0.vectorWidth = width } }
            default: break
            }
        }
        return near
    }

    /// What this draw has otherwise than another one of its generator, as fields with their values: `seed 0`, `step 3`.
    func changes(from other: Randomness) -> [String] {
        func text(_ write: (inout JSONWriter) -> Void) -> String {
            var writer = JSONWriter()
            writer.beginObject()
            write(&writer)
            writer.endObject()
            var text = writer.finish()
            return String(decoding: text.allBytes(), as: UTF8.self)
        }
        let fields: [(Randomness, inout JSONWriter) -> Void] =
            [{ $0.seed.write(to: &$1) }]
            + generator.parameters.map { parameter in { $0.parameters.write([parameter], to: &$1) } }
            + [{ $1.field("offset", natural: $0.offset) }]
        return fields.compactMap { write in
            let (own, others) = (text { write(self, &$0) }, text { write(other, &$0) })
            guard own != others else { return nil }
            // {"seed":0} becomes seed 0, and a field that is not there "no" and its name.
            let name = (own == "{}" ? others : own).dropFirst(2).prefix { $0 != "\"" }
            return own == "{}" ? "no \(name)" : "\(name) \(own.dropFirst(name.count + 4).dropLast())"
        }
    }

    /// The fields that count steps, streams and calls.
    private static let counters: Set<GeneratorParameter> = [.step, .stream, .call, .drawsBeforeFork, .opSeed]
    /// How far a count may be off.
    private static let reach: UInt64 = 8

    private func changed(_ change: (inout GeneratorParameters) -> Void) -> Randomness {
        var parameters = parameters
        change(&parameters)
        return Randomness(generator, seed, parameters, offset: offset)
    }

    /// Up to eight counts after and before, and the first ones.
    private func counted(_ parameter: GeneratorParameter) -> [Randomness] {
        guard let value = parameters.count(parameter) else { return [] }
        var values: [UInt64] = []
        for distance in 1...Self.reach {
            values.append(value.adding(distance))
            if value >= distance { values.append(value - distance) }
        }
        let first = (0...4).filter { $0 != value && !values.contains($0) }
        return (values + first).compactMap { count in
            var parameters = parameters
            return parameters.set(count, to: parameter)
                ? Randomness(generator, seed, parameters, offset: offset) : nil
        }
    }

    /// The stream entered a whole draw, an element or a few words before and after, and at its start.
    private func entered(_ draw: DrawSchedule.Draw) -> [Randomness] {
        var near: [Randomness] = []
        if case .sequential(let position, let length) = order, let value = parameters.count(position), position != .call
        {
            let whole = length(draw, parameters)
            let element = whole / UInt64(max(1, draw.units))
            var seen: Set<UInt64> = [value]
            for distance in [whole, element, 1, 2, 3, 4, 8, 12, 16] where distance > 0 {
                let below = value >= distance ? [value - distance] : []
                for place in [value.adding(distance)] + below + [0] where seen.insert(place).inserted {
                    var parameters = parameters
                    guard parameters.set(place, to: position) else { continue }
                    near.append(Randomness(generator, seed, parameters, offset: offset))
                }
            }
        }
        guard generator.entry != .start else { return near }
        var seen: Set<UInt64> = [offset]
        for distance in [UInt64(clamping: draw.units), 1] {
            let below = offset >= distance ? [offset - distance] : []
            for place in [offset.adding(distance)] + below + [0] where seen.insert(place).inserted {
                near.append(Randomness(generator, seed, parameters, offset: place))
            }
        }
        return near
    }

    /// The neighbours of this seed, seed 0, and what a cut to 32 bits leaves.
    private func seeded() -> [Randomness] {
        guard case .number(let integer) = seed else { return [] }
        var near: [SeedInteger] = []
        if let value = integer.signed {
            near = [1, -1, 2, -2].compactMap { value.checkedSum($0) }.filter { $0 >= 0 || value < 0 }
                .map { SeedInteger(signed: $0) }
        }
        near += [SeedInteger(0), SeedInteger(UInt64(integer.words.first ?? 0))]
        var seen = [integer]
        return near.compactMap { other in
            guard generator.seed.allows(other), !seen.contains(other) else { return nil }
            seen.append(other)
            return Randomness(generator, .number(other), parameters, offset: offset)
        }
    }
}
