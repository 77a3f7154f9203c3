import DropoutEngine
import TensorJSON

/// `GET /generators`: every generator with what it matches and what it takes, for clients to discover.
enum GeneratorsRoute {
    static let route = Route(
        "/generators", [.get, .head], answers: [.json],
        summary: "the generators: which library's masks each draws, and what it takes",
        .reply { _ in reply })

    private static let reply: ServiceReply = {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("generators")
        writer.beginArray()
        for generator in Generator.all { writer.row(generator) }
        writer.endArray()
        writer.endObject()
        var text = writer.finish()
        return ServiceReply(fixed: text.allBytes() + [0x0A], .json)
    }()
}

extension JSONWriter {
    fileprivate mutating func row(_ generator: Generator) {
        beginObject()
        field("name", generator.name)
        field("library", generator.library)
        field("versions", generator.versions)
        field("draws", generator.draws)
        field("seed", generator.seed.meaning)
        key("state")
        if let states = generator.states { string(states.meaning) } else { null() }
        key("parameters")
        beginArray()
        for parameter in generator.parameters {
            beginObject()
            field("name", parameter.rawValue)
            field("meaning", parameter.meaning)
            endObject()
        }
        endArray()
        field("offset", generator.entry.rawValue)
        field("scaling", generator.arithmetic.scaling.rawValue)
        key("keeps_sign_of_dropped")
        bool(generator.arithmetic.keepsSignOfDropped)
        field("next", generator.next)
        key("place_field")
        if let place = generator.order.placeName { string(place) } else { null() }
        field("pass_field", generator.order.passName)
        field("verified", generator.verification.text)
        endObject()
    }
}
