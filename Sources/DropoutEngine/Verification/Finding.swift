/// A known mistake that an output shows, with its evidence.
package struct Finding: Sendable, Equatable {
    package enum Mistake: String, Sendable, CaseIterable {
        /// The output is the input: dropout was off.
        case identity
        case everythingDropped = "everything_dropped"
        /// Kept elements are equal to the input.
        case notScaled = "not_scaled"
        case scaledTwice = "scaled_twice"
        case keepAndRateSwapped = "keep_and_rate_swapped"
        /// Kept elements have one factor that is none of the known ones.
        case wrongFactor = "wrong_factor"
        /// Kept elements have different factors.
        case valuesDiffer = "values_differ"
        /// Evaluation scales although it must not, or by another factor.
        case evalScaled = "eval_scaled"
        case evalNotScaled = "eval_not_scaled"
        case droppedInEval = "dropped_in_eval"
        /// A dropped NaN or infinity is not 0, since it was multiplied by 0 and not replaced.
        case nonFiniteLeaked = "non_finite_leaked"
        /// A finite input became NaN or infinite.
        case nonFiniteCreated = "non_finite_created"
        /// The output is 0 at other places than the given mask.
        case maskDiffers = "mask_differs"
        /// The elements that share a draw are not those of the question.
        case wrongGranularity = "wrong_granularity"
        case keptFractionImplausible = "kept_fraction_implausible"
        /// The kept elements are right in a type of 16 bits, and rounded to it.
        case otherPrecision = "other_precision"
        /// From an element on nothing is dropped, or everything is 0: the last tile was left out.
        case tailNotDropped = "tail_not_dropped"
        case tailNotWritten = "tail_not_written"
        /// The mask repeats itself after some elements.
        case maskRepeated = "mask_repeated"
        /// Several passes dropped the same elements.
        case masksEqual = "masks_equal"
        /// The mask is not that of the named generator.
        case otherMask = "other_mask"
        /// The last bits are not those of the generator's library.
        case otherRounding = "other_rounding"
        /// The output is that of another variant.
        case otherVariant = "other_variant"
        /// Alpha dropout without its affine map, or with a part of it.
        case affineMissing = "affine_missing"
        /// Alpha dropout's constants are those of another rate.
        case otherRate = "other_rate"
        /// Dropped elements have another value than the variant gives them.
        case wrongDroppedValue = "wrong_dropped_value"
        /// Zoneout's dropped elements become 0.
        case stateNotKept = "state_not_kept"
        /// Drop block's dropped elements are not whole blocks.
        case blocksMissing = "blocks_missing"
        /// The factors of Gaussian or concrete dropout have another law.
        case wrongNoise = "wrong_noise"
        /// The factors are not those of the named generator.
        case otherNoise = "other_noise"
        /// The gradient of dropped elements is not 0.
        case gradientNotMasked = "gradient_not_masked"
        /// The gradient was dropped elsewhere than the output.
        case gradientMaskDiffers = "gradient_mask_differs"
    }

    package enum Evidence: Sendable, Equatable {
        case count(Int)
        case number(Double)
        case text(String)
        /// The row-major index of an element.
        case index(Int)
        /// A place or extents, a number for each axis.
        case shape([Int])
    }

    /// The tensor that shows a mistake.
    package enum Subject: String, Sendable {
        case output, gradient
    }

    package let mistake: Mistake
    package let detail: String
    package let subject: Subject
    /// The number of the output, from 0.
    package let output: Int
    package let evidence: [(name: String, value: Evidence)]

    package init(
        _ mistake: Mistake, _ detail: String, of subject: Subject = .output, output: Int,
        _ evidence: [(name: String, value: Evidence)]
    ) {
        self.mistake = mistake
        self.subject = subject
        self.detail = detail
        self.output = output
        self.evidence = evidence
    }

    package static func == (a: Finding, b: Finding) -> Bool {
        a.mistake == b.mistake && a.detail == b.detail && a.subject == b.subject && a.output == b.output
            && a.evidence.elementsEqual(b.evidence) { $0 == $1 }
    }
}
