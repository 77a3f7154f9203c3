import Stopping

/// Masks that begin again after some elements.
enum RepeatedMask {
    /// The numbers of elements after which masks are known to begin again: the sizes of a row, a matrix and so on, and powers of 2
    /// from 32 on, each below the size of the tensor.
    static func periods(of shape: Shape) -> [Int] {
        var (periods, size) = ([Int](), 1)
        for extent in shape.dimensions.dropFirst().reversed() {
            size *= extent
            if !periods.contains(size) { periods.append(size) }
        }
        for power in 5..<32 where !periods.contains(1 << power) { periods.append(1 << power) }
        return periods.filter { $0 > 1 && $0 < shape.count }
    }

    /// The number of elements that show the same as the element one period before them. Nil if one shows the opposite.
    ///
    /// Only elements count that show both, see ``ElementState/showsBoth(input:)``.
    static func agreeingPairs<Scalar: DropoutScalar>(
        _ one: ObservedOutput<Scalar>, every period: Int, _ stop: StopFlag
    ) throws(DropoutError) -> Int? {
        let states = one.states
        var pairs = 0
        for block in Blocks(period..<states.count) {
            try stop.ask()
            for i in block where states[i] != .unknown && states[i - period] != .unknown {
                guard states[i] == states[i - period] else { return nil }
                let isTelling =
                    ElementState.showsBoth(input: one.input[i]) && ElementState.showsBoth(input: one.input[i - period])
                pairs += isTelling ? 1 : 0
            }
        }
        return pairs
    }
}
