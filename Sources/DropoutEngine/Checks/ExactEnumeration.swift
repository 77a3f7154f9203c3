package import Stopping

/// The exact mean and variance over all masks, each weighted with its probability.
package enum ExactEnumeration {
    /// The most units, which have 2^20 masks.
    package static let maximumUnits = 20

    /// Runs `pass` for each of the 2^n masks of n units.
    ///
    ///     weight(mask) = Π over kept units of keep · Π over dropped units of rate
    ///
    /// Order: mask number k keeps unit u if bit u of k is 1, and k ascends. Masks of weight 0 are not run.
    /// Edge cases: zero units have one mask.
    /// - Throws: ``DropoutError/stopped``; ``DropoutError/impossible(_:)`` for more than ``maximumUnits`` units; what `pass` throws.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func moments<Scalar: DropoutScalar>(
        probabilities: [KeepProbability], shape: Shape, stop: StopFlag = .never,
        pass: (_ bits: [UInt8], _ weight: Double) throws(DropoutError) -> Tensor<Scalar>
    ) throws(DropoutError) -> SampleMoments<Scalar> {
        var moments = SampleMoments<Scalar>(shape: shape)
        guard probabilities.count <= maximumUnits else {
            throw .impossible("the masks of \(probabilities.count) units cannot be enumerated")
        }
        for number in 0..<1 << probabilities.count {
            try stop.ask()
            var weight = 1.0
            for (unit, probability) in probabilities.enumerated() {
                weight *= number >> unit & 1 == 1 ? probability.keep : probability.rate
                if weight == 0 { break }
            }
            guard weight > 0 else { continue }
            let bits = probabilities.indices.map { UInt8(number >> $0 & 1) }
            try moments.add(try pass(bits, weight), weight: weight, stop: stop)
        }
        return moments
    }
}
