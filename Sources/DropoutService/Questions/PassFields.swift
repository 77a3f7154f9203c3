import DropoutEngine
import TensorJSON

/// The fields of `/forward` that a tensor and a network share: who draws, how many passes, and the parts of the answer.
struct PassFields {
    let randomness: Randomness
    let include: Set<String>
    private let samples: Int?
    let samplesFormat: SamplesFormat
    let isExact: Bool
    let concurrency: Concurrency

    /// - Parameters:
    ///   - parts: the parts of an answer without `include`. `next` has to be asked for.
    ///   - isNetwork: whether the question has `layers`.
    /// - Throws: only for a limit of the text.
    init(_ question: Question, parts: [String], isNetwork: Bool) throws(Problem) {
        concurrency = question.concurrency
        randomness = isNetwork ? try Randomness(network: question) : try Randomness(question)
        include = question.names("include", known: parts + ["next"]) ?? Set(parts)
        samples = question.passes("samples")
        samplesFormat = SamplesFormat(question)
        isExact = question.bool("exact") ?? false
    }

    /// Whether `samples` is there and right.
    var hasSamples: Bool { samples != nil }

    /// The passes that are drawn, at least one.
    var passes: Int { samples ?? 1 }

    /// The passes of `samples` if they are asked for in the answer.
    var countedSamples: Int? { samplesFormat == .ndjson || include.contains("samples") ? samples : nil }

    /// Whether the moments over all masks are computed and printed.
    var printsExact: Bool { isExact && include.contains("exact") }

    /// Notes an `exact` of more units than can be enumerated.
    func checkExact(units: Int?, _ question: Question) {
        if isExact, let units, units > ExactEnumeration.maximumUnits {
            question.wrong("exact", "\(units) units have more than 2^\(ExactEnumeration.maximumUnits) masks")
        }
    }
}
