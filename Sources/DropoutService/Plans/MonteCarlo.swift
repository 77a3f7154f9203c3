import DropoutEngine
import Stopping
import Synchronization
import TensorJSON
import TextCodecs

/// Several passes over one input: their mean, variance and intervals, or each pass on a separate line.
struct MonteCarlo<Scalar: WireScalar>: Sendable {
    let count: Int
    /// The type in which the passes are computed.
    let type: ElementType
    let shape: Shape
    let form: TensorForm
    /// The expectation of each element if it has a closed form.
    let expectation: [Double]?
    /// The variance of each element in one pass if it has a closed form.
    let variance: [Double]?
    /// The layout of class probabilities if the output is a softmax.
    let classLayout: Layout?
    let runner: PassRunner<SampledPass<Scalar>>
    let showsIntervals: Bool
    /// Writes the parts of a line after its output.
    let lineParts: @Sendable (SampledPass<Scalar>, inout JSONWriter, StopFlag) throws(Problem) -> Void

    /// What has been added up so far.
    private struct Sums {
        var moments: SampleMoments<Scalar>
        var uncertainty: PredictiveUncertainty?

        mutating func add(_ output: Tensor<Scalar>, _ stop: StopFlag) throws(Problem) {
            try computing { () throws(DropoutError) in
                try moments.add(output, stop: stop)
                try uncertainty?.add(output, stop: stop)
            }
        }
    }

    private var start: Sums {
        Sums(
            moments: SampleMoments(shape: shape),
            uncertainty: classLayout.flatMap { PredictiveUncertainty(shape, layout: $0) })
    }

    /// Runs all passes and writes `"samples": {...}`.
    func write(to writer: inout JSONWriter, _ stop: StopFlag) throws(Problem) {
        var (sums, runner) = (start, runner)
        try runner.forEach(count, stop) { pass throws(Problem) in try sums.add(pass.output, stop) }
        try write(sums, to: &writer, stop)
    }

    /// 97.5 % of a normal distribution lie below this many standard deviations.
    private static var quantile: Double { 1.959963984540054 }

    private func write(_ sums: Sums, to writer: inout JSONWriter, _ stop: StopFlag) throws(Problem) {
        let mean = sums.moments.mean
        let (variance, maximumZ) = try computing { () throws(DropoutError) in
            (
                count > 1 ? try sums.moments.sampleVariance(stop: stop) : nil,
                try expectation.flatMap { expectation throws(DropoutError) in
                    try sums.moments.maximumAbsoluteZ(
                        expectation: expectation, knownVariance: self.variance,
                        ulp: type.half.map { Double($0.ulpOfOne) }, stop: stop)
                }
            )
        }
        writer.key("samples")
        writer.beginObject()
        writer.field("count", count)
        writer.momentsType(ofPasses: Scalar.self)
        tensor("mean", mean, to: &writer)
        if let variance {
            tensor("variance", variance, to: &writer)
        } else {
            // One pass says nothing of how passes differ.
            writer.key("variance")
            writer.null()
        }
        if showsIntervals { writeIntervals(mean, variance, to: &writer) }
        writer.field("max_abs_z", maximumZ)
        if let uncertainty = sums.uncertainty {
            let (entropy, information) = try computing { () throws(DropoutError) in
                (try uncertainty.predictiveEntropy(stop: stop), try uncertainty.mutualInformation(stop: stop))
            }
            writer.key("predictive_entropy")
            writer.flatArray(entropy)
            writer.key("mutual_information")
            writer.flatArray(information)
        }
        writer.endObject()
    }

    /// - Parameter variance: nil for one pass, whose intervals are null.
    private func writeIntervals(_ mean: [Double], _ variance: [Double]?, to writer: inout JSONWriter) {
        guard let variance else {
            for name in ["interval_95", "mean_interval_95"] {
                writer.key(name)
                writer.null()
            }
            return
        }
        interval("interval_95", mean, variance.map { $0.squareRoot() }, to: &writer)
        interval("mean_interval_95", mean, variance.map { ($0 / Double(count)).squareRoot() }, to: &writer)
    }

    /// Two bounds for each element, 1.96 deviations from the mean.
    private func interval(_ name: String, _ mean: [Double], _ deviation: [Double], to writer: inout JSONWriter) {
        writer.key(name)
        writer.beginObject()
        tensor("lower", zip(mean, deviation).map { $0 - Self.quantile * $1 }, to: &writer)
        tensor("upper", zip(mean, deviation).map { $0 + Self.quantile * $1 }, to: &writer)
        writer.endObject()
    }

    private func tensor(_ name: String, _ elements: [Double], to writer: inout JSONWriter) {
        writer.key(name)
        writer.tensorValue(elements, shape.dimensions, form: form)
    }

    /// The passes as lines of JSON, `{"sample":k,"output":...}` with the parts that `include` names, and last the summary.
    ///
    /// Each call computes the next batch of lines: as many as are worth a turn of a worker. If the flag is set or a pass
    /// fails, the last line is `{"problem":...}` and the answer is cut.
    ///
    /// - Parameter summary: writes the further members of the last line.
    func lines(
        _ stop: StopFlag, summary: @escaping @Sendable (inout JSONWriter) throws(Problem) -> Void
    ) -> @Sendable () -> ServiceChunk? {
        let state = Mutex(LineState(runner: runner, sums: start))
        return { state.withLock { state in chunk(&state, stop, summary) } }
    }

    private struct LineState {
        var runner: PassRunner<SampledPass<Scalar>>
        var sums: Sums
        var sent = 0
        var hasEnded = false
    }

    private func chunk(
        _ state: inout LineState, _ stop: StopFlag, _ summary: (inout JSONWriter) throws(Problem) -> Void
    ) -> ServiceChunk? {
        guard !state.hasEnded else { return nil }
        var bytes: [UInt8] = []
        do throws(Problem) {
            if state.sent < count {
                for pass in try state.runner.next(count - state.sent, stop) {
                    var writer = JSONWriter()
                    writer.beginObject()
                    try state.sums.add(pass.output, stop)
                    writer.field("sample", state.sent)
                    writer.tensorField("output", pass.output, form: form, as: type)
                    try lineParts(pass, &writer, stop)
                    writer.endObject()
                    Self.end(writer, &bytes)
                    state.sent += 1
                }
            }
            // The summary follows the last pass in a chunk of its own if that chunk is long.
            if state.sent == count, bytes.count < 1 << 16 {
                var writer = JSONWriter()
                writer.beginObject()
                try write(state.sums, to: &writer, stop)
                try summary(&writer)
                writer.endObject()
                Self.end(writer, &bytes)
                state.hasEnded = true
            }
            return ServiceChunk(bytes)
        } catch {
            state.hasEnded = true
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("problem")
            error.write(instance: nil, to: &writer)
            writer.endObject()
            Self.end(writer, &bytes)
            return ServiceChunk(bytes, isCut: true)
        }
    }

    private static func end(_ writer: consuming JSONWriter, _ bytes: inout [UInt8]) {
        var text = writer.finish()
        bytes += text.allBytes()
        bytes.append(0x0A)
    }
}
