/// A nested array of numbers in one row-major list.
package struct NumberArray: Sendable {
    package enum Storage: Sendable {
        case float64([Double])
        /// Numbers of float32, or of a type of 16 bits.
        case float32([Float])
    }

    /// The type to which the numbers were rounded.
    package let elementType: ElementType

    /// The extents, outermost first. `[]` has [0] and `[[],[]]` has [2, 0].
    package let shape: [Int]
    package let storage: Storage
    /// Whether the leaves are true and false. They are stored as 1 and 0.
    package let isBoolean: Bool
    /// The first place that does not fit a rectangular array. `storage` and `shape` are then meaningless.
    package let problem: ArrayProblem?
    /// The bytes of the array in the text.
    package let source: Range<Int>
    /// The numbers with their texts, for lists of up to 64 numbers; empty for longer and for nested arrays.
    package let literals: [JSONNumber]
}

/// A wrong place inside an array, with the indices that lead to it.
package struct ArrayProblem: Sendable, Equatable {
    package let path: [Int]
    package let detail: String
}
