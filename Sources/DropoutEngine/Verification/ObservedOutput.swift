/// What one output shows of its own mask and scale, element by element.
struct ObservedOutput<Scalar: DropoutScalar> {
    /// What an element tells.
    enum State: UInt8 {
        case dropped = 0
        case kept = 1
        /// The input is 0 or not finite: either way gives the same.
        case unknown = 2
    }

    let input: [Scalar]
    let output: [Scalar]
    let states: [State]
    let kept: Int
    let dropped: Int

    init(input: [Scalar], output: [Scalar]) {
        var states: [State] = []
        states.reserveCapacity(input.count)
        var (kept, dropped) = (0, 0)
        for (x, y) in zip(input, output) {
            if x == 0 || !x.isFinite || !y.isFinite {
                // A finite element where the input is not was dropped.
                let isDropped = !x.isFinite && y == 0
                if isDropped { dropped += 1 }
                states.append(isDropped ? .dropped : .unknown)
            } else if y == 0 {
                dropped += 1
                states.append(.dropped)
            } else {
                kept += 1
                states.append(.kept)
            }
        }
        (self.input, self.output, self.states) = (input, output, states)
        (self.kept, self.dropped) = (kept, dropped)
    }

    /// How many kept elements are input · `factor` within `tolerance` relative error, and the first that is not.
    func fit(factor: Double, tolerance: Double) -> (count: Int, firstMisfit: Int?) {
        var count = 0
        var first: Int?
        for i in states.indices where states[i] == .kept {
            let expected = Double(input[i]) * factor
            // A product below the smallest normal number has fewer bits.
            let slack = tolerance * expected.magnitude + Double(Scalar.leastNormalMagnitude)
            if (Double(output[i]) - expected).magnitude <= slack { count += 1 } else if first == nil { first = i }
        }
        return (count, first)
    }

    /// output / input of the kept elements, the middle one of all; nil where none is kept.
    var medianFactor: Double? {
        let factors = states.indices.filter { states[$0] == .kept }
            .map { Double(output[$0]) / Double(input[$0]) }.filter(\.isFinite).sorted()
        return factors.isEmpty ? nil : factors[factors.count / 2]
    }

    /// Whether every kept element has the bits that `arithmetic` gives.
    func hasBits(of arithmetic: DropoutArithmetic, probability: KeepProbability) -> Bool {
        guard let shape = try? Shape([input.count]), let tensor = try? Tensor(input, shape: shape),
            let mask = try? Mask(
                given: states.map { $0 == .kept ? 1 : 0 }, shape: shape, noise: NoiseShape(elementwise: shape))
        else { return false }
        let expected = Dropout.forward(
            tensor, mask: mask, probability: probability, mode: .train, scheme: .inverted, arithmetic: arithmetic)
        return states.indices.allSatisfy { states[$0] != .kept || expected.elements[$0] == output[$0] }
    }

    /// Kept and dropped units of a noise shape, and the first element that differs from another one of its unit.
    func units(_ noise: NoiseShape) -> (kept: Int, dropped: Int, firstSplit: Int?) {
        var units = [State](repeating: .unknown, count: noise.drawn.count)
        var element = 0
        var split: Int?
        noise.forEachElement { unit in
            let state = states[element]
            if state != .unknown {
                if units[unit] == .unknown {
                    units[unit] = state
                } else if units[unit] != state, split == nil {
                    split = element
                }
            }
            element += 1
        }
        return (units.count { $0 == .kept }, units.count { $0 == .dropped }, split)
    }

    /// ln of the chance that elements drawn one by one agree within all units of `noise`.
    func logChanceOfAgreement(_ noise: NoiseShape, keep: Double) -> Double {
        var sizes = [Int](repeating: 0, count: noise.drawn.count)
        var element = 0
        noise.forEachElement { unit in
            if states[element] != .unknown { sizes[unit] += 1 }
            element += 1
        }
        var sum = 0.0
        for size in sizes where size > 1 {
            let power = Double(size)
            sum += Double.log(Double.exp(power * Double.log(keep)) + Double.exp(power * Double.log1p(-keep)))
        }
        return sum
    }
}
