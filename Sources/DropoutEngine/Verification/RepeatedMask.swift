import Stopping

/// Masks that begin again after some elements.
enum RepeatedMask {
    /// The longest period that is looked for.
    private static let longest = 1 << 20

    /// The numbers of elements after which a mask may begin again: all up to half of the tensor.
    static func periods(of shape: Shape) -> ClosedRange<Int> { 1...max(1, min(longest, shape.count / 2)) }

    /// The number of elements that show the same as the element one period before them. Nil if one shows the opposite.
    ///
    /// Only elements count that show both, see ``ElementState/showsBoth(input:)``.
    ///
    /// - Parameter comparisons: those that are left. If there are none, the result is nil.
    static func agreeingPairs<Scalar: DropoutScalar>(
        _ one: ObservedOutput<Scalar>, every period: Int, _ comparisons: inout Int, _ stop: StopFlag
    ) throws(DropoutError) -> Int? {
        let states = one.states
        var pairs = 0
        guard comparisons > 0 else { return nil }
        for block in Blocks(period..<states.count) {
            try stop.ask()
            for i in block where states[i] != .unknown && states[i - period] != .unknown {
                guard states[i] == states[i - period] else {
                    comparisons -= i - period + 1
                    return nil
                }
                let isTelling =
                    ElementState.showsBoth(input: one.input[i]) && ElementState.showsBoth(input: one.input[i - period])
                pairs += isTelling ? 1 : 0
            }
        }
        comparisons -= states.count - period
        return pairs
    }

    /// The same along one axis: the pairs of elements `every` places apart on it. Nil if two of them show opposites.
    ///
    /// Its divisions make a pair as dear as four.
    static func agreeingPairs<Scalar: DropoutScalar>(
        _ one: ObservedOutput<Scalar>, of shape: Shape, along axis: Int, every period: Int, _ comparisons: inout Int,
        _ stop: StopFlag
    ) throws(DropoutError) -> Int? {
        let states = one.states
        let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
        let (extent, distance) = (shape.dimensions[axis], period * inner)
        var pairs = 0
        guard comparisons > 0 else { return nil }
        for block in Blocks(distance..<max(distance, states.count)) {
            try stop.ask()
            for i in block
            where i / inner % extent >= period && states[i] != .unknown && states[i - distance] != .unknown {
                guard states[i] == states[i - distance] else {
                    comparisons -= 4 * (i - distance + 1)
                    return nil
                }
                let isTelling =
                    ElementState.showsBoth(input: one.input[i])
                    && ElementState.showsBoth(input: one.input[i - distance])
                pairs += isTelling ? 1 : 0
            }
        }
        comparisons -= 4 * (states.count - distance)
        return pairs
    }
}
