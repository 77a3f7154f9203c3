/// The list of a field like Accept, in which each member may have a weight (RFC 9110, 12.4.2): `gzip, br;q=0.5, *;q=0`.
package struct QualityList: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        /// In lower case, without the parameters: a media range or a coding.
        package let name: String
        /// From 0, which refuses the name, to 1.
        package let weight: Double

        package init(name: String, weight: Double) { (self.name, self.weight) = (name, weight) }
    }

    /// In the order of the field. Members beyond the 64th are left out.
    package let members: [Member]

    /// Empty members are ignored (RFC 9110, 5.6.1.2).
    package init(_ field: String) {
        members = field.lowercased().split(separator: ",").prefix(Self.maximumCount).compactMap { Member($0) }
    }

    /// More members than this are an attack, not a preference.
    private static let maximumCount = 64
}

extension QualityList.Member {
    /// The member that `text` is, in lower case; nil for an empty one.
    ///
    /// The first parameter `q` is the weight. Without one, and with one that is not a number, the weight is 1: what is not a
    /// weight by RFC 9110 cannot change the default.
    fileprivate init?(_ text: Substring) {
        guard !OptionalWhiteSpace.trimmed(text).isEmpty else { return nil }
        let parts = text.split(separator: ";").map { OptionalWhiteSpace.trimmed($0) }
        let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
        self.init(
            name: parts.first.map { String($0) } ?? "", weight: weight.isNaN ? 1 : min(max(weight, 0), 1))
    }
}
