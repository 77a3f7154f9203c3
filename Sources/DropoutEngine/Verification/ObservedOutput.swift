import Stopping
import TextCodecs

/// The mask and the scale of one output, as far as its elements show them.
struct ObservedOutput<Scalar: DropoutScalar> {
    let input: [Scalar]
    let output: [Scalar]
    let states: [ElementState]
    let kept: Int
    let dropped: Int
    /// The smallest number with all bits of the tensors' type.
    private let leastNormal: Double

    /// - Throws: ``DropoutError/stopped``; ``DropoutError/impossible(_:)`` for an output of another size.
    init(input: [Scalar], output: [Scalar], half: HalfType?, stop: StopFlag) throws(DropoutError) {
        try self.init(
            input: input, output: output,
            leastNormal: half.map { Double($0.leastNormalMagnitude) } ?? Double(Scalar.leastNormalMagnitude), stop: stop
        )
    }

    private init(input: [Scalar], output: [Scalar], leastNormal: Double, stop: StopFlag) throws(DropoutError) {
        self.leastNormal = leastNormal
        guard input.count == output.count else {
            throw .impossible("an output of \(output.count) elements is judged by an input of \(input.count)")
        }
        var states: [ElementState] = []
        states.reserveCapacity(input.count)
        var (kept, dropped) = (0, 0)
        for block in Blocks(input.indices) {
            try stop.ask()
            for i in block {
                let state = ElementState(input: input[i], output: output[i])
                kept += state == .kept ? 1 : 0
                dropped += state == .dropped ? 1 : 0
                states.append(state)
            }
        }
        (self.input, self.output, self.states) = (input, output, states)
        (self.kept, self.dropped) = (kept, dropped)
    }

    /// The elements before `end`.
    func prefix(_ end: Int, _ stop: StopFlag) throws(DropoutError) -> ObservedOutput {
        try ObservedOutput(
            input: Array(input[..<end]), output: Array(output[..<end]), leastNormal: leastNormal, stop: stop)
    }

    /// The elements at the indices that fulfil `condition`.
    func part(_ stop: StopFlag, _ condition: (Int) -> Bool) throws(DropoutError) -> ObservedOutput {
        var (x, y): ([Scalar], [Scalar]) = ([], [])
        for block in Blocks(input.indices) {
            try stop.ask()
            for i in block where condition(i) {
                x.append(input[i])
                y.append(output[i])
            }
        }
        return try ObservedOutput(input: x, output: y, leastNormal: leastNormal, stop: stop)
    }

    /// The number of kept elements that are input · `factor` within the relative error `tolerance`, and the first that is not.
    ///
    /// - Parameter least: the smallest number with all bits, if another type than the tensors' counts.
    func fit(
        factor: Double, tolerance: Double, leastNormal least: Double? = nil, stop: StopFlag
    ) throws(DropoutError) -> (count: Int, firstMisfit: Int?) {
        let least = least ?? leastNormal
        var count = 0
        var first: Int?
        for block in Blocks(states.indices) {
            try stop.ask()
            for i in block where states[i] == .kept {
                let expected = Double(input[i]) * factor
                // A product below the smallest normal number has fewer bits.
                let slack = tolerance * expected.magnitude + least
                if (Double(output[i]) - expected).magnitude <= slack { count += 1 } else if first == nil { first = i }
            }
        }
        return (count, first)
    }

    /// The median of output / input over the kept elements; nil if none is kept.
    func medianFactor(stop: StopFlag) throws(DropoutError) -> Double? {
        var factors: [Double] = []
        for block in Blocks(states.indices) {
            try stop.ask()
            for i in block where states[i] == .kept {
                let factor = Double(output[i]) / Double(input[i])
                if factor.isFinite { factors.append(factor) }
            }
        }
        return factors.isEmpty ? nil : try Selection.element(factors.count / 2, of: factors, stop: stop)
    }

    /// Whether every kept element has the bits that `arithmetic` gives.
    func hasBits(
        of arithmetic: DropoutArithmetic, probability: KeepProbability, stop: StopFlag
    ) throws(DropoutError) -> Bool {
        let shape = Shape.vector(input.count)
        let bits = try states.map(stop: stop) { $0 == .kept ? UInt8(1) : 0 }
        let mask = try Mask(given: bits, shape: shape, noise: NoiseShape(elementwise: shape), stop: stop)
        let expected = try Dropout.forward(
            try Tensor(input, shape: shape), mask: mask, probability: probability, mode: .train, scheme: .inverted,
            arithmetic: arithmetic, stop: stop)
        return try allSatisfy(stop) { states[$0] != .kept || expected.elements[$0] == output[$0] }
    }

    /// The elements that are not what a mask says of them.
    func contradictions(of kept: [UInt8], _ shape: Shape, _ stop: StopFlag) throws(DropoutError) -> Places {
        try states.contradictions(of: kept, shape, stop)
    }

    /// The elements of a finding: how many they are, how many shown ones are right, and where they are.
    func evidence(of places: Places) -> [(name: String, value: Finding.Evidence)] {
        places.evidence(ofShown: kept + dropped)
    }

    /// Whether every index fulfils `condition`.
    func allSatisfy(_ stop: StopFlag, _ condition: (Int) -> Bool) throws(DropoutError) -> Bool {
        for block in Blocks(states.indices) {
            try stop.ask()
            for i in block where !condition(i) { return false }
        }
        return true
    }

    /// The numbers of kept and dropped units of a noise shape, and the first element that differs from another one of its unit.
    ///
    /// A unit is counted only if ``ElementState/showsBoth(input:)`` is true of an element that shows its draw.
    func units(
        _ noise: NoiseShape, stop: StopFlag
    ) throws(DropoutError) -> (kept: Int, dropped: Int, firstSplit: Int?) {
        var units = [ElementState](repeating: .unknown, count: noise.drawn.count)
        var isCounted = [Bool](repeating: false, count: noise.drawn.count)
        var element = 0
        var split: Int?
        try noise.forEachElement(stop) { unit in
            let state = states[element]
            if state != .unknown {
                if units[unit] == .unknown {
                    units[unit] = state
                } else if units[unit] != state, split == nil {
                    split = element
                }
                if ElementState.showsBoth(input: input[element]) { isCounted[unit] = true }
            }
            element += 1
        }
        var (kept, dropped) = (0, 0)
        for block in Blocks(units.indices) {
            try stop.ask()
            for unit in block where isCounted[unit] {
                if units[unit] == .kept { kept += 1 } else { dropped += 1 }
            }
        }
        return (kept, dropped, split)
    }

    /// The natural logarithm of the chance that elements drawn one by one agree within all units of `noise`.
    func logChanceOfAgreement(
        _ noise: NoiseShape, keep: Double, stop: StopFlag
    ) throws(DropoutError) -> Double {
        var sizes = [Int](repeating: 0, count: noise.drawn.count)
        var element = 0
        try noise.forEachElement(stop) { unit in
            if states[element] != .unknown, ElementState.showsBoth(input: input[element]) { sizes[unit] += 1 }
            element += 1
        }
        var sum = 0.0
        try sizes.forEach(stop: stop) { size in
            guard size > 1 else { return }
            let power = Double(size)
            sum += Double.log(Double.exp(power * Double.log(keep)) + Double.exp(power * Double.log1p(-keep)))
        }
        return sum
    }
}
