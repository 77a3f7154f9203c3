/// The comparison by which a library makes a mask of uniform numbers.
///
/// A number is compared exactly with the probability rounded to the library's type. `below` compares with keep, the others
/// with the rate.
package struct UniformComparison: Sendable, Equatable {
    let rule: KeepRule
    private let type: DrawType

    /// - Parameter type: the type to which the probability is rounded.
    package init(_ rule: KeepRule, _ type: DrawType) { (self.rule, self.type) = (rule, type) }

    /// u < keep in float64.
    package static let plain = UniformComparison(.below, .float64)

    /// The number with which a uniform is compared.
    package func bound(_ probability: KeepProbability) -> Double {
        type.rounded(rule == .below ? probability.keep : probability.rate)
    }
}
