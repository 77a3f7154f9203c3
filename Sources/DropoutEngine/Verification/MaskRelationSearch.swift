package import Stopping
import TextCodecs

/// The search for the ``MaskRelation`` between the right mask and the one that an output shows.
///
/// A relation is found if no shown element contradicts it, and if chance would make so many agree at most once in 10^10 for each
/// relation that is tried:
///
///     agreeing elements · -ln(keep² + rate²) > 23 + ln(relations)
///
/// A wrong relation ends at its first contradiction, after some 1 / (2·keep·rate) elements. An output can be made to agree long
/// with many relations, which would cost a square of its elements. So the search ends when its comparisons are spent.
package struct MaskRelationSearch {
    /// The comparisons after which no further relation is tried. The last one may take one pass more.
    package static func comparisons(_ count: Int) -> Int { count.times(16) }

    private let states: [ElementState]
    private let kept: [UInt8]
    private let shape: Shape
    /// The number of agreeing elements that chance does not give.
    private let neededCount: Int
    private var comparisonsLeft: Int
    private let stop: StopFlag

    /// - Parameters:
    ///   - states: what the elements show.
    ///   - kept: the right mask, 1 for kept; as many as `states`.
    ///   - shape: its product is their number.
    ///   - comparisons: after which no further relation is tried.
    package init(
        _ states: [ElementState], _ kept: [UInt8], _ shape: Shape, probability: KeepProbability, comparisons: Int,
        stop: StopFlag
    ) throws(DropoutError) {
        guard states.count == kept.count, states.count == shape.count else {
            throw .impossible("a mask of \(kept.count) elements is compared with \(states.count)")
        }
        (self.states, self.kept, self.shape, self.stop) = (states, kept, shape, stop)
        let (keep, rate) = (probability.keep, probability.rate)
        let certainty = 23 + Double.log(4 * Double(states.count) + 64)
        let agreement = -Double.log(keep * keep + rate * rate)
        // Nothing is told by masks that keep all or none.
        neededCount = agreement > certainty / 1e9 ? Int(certainty / agreement) + 1 : Int.max
        comparisonsLeft = comparisons
    }

    /// The first relation in the order of ``MaskRelation``; nil if there is none.
    package mutating func relation() throws(DropoutError) -> MaskRelation? {
        guard states.count >= neededCount else { return nil }
        if let tail = try tail() { return tail }
        if try agrees(count: states.count, isExchanged: true, { $0 }) { return .exchanged }
        for axes in otherOrders where try agrees(inOrder: axes) { return .axes(axes) }
        for width in [2, 4, 8] {
            let whole = states.count - states.count % width
            if try agrees(count: whole, { $0 - $0 % width + width - 1 - $0 % width }) { return .reversedLanes(width) }
            let pairs = states.count - states.count % (2 * width)
            let interleaved = { (i: Int) in
                let place = i % (2 * width)
                return i - place + place / 2 + (place % 2) * width
            }
            if try agrees(count: pairs, interleaved) { return .interleavedLanes(width) }
            let separated = { (i: Int) in
                let place = i % (2 * width)
                return i - place + (place % width) * 2 + place / width
            }
            if try agrees(count: pairs, separated) { return .separatedLanes(width) }
        }
        if let period = try period() { return .repeated(every: period) }
        if let tiled = try tiled() { return tiled }
        // Beyond the half, a repetition would be taken for a shift.
        for distance in stride(from: 1, through: min(states.count / 2, states.count - neededCount), by: 1) {
            guard comparisonsLeft > 0 else { break }
            let count = states.count - distance
            if try agrees(count: count, { $0 + distance }) { return .shifted(by: distance) }
            if try agrees(from: distance, count: count, { $0 - distance }) { return .shifted(by: -distance) }
        }
        return nil
    }

    /// Whether no shown element of `first..<first + count` contradicts the right mask at `source`, and enough agree.
    private mutating func agrees(
        from first: Int = 0, count: Int, isExchanged: Bool = false, _ source: (Int) -> Int
    ) throws(DropoutError) -> Bool {
        guard comparisonsLeft > 0 else { return false }
        let flip: UInt8 = isExchanged ? 1 : 0
        var shown = 0
        for block in Blocks(first..<first + count) {
            try stop.ask()
            for i in block where states[i] != .unknown {
                if states[i].contradicts(kept: kept[source(i)] ^ flip) {
                    comparisonsLeft -= i - first + 1
                    return false
                }
                shown += 1
            }
        }
        comparisonsLeft -= count
        return shown >= neededCount
    }

    // MARK: Orders

    /// All orders of the axes longer than 1 but the right one, the reversed one first; none above rank 5.
    private var otherOrders: [[Int]] {
        let extents = shape.dimensions
        guard (2...5).contains(extents.count) else { return [] }
        var orders: [[Int]] = [[]]
        for _ in extents {
            orders = orders.flatMap { order in extents.indices.filter { !order.contains($0) }.map { order + [$0] } }
        }
        let isLong = { (axis: Int) in extents[axis] > 1 }
        let right = extents.indices.filter(isLong)
        var seen: [[Int]] = [right]
        return orders.reversed().filter { order in
            let long = order.filter(isLong)
            defer { seen.append(long) }
            return !seen.contains(long)
        }
    }

    private mutating func agrees(inOrder axes: [Int]) throws(DropoutError) -> Bool {
        guard comparisonsLeft > 0 else { return false }
        let extents = shape.dimensions
        var (strides, step) = ([Int](repeating: 0, count: extents.count), 1)
        for axis in axes.reversed() {
            strides[axis] = step
            step *= extents[axis]
        }
        var walk = AxisWalk(extents: extents, strides: strides)
        var shown = 0
        for block in Blocks(states.indices) {
            try stop.ask()
            for i in block {
                comparisonsLeft -= 1
                if states[i].contradicts(kept: kept[walk.position]) { return false }
                if states[i] != .unknown { shown += 1 }
                _ = walk.advance()
            }
        }
        return shown >= neededCount
    }

    // MARK: Repetitions

    /// The number of elements after which the mask begins again; nil if it does not.
    ///
    /// Only the first period's elements are independent, so they must be enough, and right.
    private mutating func period() throws(DropoutError) -> Int? {
        guard let first = try firstMisfit() else { return nil }
        for period in RepeatedMask.periods(of: shape) where period >= neededCount && period <= first {
            if try agrees(from: period, count: states.count - period, { $0 % period }) { return period }
        }
        return nil
    }

    /// The axis along which the mask begins again, and after how many places.
    ///
    /// The first axis is that of ``period()``. Only the first tile's elements are independent.
    private mutating func tiled() throws(DropoutError) -> MaskRelation? {
        let extents = shape.dimensions
        guard extents.count > 1 else { return nil }
        for axis in extents.indices.dropFirst().reversed() where extents[axis] > 1 {
            let inner = extents[(axis + 1)...].reduce(1, *)
            let (extent, row) = (extents[axis], extents[axis] * inner)
            for every in 1..<extent {
                guard states.count / extent * every >= neededCount else { continue }
                let (place, before) = ({ (i: Int) in i / inner % extent }, comparisonsLeft)
                // Its divisions make a comparison dearer than others.
                defer { comparisonsLeft -= 3 * (before - comparisonsLeft) }
                if try agrees(count: states.count, { $0 - (place($0) - place($0) % every) * inner }) {
                    return .tiled(axis: axis, every: every, isCompact: false)
                }
                if try agrees(
                    count: states.count,
                    { $0 / row * every * inner + place($0) % every * inner + $0 % inner })
                {
                    return .tiled(axis: axis, every: every, isCompact: true)
                }
            }
        }
        return nil
    }

    // MARK: Tails

    /// The fewest elements of a tail that are otherwise than they should be: a tail of one is a wrong element.
    private static let leastTail = 4

    /// The right mask up to an element, and nothing or everything dropped from there on.
    private mutating func tail() throws(DropoutError) -> MaskRelation? {
        guard let first = try firstMisfit(), try agrees(count: first, { $0 }) else { return nil }
        let state = states[first]
        var wrong = 0
        for block in Blocks(first..<states.count) {
            try stop.ask()
            for i in block where states[i] != .unknown {
                guard states[i] == state else { return nil }
                if states[i].contradicts(kept: kept[i]) { wrong += 1 }
            }
        }
        guard wrong >= Self.leastTail else { return nil }
        return state == .kept ? .tailKept(from: first) : .tailDropped(from: first)
    }

    private func firstMisfit() throws(DropoutError) -> Int? {
        for block in Blocks(states.indices) {
            try stop.ask()
            for i in block where states[i].contradicts(kept: kept[i]) { return i }
        }
        return nil
    }
}
