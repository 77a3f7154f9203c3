import DropoutEngine
import TensorJSON

/// `GET /generators`: every generator with what it matches and what it takes, for clients to discover.
enum GeneratorsRoute {
    static let answer: String = {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("generators")
        writer.beginArray()
        for name in GeneratorName.allCases { writer.profile(name) }
        writer.endArray()
        writer.endObject()
        var text = writer.finish()
        return String(decoding: text.allBytes(), as: UTF8.self) + "\n"
    }()
}

extension JSONWriter {
    fileprivate mutating func profile(_ name: GeneratorName) {
        let profile = name.profile
        beginObject()
        field("name", name.rawValue)
        field("library", profile.library)
        field("versions", profile.versions)
        field("draws", profile.draws)
        field("seed", profile.seed.meaning)
        key("parameters")
        beginArray()
        for parameter in profile.parameters {
            beginObject()
            field("name", parameter.rawValue)
            field("meaning", parameter.meaning)
            endObject()
        }
        endArray()
        field("offset", profile.entry.rawValue)
        field("scaling", profile.arithmetic.scaling.rawValue)
        key("keeps_sign_of_dropped")
        bool(profile.arithmetic.keepsSignOfDropped)
        field("next", profile.next)
        field("verified", profile.verification.text)
        endObject()
    }
}
