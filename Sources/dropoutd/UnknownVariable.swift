import DropoutService

/// An environment variable that begins with the prefix of settings but is no setting. Most likely it is a typing error.
package struct UnknownVariable: Sendable, Equatable {
    package let name: String
    /// The variable of the setting that has a similar name.
    package let nearest: String?

    /// The unknown variables of an environment, in the order of their names. The prefix may be in upper or lower case.
    package static func all(in environment: [String: String]) -> [UnknownVariable] {
        let prefix = Setting.variablePrefix
        let names = Setting.all.map(\.name)
        let known = Set(Setting.all.map(\.variable))
        return environment.keys.sorted().compactMap { name in
            let capitals = name.uppercased()
            guard capitals.hasPrefix(prefix), !known.contains(name) else { return nil }
            // The names are compared without the prefix, which would make all of them similar.
            let nearest = NearestName.find(String(capitals.dropFirst(prefix.count)), in: names)
            return UnknownVariable(name: name, nearest: nearest.map { prefix + $0 })
        }
    }

    /// The line for the log. It does not quote the value, which may be a secret.
    package var message: String {
        "\(name) is not a setting; "
            + (nearest.map { "did you mean \($0)?" } ?? "`dropoutd serve --help` lists the settings")
    }
}
