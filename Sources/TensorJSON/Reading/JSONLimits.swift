/// How much of a text is read.
package struct JSONLimits: Sendable {
    /// Levels of `[` and `{`.
    package var maximumDepth = 64
    /// Numbers in packed arrays, in the whole text.
    package var maximumElements = 1 << 24
    /// Values outside packed arrays.
    package var maximumValues = 65_536

    package init() {}
}
