package import Stopping

/// What one element of an output shows of its draw.
///
/// The input x and the output y decide. The scale does not: the judge compares it afterwards.
///
/// | x | y | state | why |
/// | --- | --- | --- | --- |
/// | 0 or -0 | any | unknown | 0 is 0 whether kept or dropped |
/// | finite, not 0 | 0 or -0 | dropped | a kept element is x times a factor that is not 0 |
/// | finite, not 0 | finite, not 0 | kept | y = x too, which is a factor of 1 |
/// | finite, not 0 | NaN or infinite | unknown | the scale overflowed, or a mistake made it |
/// | NaN or infinite | 0 or -0 | dropped | a kept element would be NaN or infinite |
/// | NaN or infinite | finite, not 0 | unknown | no dropout gives it |
/// | NaN or infinite | NaN or infinite | unknown | kept, or dropped by a product with 0 |
package enum ElementState: UInt8, Sendable {
    case dropped = 0
    case kept = 1
    case unknown = 2

    @inline(__always)
    package init<Scalar: DropoutScalar>(input x: Scalar, output y: Scalar) {
        if y == 0 {
            self = x == 0 ? .unknown : .dropped
        } else {
            self = x != 0 && x.isFinite && y.isFinite ? .kept : .unknown
        }
    }

    /// Whether an element of the input `x` shows both that it was kept and that it was dropped.
    ///
    /// A NaN or an infinity shows only that it was dropped. Counting it would make the kept fraction too small.
    @inline(__always)
    static func showsBoth<Scalar: DropoutScalar>(input x: Scalar) -> Bool { x != 0 && x.isFinite }

    /// Whether a mask with the bit `kept`, 1 or 0, is not the mask of this element.
    @inlinable package func contradicts(kept: UInt8) -> Bool { self != .unknown && rawValue != kept }
}

extension [ElementState] {
    /// The last element in a state; nil if there is none.
    func lastIndex(of state: ElementState, _ stop: StopFlag) throws(DropoutError) -> Int? {
        var last: Int?
        for block in Blocks(indices) {
            try stop.ask()
            for i in block where self[i] == state { last = i }
        }
        return last
    }

    /// The elements that are not what a mask says of them.
    ///
    /// - Parameter kept: 1 for kept; as many as there are states.
    package func contradictions(of kept: [UInt8], _ shape: Shape, _ stop: StopFlag) throws(DropoutError) -> Places {
        var places = Places(shape)
        for block in Blocks(indices) {
            try stop.ask()
            for i in block where self[i].contradicts(kept: kept[i]) { places.add(i) }
        }
        return places
    }
}
