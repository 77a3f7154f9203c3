/// The exact mean and variance over all masks, each weighted with its probability.
package enum ExactEnumeration {
    /// 2^20 masks at most.
    package static let maximumUnits = 20

    /// Runs `pass` for each of the 2^n masks of n units.
    ///
    ///     weight(mask) = Π over kept units of keep · Π over dropped units of rate
    ///
    /// Order: mask number k keeps unit u where bit u of k is 1; k ascends. Masks of weight 0 are counted, not run.
    /// Edge cases: no unit has one mask; more than ``maximumUnits`` units give moments of no pass.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func moments<Scalar: DropoutScalar>(
        probabilities: [KeepProbability], shape: Shape, pass: ([UInt8]) -> Tensor<Scalar>
    ) -> SampleMoments<Scalar> {
        var moments = SampleMoments<Scalar>(shape: shape)
        guard probabilities.count <= maximumUnits else { return moments }
        for number in 0..<1 << probabilities.count {
            var weight = 1.0
            var bits = [UInt8](repeating: 0, count: probabilities.count)
            for (unit, probability) in probabilities.enumerated() {
                let isKept = number >> unit & 1 == 1
                bits[unit] = isKept ? 1 : 0
                weight *= isKept ? probability.keep : probability.rate
            }
            if weight > 0 { moments.add(pass(bits), weight: weight) }
        }
        return moments
    }
}
