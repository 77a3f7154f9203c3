/// A walk over the units of a block in row-major order, which knows where each of them lies in other memory.
///
/// The last axis turns fastest, as the wheels of an odometer do: a wheel that is full goes back to 0 and carries into the one
/// before it. The position is Σ index[a]·stride[a], without a multiplication in a step.
///
/// Example: the extents [2, 3] with the strides [1, 2] visit the positions 0, 2, 4, 1, 3, 5: a column-major matrix in
/// row-major order.
struct AxisWalk {
    /// The position of the unit that the walk is at.
    private(set) var position: Int
    private let extents: [Int]
    private let strides: [Int]
    private var index: [Int]

    /// - Parameters:
    ///   - extents: the units on each axis, none 0.
    ///   - strides: the distance between two neighbours on each axis; as many as `extents`.
    init(extents: [Int], strides: [Int], from position: Int = 0) {
        (self.extents, self.strides, self.position) = (extents, strides, position)
        index = [Int](repeating: 0, count: extents.count)
    }

    /// Goes to the next unit. False, and back at the first, if there is none.
    @inline(__always)
    mutating func advance() -> Bool {
        var axis = extents.count - 1
        while axis >= 0 {
            index[axis] += 1
            position += strides[axis]
            if index[axis] < extents[axis] { return true }
            position -= strides[axis] * extents[axis]
            index[axis] = 0
            axis -= 1
        }
        return false
    }
}
