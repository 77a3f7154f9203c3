import DropoutEngine
import TensorJSON

/// The fields of `/forward` that a tensor and a network share: who draws, how many passes, and the parts of the answer.
struct PassFields {
    /// The part that lists the masks of `exact`.
    static let subnetworks = "subnetworks"
    /// The most units whose masks are listed. They have 64.
    static let maximumListedUnits = 6

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
        question.checkUniforms(include, randomness.generator)
        samples = question.passes("samples")
        samplesFormat = SamplesFormat(question)
        isExact = question.bool("exact") ?? false
        if samplesFormat == .ndjson, question.answerType == .safetensors {
            question.wrong("samples_format", "lines are JSON; a safetensors file has the summary of all passes")
        }
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

    /// Whether all masks are enumerated, for their moments or to list them.
    var enumerates: Bool { isExact && (include.contains("exact") || listsSubnetworks) }

    var showsUniforms: Bool { include.contains(DrawnUniforms.name) }

    var listsSubnetworks: Bool { include.contains(Self.subnetworks) }

    /// Notes an `exact` of more units than can be enumerated, and masks that are too many to be listed.
    ///
    /// - Parameters:
    ///   - units: the units of all masks together. Nil if they are wrong.
    ///   - decided: those among them that a probability of 0 or 1 decides.
    func checkExact(units: Int?, decided: Int, _ question: Question) {
        if listsSubnetworks {
            if !isExact {
                question.wrong("include", "`\(Self.subnetworks)` needs `exact`: true")
            } else if let units, units - decided > Self.maximumListedUnits {
                question.wrong(
                    "include",
                    "at most \(1 << Self.maximumListedUnits) sub-networks are listed, and \(units - decided) units have "
                        + "2^\(units - decided)")
            }
        }
        if isExact, let units, units > ExactEnumeration.maximumUnits {
            question.wrong("exact", "\(units) units have more than 2^\(ExactEnumeration.maximumUnits) masks")
        }
    }
}
