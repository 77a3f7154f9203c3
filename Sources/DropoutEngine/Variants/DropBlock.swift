package import Stopping
package import TextCodecs

/// DropBlock: drops square blocks of a feature map and renormalises by the share that is left.
///
///     γ = rate·ΠD / (b^k·Π(D - b + 1)),  b = min(block size, every D)
///     each of the Π(D - b + 1) anchors of a map fires with probability γ and drops the b^k elements from it on
///     y = x·m·scale,  scale = count / (10^-6 + Σ m)
///
/// Shapes: [N, C, D₁...D_k] with k of 1 to 3; the anchors are drawn in [N, C, D₁ - b + 1, ...].
/// Precision: torchvision's steps, so that float32 has its bits: γ in float64, the scale in the tensor's type over the
///   whole tensor, then x · scale for the kept.
/// Edge cases: rate 0 returns the input bit for bit and draws nothing; a γ above 1 is refused, as there. A tensor without
///   elements has no anchors, and its extents cost nothing, however large they are.
/// Source: Ghiasi et al., "DropBlock", 2018; pytorch/vision `torchvision/ops/drop_block.py`.
package struct DropBlock: Sendable {
    package let shape: Shape
    package let block: Int
    /// The probability of an anchor to fire.
    package let gamma: Double
    /// The shape of the anchors.
    package let anchors: Shape
    package let rate: Double

    /// - Throws: ``DropoutError/featureMapRank(_:)``, ``DropoutError/blockSizeOutOfRange(_:)``,
    ///   ``DropoutError/blockRateTooLarge(gamma:)``.
    package init(_ shape: Shape, blockSize: Int, rate: Double) throws(DropoutError) {
        guard (3...5).contains(shape.rank) else { throw .featureMapRank(shape.rank) }
        guard blockSize > 0 else { throw .blockSizeOutOfRange(blockSize) }
        let extents = Array(shape.dimensions[2...])
        // An extent of 0 has no room for a block; 1 keeps the arithmetic of the other axes within their extents.
        let block = max(1, min(blockSize, extents.min() ?? 1))
        let open = extents.map { max(0, $0 - block + 1) }
        // torchvision's order of operations: (p·H·W) / (b² · ((H - b + 1)·(W - b + 1))).
        var numerator = rate
        var volume = 1.0
        var places = 1.0
        for (extent, place) in zip(extents, open) {
            numerator *= Double(extent)
            volume *= Double(block)
            places *= Double(place)
        }
        let gamma = rate == 0 || shape.count == 0 ? 0 : numerator / (volume * places)
        guard gamma <= 1 else { throw .blockRateTooLarge(gamma: gamma) }
        (self.shape, self.block, self.gamma, self.rate) = (shape, block, gamma, rate)
        anchors = try Shape(Array(shape.dimensions[..<2]) + open)
    }

    /// The probability of an anchor to fire, as a generator takes it. A kept unit is an anchor that fires.
    package var anchorProbability: KeepProbability { get throws(DropoutError) { try KeepProbability(keep: gamma) } }

    /// 1 for each element that no fired anchor drops.
    ///
    /// Edge cases: a tensor without elements has none, whatever its extents are.
    /// - Parameter fired: 1 or 0 for each anchor, row-major.
    /// - Throws: ``DropoutError/stopped``; ``DropoutError/impossible(_:)`` for another number of anchors.
    package func kept(_ fired: [UInt8], stop: StopFlag = .never) throws(DropoutError) -> [UInt8] {
        guard fired.count == anchors.count else {
            throw .impossible("\(fired.count) of \(anchors.count) anchors are given")
        }
        guard shape.count > 0 else { return [] }
        var current = fired
        var dimensions = anchors.dimensions
        var pace = Pace(stop)
        for axis in 2..<shape.rank {
            let target = shape.dimensions[axis]
            let inner = dimensions[(axis + 1)...].reduce(1, *)
            let outer = dimensions[..<axis].reduce(1, *)
            let source = dimensions[axis]
            var widened = [UInt8](repeating: 0, count: outer * target * inner)
            for lane in 0..<outer * inner {
                let (block0, column) = (lane / inner, lane % inner)
                var open = 0
                for place in 0..<target {
                    try pace.spend(1)
                    // The anchors that reach `place` are those from place - block + 1 to place.
                    if place < source { open += Int(current[(block0 * source + place) * inner + column]) }
                    let gone = place - block
                    if gone >= 0, gone < source { open -= Int(current[(block0 * source + gone) * inner + column]) }
                    widened[(block0 * target + place) * inner + column] = open > 0 ? 1 : 0
                }
            }
            current = widened
            dimensions[axis] = target
        }
        return try current.map(stop: stop) { 1 - $0 }
    }

    /// count / (10^-6 + kept) in the type of the tensor, as PyTorch divides a number by a tensor: count · fl(1 / ...).
    ///
    /// - Parameter half: the type of a tensor of 16 bits, to which each step is rounded.
    package func scale<Scalar: DropoutScalar>(kept: Int, half: HalfType? = nil) -> Scalar {
        guard let half else { return 1 / (Scalar(1e-6) + Scalar(kept)) * Scalar(shape.count) }
        let sum = half.round(half.round(Float(kept)) + 1e-6)
        return Scalar(half.round(half.round(1 / sum) * Float(shape.count)))
    }

    /// Kept elements times their scale, for each element of the tensor: K·scale / count, with K = Σ m.
    ///
    ///     Σ y = K·scale · (Σ x·m / K) = count · share · mean of the kept x
    ///
    /// So the sum of a pass is known but for the mean of the kept x: of a constant x it does not vary with the mask. In exact
    /// arithmetic the share is K / (K + 10^-6), just below 1. Without it a constant x, whose sum has no variance, would miss
    /// its expectation by more than rounding. It is 0 if nothing is kept.
    func share<Scalar: DropoutScalar>(kept: Int, as type: Scalar.Type, half: HalfType?) -> Double {
        guard rate > 0, shape.count > 0 else { return 1 }
        let scale: Scalar = scale(kept: kept, half: half)
        return Double(kept) * Double(scale) / Double(shape.count)
    }

    /// The elementary steps of ``moments(_:)`` for each element, at most `Int.max`.
    package var stepsPerElement: Int {
        (2..<shape.rank).reduce(1) { product, _ in product.times(2 * block - 1) }
    }

    /// The expectation of each output element, count · x·P / Σ P.
    package func expectation(_ x: [Double], stop: StopFlag = .never) throws(DropoutError) -> [Double] {
        guard gamma > 0, !x.isEmpty else { return x }
        try checkCount(x.count)
        let alone = try places(stop)
        var total = 0.0
        for block in Blocks(x.indices) {
            try stop.ask()
            for index in block { total += alone[index % alone.count] }
        }
        return try [Double](count: x.count, stop: stop) {
            total > 0 ? x[$0] * alone[$0 % alone.count] * Double(x.count) / total : 0
        }
    }

    /// The share of the elements that is kept on average; 1 for a tensor without elements.
    func expectedKeptShare(stop: StopFlag) throws(DropoutError) -> Double {
        guard shape.count > 0 else { return 1 }
        let alone = try places(stop)
        var sum = 0.0
        try alone.forEach(stop: stop) { sum += $0 }
        return sum / Double(alone.count)
    }

    private func checkCount(_ count: Int) throws(DropoutError) {
        guard count == shape.count else { throw .impossible("\(count) elements have the shape \(shape.dimensions)") }
    }

    /// P_i for each place of one map.
    private func places(_ stop: StopFlag) throws(DropoutError) -> [Double] {
        let extents = Array(shape.dimensions[2...])
        return try pairOverlap(extents, [Int](repeating: 0, count: extents.count), stop)
            .map(stop: stop) { gamma == 1 ? ($0 > 0 ? 0 : 1) : Double.exp($0 * Double.log1p(-gamma)) }
    }

    /// Expectation and variance of count · Σ x·m / Σ m over the anchors' draws, the ratio linearised about its mean. That is Σ y
    /// but for the factor ``share(kept:as:)``.
    ///
    ///     P_i = (1 - γ)^A_i, A_i anchors reaching i;  R = Σ x·P / Σ P;  E ≈ count·R
    ///     Var ≈ (count / Σ P)² · Σ_ij (x_i - R)·(x_j - R)·(P_ij - P_i·P_j)
    package func moments(
        _ x: [Double], stop: StopFlag = .never
    ) throws(DropoutError) -> (sum: Double, variance: Double) {
        try checkCount(x.count)
        guard gamma > 0, gamma < 1, !x.isEmpty else {
            var sum = 0.0
            try expectation(x, stop: stop).forEach(stop: stop) { sum += $0 }
            return (sum, 0)
        }
        let extents = Array(shape.dimensions[2...])
        let size = extents.reduce(1, *)
        let alone = try places(stop)
        var weighted = 0.0
        var total = 0.0
        for block in Blocks(x.indices) {
            try stop.ask()
            for index in block {
                let p = alone[index % size]
                weighted += x[index] * p
                total += p
            }
        }
        guard total > 0 else { return (0, 0) }
        let ratio = weighted / total
        // (1 - γ)^-shared - 1 for each number of anchors that a pair may share.
        let most = (2..<shape.rank).reduce(1) { product, _ in product * block }
        let gain = try [Double](count: most + 1, stop: stop) { Double.exp(-Double($0) * Double.log1p(-gamma)) - 1 }
        var variance = 0.0
        var pace = Pace(stop)
        try forEachOffset(extents.count) { offset throws(DropoutError) in
            let steps = zip(offset, strides(extents)).reduce(0) { $0 + $1.0 * $1.1 }
            let overlap = try pairOverlap(extents, offset, stop)
            for map in 0..<x.count / size {
                for places in Blocks(overlap.indices) {
                    try pace.spend(places.count)
                    for place in places {
                        let shared = overlap[place]
                        guard shared > 0 else { continue }
                        let other = place + steps
                        // P_ij = P_i · P_j / (1 - γ)^shared.
                        let excess = alone[place] * alone[other] * gain[Int(shared)]
                        variance += (x[map * size + place] - ratio) * (x[map * size + other] - ratio) * excess
                    }
                }
            }
        }
        let factor = Double(x.count) / total
        return (Double(x.count) * ratio, variance * factor * factor)
    }

    private func strides(_ extents: [Int]) -> [Int] {
        extents.indices.map { extents[($0 + 1)...].reduce(1, *) }
    }

    /// The number of anchors that reach both a place and the place `offset` from it; 0 if that place is outside.
    private func pairOverlap(
        _ extents: [Int], _ offset: [Int], _ stop: StopFlag
    ) throws(DropoutError) -> [Double] {
        var counts = [1.0]
        for (extent, distance) in zip(extents, offset) {
            let open = extent - block + 1
            let apart = Int(distance.magnitude)
            // The number of anchors that reach both coordinates of a pair `apart`, the first of which is at `first`.
            let axis = try [Double](count: extent, stop: stop) { place in
                let first = min(place, place + distance)
                guard first >= 0, first < extent - apart else { return 0 }
                return Double(max(0, min(first, open - 1) - max(0, first + apart - block + 1) + 1))
            }
            let outer = counts
            // Not nested loops over `outer` and `axis`: either may be short.
            counts = try [Double](count: outer.count * extent, stop: stop) { outer[$0 / extent] * axis[$0 % extent] }
        }
        return counts
    }

    private func forEachOffset(
        _ rank: Int, _ body: ([Int]) throws(DropoutError) -> Void
    ) throws(DropoutError) {
        var offset = [Int](repeating: 1 - block, count: rank)
        while true {
            try body(offset)
            var axis = rank - 1
            while axis >= 0 {
                offset[axis] += 1
                if offset[axis] < block { break }
                offset[axis] = 1 - block
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
