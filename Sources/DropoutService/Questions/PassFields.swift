import DropoutEngine
import TensorJSON

/// The fields of `/forward` that a tensor and a network share: who draws, how many passes, and the parts of the answer.
struct PassFields {
    let randomness: Randomness
    /// The parts of the answer.
    let include: Set<String>
    /// The parts that `include` names. None if the question leaves it out.
    private let named: Set<String>
    private let samples: Int?
    let samplesFormat: SamplesFormat
    let isExact: Bool
    let concurrency: Concurrency

    /// - Parameters:
    ///   - parts: the parts of an answer without `include`.
    ///   - furtherParts: the parts that have to be asked for, besides `next`.
    ///   - isNetwork: whether the question has `layers`.
    /// - Throws: only for a limit of the text.
    init(_ question: Question, parts: [String], furtherParts: [String], isNetwork: Bool) throws(Problem) {
        concurrency = question.concurrency
        randomness = isNetwork ? try Randomness(network: question) : try Randomness(question)
        let named = question.names("include", known: parts + furtherParts + ["next"])
        (self.named, include) = (named ?? [], named ?? Set(parts))
        samples = question.passes("samples")
        samplesFormat = SamplesFormat(question)
        isExact = question.bool("exact") ?? false
    }

    /// Whether `samples` is there and right.
    var hasSamples: Bool { samples != nil }

    /// The passes that are drawn, at least one.
    var passes: Int { samples ?? 1 }

    /// The passes of `samples` if they are asked for in the answer.
    var countedSamples: Int? {
        samplesFormat == .ndjson || include.contains("samples") || include.contains("moments") ? samples : nil
    }

    /// Whether `samples` has its intervals: the part `moments` alone leaves them out.
    var showsIntervals: Bool { include.contains("samples") || !include.contains("moments") }

    /// The parts that each line of NDJSON has besides its output. A line has only what `include` names.
    var lineParts: Set<String> { samplesFormat == .ndjson && samples != nil ? named : [] }

    /// Whether the moments over all masks are computed and printed.
    var printsExact: Bool { isExact && include.contains("exact") }

    /// Notes an `exact` of more units than can be enumerated.
    func checkExact(units: Int?, _ question: Question) {
        if isExact, let units, units > ExactEnumeration.maximumUnits {
            question.wrong("exact", "\(units) units have more than 2^\(ExactEnumeration.maximumUnits) masks")
        }
    }
}
