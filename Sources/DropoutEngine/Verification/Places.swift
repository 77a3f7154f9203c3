/// Where elements lie that have something in common: their number, the first and the last, the smallest box and the largest
/// stride that hold all of them.
///
/// Example: the elements 1, 3 and 5 of the shape [2, 3] lie at [0, 1], [1, 0] and [1, 2], in the box from [0, 0] of the shape
/// [2, 3], each 2 after the one before.
package struct Places: Sendable, Equatable {
    /// The number of elements.
    package private(set) var count = 0
    /// The row-major index of the first and the last element; 0 if there is none.
    package private(set) var first = 0
    package private(set) var last = 0
    /// The greatest common divisor of the distances from one element to the next; 0 for fewer than two.
    package private(set) var stride = 0
    private let shape: [Int]
    private var lower: [Int]
    private var upper: [Int]

    package init(_ shape: Shape) {
        self.shape = shape.dimensions
        (lower, upper) = (self.shape, [Int](repeating: -1, count: self.shape.count))
    }

    /// The place at which the smallest box with all elements begins.
    package var boxStart: [Int] { lower }

    /// The extents of the smallest box with all elements.
    package var boxShape: [Int] { zip(lower, upper).map { max(0, $1 - $0 + 1) } }

    /// Adds an element behind those that were added before.
    ///
    /// Complexity: O(rank).
    package mutating func add(_ index: Int) {
        if count > 0 {
            stride = Self.greatestCommonDivisor(stride, index - last)
        } else {
            first = index
        }
        last = index
        count += 1
        var rest = index
        for axis in shape.indices.reversed() where shape[axis] > 0 {
            let place = rest % shape[axis]
            rest /= shape[axis]
            lower[axis] = min(lower[axis], place)
            upper[axis] = max(upper[axis], place)
        }
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// The numbers of a finding: the elements that differ, those that agree, and where the former are.
    ///
    /// - Parameter shown: the elements that show anything.
    package func evidence(ofShown shown: Int) -> [(name: String, value: Finding.Evidence)] {
        var evidence: [(name: String, value: Finding.Evidence)] = [
            ("elements", .count(count)), ("agree", .count(shown - count)), ("first", .index(first)),
        ]
        guard count > 1 else { return evidence }
        evidence += [("last", .index(last)), ("box_start", .shape(boxStart)), ("box_shape", .shape(boxShape))]
        if stride > 1 { evidence.append(("stride", .count(stride))) }
        return evidence
    }
}
