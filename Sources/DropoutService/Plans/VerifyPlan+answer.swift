import DropoutEngine
import TensorJSON

/// The answer of a verification.
extension VerifyPlan {
    func answer(_ judgement: Verification<Scalar>.Judgement, _ search: SearchResult?) -> Answer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("is_dropout")
        writer.bool(judgement.findings.isEmpty)
        writer.field("verdict", judgement.findings.first?.mistake.rawValue ?? "dropout")
        writer.key("findings")
        writer.beginArray()
        for finding in judgement.findings { write(finding, to: &writer) }
        writer.endArray()
        layer?.drop.variant.write(to: &writer)
        if let probability = judgement.probability {
            writer.probability(probability)
        } else {
            writer.field("keep_prob", nil as Double?)
            writer.field("rate", nil as Double?)
        }
        writer.key("rate_inferred")
        writer.bool(judgement.isInferred)
        writer.field("kept", judgement.kept)
        writer.field("dropped", judgement.dropped)
        writer.field("kept_units", judgement.keptUnits)
        writer.field("units", judgement.units)
        writer.field("z_score", judgement.zScore)
        writer.field("factor", judgement.factor)
        writer.key("rounding")
        writer.beginObject()
        writer.key("scalings")
        writer.beginArray()
        for scaling in judgement.roundings { writer.string(scaling.rawValue) }
        writer.endArray()
        writer.key("libraries")
        writer.beginArray()
        for library in Self.libraries(judgement.roundings) { writer.string(library) }
        writer.endArray()
        writer.endObject()
        search?.write(to: &writer)
        writer.endObject()
        return .text(writer.finish())
    }

    /// The libraries whose way to scale is among `scalings`.
    private static func libraries(_ scalings: [DropoutArithmetic.Scaling]) -> [String] {
        var names: [String] = []
        for generator in Generator.all
        where scalings.contains(generator.arithmetic.scaling) && !names.contains(generator.library) {
            names.append(generator.library)
        }
        return names
    }

    private func write(_ finding: Finding, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("mistake", finding.mistake.rawValue)
        writer.field("detail", finding.detail)
        writer.field("output", finding.output)
        if finding.subject != .output { writer.field("tensor", finding.subject.rawValue) }
        writer.key("evidence")
        writer.beginObject()
        for (name, value) in finding.evidence {
            writer.key(name)
            switch value {
            case .count(let count): writer.integer(Int64(count))
            case .number(let number): writer.number(number)
            case .text(let text): writer.string(text)
            case .index(let index): writer.shape(place(index))
            case .shape(let numbers): writer.shape(numbers)
            }
        }
        writer.endObject()
        writer.endObject()
    }

    /// The coordinates of an element.
    private func place(_ index: Int) -> [Int] {
        var rest = index
        var place: [Int] = []
        for extent in verification.input.shape.dimensions.reversed() {
            place.append(extent > 0 ? rest % extent : 0)
            rest /= max(extent, 1)
        }
        return place.reversed()
    }
}
