import Stopping
import TextCodecs

/// What a variant makes of an element: one value if it is kept, and another if it is dropped.
///
///     kept:     y = factor·x + shift
///     dropped:  y = state·previous + constant
///
/// Alpha dropout and zoneout are such laws, and so is most of what goes wrong with them.
struct ElementLaw: Sendable {
    var factor = 1.0
    var shift = 0.0
    /// The factor of the previous state.
    var state = 0.0
    var constant = 0.0

    /// What an output shows of its draws if it follows the law.
    struct Reading {
        var states: [ElementState] = []
        /// The elements that are neither value.
        var misfits: Places
    }

    /// Reads an output.
    ///
    /// Whether an element is ambiguous depends on its input alone, so that counts of kept elements stay fair.
    ///
    /// - Parameters:
    ///   - previous: the previous state, as long as `x`; empty if the law has none.
    ///   - tolerance: the largest relative error of each term.
    ///   - least: the smallest number with all bits of the tensors' type.
    ///   - largest: the largest number of that type.
    ///   - endsAtMisfit: whether the reading may end with the first block that has a misfit.
    func read<Scalar: DropoutScalar>(
        _ x: [Scalar], _ y: [Scalar], previous: [Double], _ shape: Shape, tolerance: Double, least: Double,
        largest: Double, endsAtMisfit: Bool = false, _ stop: StopFlag
    ) throws(DropoutError) -> Reading {
        guard x.count == y.count, previous.isEmpty || previous.count == x.count else {
            throw .impossible("an output of \(y.count) elements is read by an input of \(x.count)")
        }
        var reading = Reading(misfits: Places(shape))
        reading.states.reserveCapacity(x.count)
        let constants = shift.magnitude + constant.magnitude
        for block in Blocks(x.indices) {
            try stop.ask()
            if endsAtMisfit, reading.misfits.count > 0 { break }
            for i in block {
                let (scaled, kept) = (factor * Double(x[i]), factor * Double(x[i]) + shift)
                let stated = previous.isEmpty || state == 0 ? 0 : state * previous[i]
                let dropped = stated + constant
                let keptSlack = tolerance * (scaled.magnitude + constants) + least
                let droppedSlack = tolerance * (stated.magnitude + constants) + least
                let found = Double(y[i])
                let isKept = Self.isNear(found, kept, keptSlack)
                let isDropped = Self.isNear(found, dropped, droppedSlack)
                let isAmbiguous = Self.isNear(kept, dropped, 2 * (keptSlack + droppedSlack))
                reading.states.append(isAmbiguous ? .unknown : isKept ? .kept : isDropped ? .dropped : .unknown)
                guard !isKept, !isDropped else { continue }
                // A value near the end of the range overflows by its scale.
                let overflows = found.isInfinite && max(kept.magnitude, dropped.magnitude) >= largest / 1024
                if !overflows { reading.misfits.add(i) }
            }
        }
        return reading
    }

    static func isNear(_ a: Double, _ b: Double, _ slack: Double) -> Bool {
        if a.isFinite, b.isFinite { return (a - b).magnitude <= slack }
        return a == b || (a.isNaN && b.isNaN)
    }
}

/// A law that is a known mistake.
struct NamedLaw: Sendable {
    let law: ElementLaw
    let mistake: Finding.Mistake
    let detail: String
    let evidence: [(name: String, value: Finding.Evidence)]

    init(
        _ mistake: Finding.Mistake, _ detail: String, _ law: ElementLaw,
        _ evidence: [(name: String, value: Finding.Evidence)] = []
    ) {
        (self.law, self.mistake, self.detail, self.evidence) = (law, mistake, detail, evidence)
    }
}
