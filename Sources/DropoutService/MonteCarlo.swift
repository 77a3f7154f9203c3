import DropoutEngine
import Synchronization
import TensorJSON

/// Several passes over one input: their mean, variance and intervals, or each of them on a line of its own.
struct MonteCarlo<Scalar: WireScalar>: Sendable {
    let count: Int
    let shape: Shape
    let form: TensorForm
    /// The expectation of each element, where it has a closed form.
    let expectation: [Double]?
    /// The variance of each element in one pass, where it has one.
    let variance: [Double]?
    /// The layout of class probabilities, where the output is a softmax.
    let classLayout: Layout?
    let pass: @Sendable (Int) throws(Problem) -> Tensor<Scalar>

    /// What has been added up so far.
    struct Sums {
        var moments: SampleMoments<Scalar>
        var uncertainty: PredictiveUncertainty?

        mutating func add(_ output: Tensor<Scalar>) throws(Problem) {
            do {
                try moments.add(output)
                try uncertainty?.add(output)
            } catch {
                throw Problem(error)
            }
        }
    }

    private var start: Sums {
        Sums(
            moments: SampleMoments(shape: shape),
            uncertainty: classLayout.flatMap { PredictiveUncertainty(shape, layout: $0) })
    }

    /// Runs all passes and writes `"samples": {...}`.
    func write(to writer: inout JSONWriter) throws(Problem) {
        var sums = start
        for number in 0..<count { try sums.add(try pass(number)) }
        try write(sums, to: &writer)
    }

    /// 97.5 % of a normal distribution lie below this many standard deviations.
    private static var quantile: Double { 1.959963984540054 }

    private func write(_ sums: Sums, to writer: inout JSONWriter) throws(Problem) {
        do {
            try writeSums(sums, to: &writer)
        } catch {
            throw Problem(error)
        }
    }

    private func writeSums(_ sums: Sums, to writer: inout JSONWriter) throws(DropoutError) {
        let (mean, variance) = (sums.moments.mean, try sums.moments.sampleVariance())
        var largest: Double?
        if let expectation {
            largest = try sums.moments.maximumAbsoluteZ(expectation: expectation, knownVariance: self.variance)
        }
        writer.key("samples")
        writer.beginObject()
        writer.field("count", count)
        tensor("mean", mean, to: &writer)
        tensor("variance", variance, to: &writer)
        interval("interval_95", mean, variance.map { $0.squareRoot() }, to: &writer)
        interval("mean_interval_95", mean, variance.map { ($0 / Double(max(1, count))).squareRoot() }, to: &writer)
        writer.field("max_abs_z", largest)
        if let uncertainty = sums.uncertainty {
            writer.key("predictive_entropy")
            writer.flatArray(try uncertainty.predictiveEntropy())
            writer.key("mutual_information")
            writer.flatArray(try uncertainty.mutualInformation())
        }
        writer.endObject()
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

    /// The passes as lines of JSON, each computed when it is asked for: `{"sample":k,"output":...}`, and last the summary.
    ///
    /// - Parameter echo: writes the further members of the last line.
    /// - Throws: what the first and the last pass throw, before anything is sent.
    func lines(echo: @escaping @Sendable (inout JSONWriter) -> Void) throws(Problem) -> @Sendable () -> [UInt8]? {
        if count > 0 { _ = try pass(count - 1) }
        let state = Mutex((next: 0, sums: start))
        return {
            state.withLock { state -> [UInt8]? in
                defer { state.next += 1 }
                guard state.next <= count else { return nil }
                var writer = JSONWriter()
                writer.beginObject()
                if state.next < count {
                    guard let output = try? pass(state.next), (try? state.sums.add(output)) != nil else { return nil }
                    writer.field("sample", state.next)
                    writer.tensorField("output", output, form: form)
                } else {
                    guard (try? write(state.sums, to: &writer)) != nil else { return nil }
                    echo(&writer)
                }
                writer.endObject()
                var text = writer.finish()
                return text.allBytes() + [0x0A]
            }
        }
    }
}

/// How the passes of `samples` are sent.
enum SamplesFormat: String, CaseIterable {
    /// Mean, variance and intervals in one JSON text.
    case summary
    /// Each pass as a line of JSON when it is computed, the summary last (application/x-ndjson).
    case ndjson

    /// - Parameter reader: refuses the field without `samples`.
    init(_ reader: FieldReader) {
        self = reader.choice("samples_format", SamplesFormat.self) ?? .summary
        if reader.isGiven("samples_format"), !reader.has("samples") {
            reader.wrong("samples_format", "`samples_format` needs `samples`, the number of passes")
        }
    }
}
