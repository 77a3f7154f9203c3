import ArgumentParser

/// Reads settings: the flag where it was given, else the environment variable, else the default.
struct SettingSource {
    let environment: [String: String]

    /// `name` as in DROPOUTD_`name`.
    func text(_ flag: String?, _ name: String) -> String? { flag ?? environment["DROPOUTD_\(name)"] }

    /// - Throws: `ValidationError` naming the setting, its value and what is expected.
    func integer(_ flag: Int?, _ name: String, _ range: ClosedRange<Int>, _ standard: Int, isOptional: Bool = false)
        throws -> Int
    {
        if isOptional, !isGiven(flag, name) { return standard }
        let value: Int
        if let flag {
            value = flag
        } else if let text = environment["DROPOUTD_\(name)"] {
            guard let number = Int(text) else { throw wrong(name, text, "a whole number expected", isVariable: true) }
            value = number
        } else {
            value = standard
        }
        guard range.contains(value) else {
            throw ValidationError(
                "\(Self.title(name)) is \(value); \(range.lowerBound) to \(range.upperBound) expected")
        }
        return value
    }

    func isGiven(_ flag: Int?, _ name: String) -> Bool { flag != nil || environment["DROPOUTD_\(name)"] != nil }

    func seconds(_ flag: Int?, _ name: String, _ range: ClosedRange<Int>, _ standard: Int) throws -> Duration {
        .seconds(try integer(flag, name, range, standard))
    }

    func bool(_ flag: Bool?, _ name: String) throws -> Bool {
        if let flag { return flag }
        switch environment["DROPOUTD_\(name)"] {
        case nil, "0", "false", "no", "": return false
        case "1", "true", "yes": return true
        case let text?: throw wrong(name, text, "true or false expected", isVariable: true)
        }
    }

    func wrong(_ name: String, _ value: String, _ expected: String, isVariable: Bool = false) -> ValidationError {
        ValidationError("\(isVariable ? "DROPOUTD_\(name)" : Self.title(name)) is \"\(value)\"; \(expected)")
    }

    /// Both names of a setting.
    static func title(_ name: String) -> String {
        "--\(name.lowercased().split(separator: "_").joined(separator: "-")) (DROPOUTD_\(name))"
    }
}
