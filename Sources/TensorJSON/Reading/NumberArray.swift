/// A nested array of numbers in one row-major list.
package struct NumberArray: Sendable {
    package enum Storage: Sendable {
        case float64([Double])
        case float32([Float])
    }

    /// Outermost first; `[]` is [0] and `[[],[]]` is [2,0].
    package let shape: [Int]
    package let storage: Storage
    /// The leaves are true and false, stored as 1 and 0.
    package let isBoolean: Bool
    /// The first place that is no part of a rectangular array; `storage` and `shape` mean nothing then.
    package let problem: ArrayProblem?
    /// Where the array stands in the text.
    package let source: Range<Int>
    /// The numbers as written, for lists of up to 64; empty for longer ones and for nested ones.
    package let literals: [JSONNumber]
}

/// A wrong place inside an array: the indices that lead to it.
package struct ArrayProblem: Sendable, Equatable {
    package let path: [Int]
    package let detail: String
}
