/// One known mistake that an output shows, with its evidence.
package struct Finding: Sendable, Equatable {
    package enum Mistake: String, Sendable, CaseIterable {
        /// The input itself: dropout was off.
        case identity
        case everythingDropped = "everything_dropped"
        /// Kept elements are the input's own.
        case notScaled = "not_scaled"
        case scaledTwice = "scaled_twice"
        case keepAndRateSwapped = "keep_and_rate_swapped"
        /// One factor, but none that is known.
        case wrongFactor = "wrong_factor"
        /// No single factor makes the output of the input.
        case valuesDiffer = "values_differ"
        /// Evaluation scales where it must not, or by another factor.
        case evalScaled = "eval_scaled"
        case evalNotScaled = "eval_not_scaled"
        case droppedInEval = "dropped_in_eval"
        /// A dropped NaN or infinity shows: multiplied by 0 rather than selected away.
        case nonFiniteLeaked = "non_finite_leaked"
        /// A finite input became NaN or infinite.
        case nonFiniteCreated = "non_finite_created"
        /// The zeros are not where the given mask drops.
        case maskDiffers = "mask_differs"
        /// Other elements share a draw than those that were said to.
        case wrongGranularity = "wrong_granularity"
        case keptFractionImplausible = "kept_fraction_implausible"
        /// Several passes dropped the same elements.
        case masksEqual = "masks_equal"
        /// Not the mask of the generator that was named.
        case otherMask = "other_mask"
        /// Not the last bits of the generator's library.
        case otherRounding = "other_rounding"
    }

    package enum Evidence: Sendable, Equatable {
        case count(Int)
        case number(Double)
        case text(String)
        /// An element's row-major index.
        case index(Int)
    }

    package let mistake: Mistake
    package let detail: String
    /// Which of several outputs, from 0.
    package let output: Int
    package let evidence: [(name: String, value: Evidence)]

    package init(_ mistake: Mistake, _ detail: String, output: Int, _ evidence: [(name: String, value: Evidence)]) {
        self.mistake = mistake
        self.detail = detail
        self.output = output
        self.evidence = evidence
    }

    package static func == (a: Finding, b: Finding) -> Bool {
        a.mistake == b.mistake && a.detail == b.detail && a.output == b.output
            && a.evidence.elementsEqual(b.evidence) { $0 == $1 }
    }
}
