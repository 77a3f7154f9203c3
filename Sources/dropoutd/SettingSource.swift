import ArgumentParser

/// Reads settings: the flag if it is given, else the environment variable, else the default.
struct SettingSource {
    let environment: [String: String]

    /// The text that was given, else the default if it is a text.
    func text(_ flag: String?, _ setting: Setting) -> String? {
        flag ?? environment[setting.variable] ?? setting.standardText
    }

    /// - Parameter standard: The default, if the table has words for it instead of a number.
    /// - Throws: `ValidationError` with the setting, its value and what is expected.
    func integer(_ flag: Int?, _ setting: Setting, otherwise standard: Int = 0) throws -> Int {
        guard let value = try givenInteger(flag, setting) else { return setting.standardNumber ?? standard }
        return value
    }

    /// The number that was given. Nil if neither the flag nor the variable is given.
    func givenInteger(_ flag: Int?, _ setting: Setting) throws -> Int? {
        var value = flag
        if flag == nil, let text = environment[setting.variable] {
            guard let number = Int(text) else {
                throw wrong(setting, text, "a whole number expected", isVariable: true)
            }
            value = number
        }
        guard let value, let bounds = setting.bounds, !bounds.contains(value) else { return value }
        throw ValidationError("\(setting.title) is \(value); \(bounds.lowerBound) to \(bounds.upperBound) expected")
    }

    func seconds(_ flag: Int?, _ setting: Setting) throws -> Duration { .seconds(try integer(flag, setting)) }

    /// Whether a switch is on. It is off by default.
    func bool(_ flag: Bool?, _ setting: Setting) throws -> Bool {
        if let flag { return flag }
        switch environment[setting.variable] {
        case nil, "": return setting.standardToggle
        case "0", "false", "no": return false
        case "1", "true", "yes": return true
        case let text?: throw wrong(setting, text, "true or false expected", isVariable: true)
        }
    }

    /// - Parameter isVariable: Whether only the variable can have this value.
    func wrong(_ setting: Setting, _ value: String, _ expected: String, isVariable: Bool = false) -> ValidationError {
        ValidationError("\(isVariable ? setting.variable : setting.title) is \"\(value)\"; \(expected)")
    }
}
