/// One setting of `dropoutd serve`: its names, the values that it takes, its default and its meaning.
///
/// The records are in `Setting+table.swift`. The command line, the checks at the start and the page docs/settings.md
/// follow them.
package struct Setting: Sendable {
    /// The groups, in the order of the page.
    package enum Group: String, Sendable, CaseIterable {
        case address = "Address and threads"
        case request = "Limits of one request"
        case sharing = "Memory and the queue"
        case connections = "Connections"
        case times = "Slow and idle clients"
        case stopping = "Stopping"
        case tls = "TLS"
        case callers = "Callers"
        case log = "Log"
    }

    package enum Values: Sendable {
        /// A whole number within bounds.
        case numbers(ClosedRange<Int>, unit: String)
        /// A text, with words for the texts that are allowed.
        case text(String)
        /// Yes or no.
        case toggle
    }

    package enum Standard: Sendable {
        case number(Int)
        case text(String)
        /// Words for a default that depends on the machine or on other settings, or for none.
        case words(String)
    }

    /// The name in capitals, for example `MAX_BODY_BYTES`.
    package let name: String
    package let group: Group
    package let values: Values
    package let standard: Standard
    /// One or two sentences for `--help` and the page.
    package let meaning: String

    init(_ name: String, _ group: Group, _ values: Values, _ standard: Standard, _ meaning: String) {
        (self.name, self.group, self.values, self.standard, self.meaning) = (name, group, values, standard, meaning)
    }

    /// The flag without its two hyphens, for example `max-body-bytes`.
    package var flag: String { name.lowercased().split(separator: "_").joined(separator: "-") }

    package static let variablePrefix = "DROPOUTD_"

    /// The environment variable, for example `DROPOUTD_MAX_BODY_BYTES`.
    package var variable: String { Self.variablePrefix + name }

    /// Both names, for messages.
    package var title: String { "--\(flag) (\(variable))" }

    /// The bounds of a whole number. Nil for other settings.
    package var bounds: ClosedRange<Int>? {
        guard case .numbers(let bounds, _) = values else { return nil }
        return bounds
    }

    /// The default if it is a number.
    package var standardNumber: Int? {
        guard case .number(let number) = standard else { return nil }
        return number
    }

    /// The default if it is a text.
    package var standardText: String? {
        guard case .text(let text) = standard else { return nil }
        return text
    }

    /// The default if it is true or false.
    package var standardToggle: Bool {
        if case .words("true") = standard { true } else { false }
    }

    /// The values that are allowed, for a reader.
    package var valuesText: String {
        switch values {
        case .numbers(let bounds, ""): "\(bounds.lowerBound) to \(bounds.upperBound)"
        case .numbers(let bounds, let unit): "\(bounds.lowerBound) to \(bounds.upperBound) \(unit)"
        case .text(let words): words
        case .toggle: "true or false"
        }
    }

    /// The default, for a reader. Large sizes are in KiB or MiB too.
    package var standardDescription: String {
        switch standard {
        case .number(let number):
            guard case .numbers(_, unit: "bytes") = values, number >= 1 << 10, number % (1 << 10) == 0 else {
                return "\(number)"
            }
            return number % (1 << 20) == 0 ? "\(number) (\(number >> 20) MiB)" : "\(number) (\(number >> 10) KiB)"
        case .text(let text), .words(let text): return text
        }
    }

    /// The text of `--help`.
    package var help: String { "\(meaning) (\(variable); \(valuesText); default: \(standardDescription))" }
}
