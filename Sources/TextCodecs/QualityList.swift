/// The list of a field like Accept, in which each member may have a weight (RFC 9110, 12.4.2): `gzip, br;q=0.5, *;q=0`.
package struct QualityList: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        /// A media range or a coding, in lower case and without parameters.
        package let name: String
        /// The preference, from 0, which refuses the name, to 1.
        package let weight: Double
        /// Whether the name has parameters, which the weight is not.
        package let hasParameters: Bool

        package init(name: String, weight: Double, hasParameters: Bool = false) {
            (self.name, self.weight, self.hasParameters) = (name, weight, hasParameters)
        }
    }

    /// The members in the order of the field. Members beyond the 64th are left out.
    package let members: [Member]

    /// Reads the text of a field. Empty members (RFC 9110, 5.6.1.2) and those with a malformed weight are ignored.
    package init(_ field: String) {
        members = QuotedList.split(field.lowercased()[...], at: ",").prefix(Self.maximumCount).compactMap { Member($0) }
    }

    /// More members than this are an attack, not a preference.
    private static let maximumCount = 64
}

extension QualityList.Member {
    /// Reads one member in lower case; nil if it is empty or if its weight is not a number.
    ///
    /// The first parameter `q` is the weight. Without it the weight is 1. A member with a malformed weight is ignored, so that nothing
    /// is sent that the client may have refused.
    fileprivate init?(_ text: Substring) {
        guard !OptionalWhiteSpace.trimmed(text).isEmpty else { return nil }
        let parts = QuotedList.split(text, at: ";").map { OptionalWhiteSpace.trimmed($0) }
        var weight = 1.0
        if let parameter = parts.dropFirst().first(where: { $0.hasPrefix("q=") }) {
            guard let number = Double(parameter.dropFirst(2)), !number.isNaN else { return nil }
            weight = min(max(number, 0), 1)
        }
        let hasParameters = parts.dropFirst().contains { !$0.isEmpty && !$0.hasPrefix("q=") }
        self.init(name: parts.first.map { String($0) } ?? "", weight: weight, hasParameters: hasParameters)
    }
}
