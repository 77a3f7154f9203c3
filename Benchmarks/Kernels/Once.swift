import DropoutEngine
import Stopping
import TensorJSON

/// One job run once, its data made outside of ``measuredWork(_:)``: what a tool that counts instructions looks at.
struct Once {
    enum Job: String, CaseIterable {
        case readFloat32 = "read-float32"
        case readFloat64 = "read-float64"
        case readIntegers = "read-integers"
        case printFloat32 = "print-float32"
        case printFloat64 = "print-float64"
        case printMask = "print-mask"
        case draw
        case pack
        case apply
        case check
        case matmul
        case forward
    }

    private enum Work {
        case job(Job)
        case draw(any MaskGenerator)
    }

    private let work: Work
    private let count: Int

    /// - Parameter arguments: `--once JOB --elements N`, where the job may be a generator's name in ``GeneratorTable``.
    init?(_ arguments: [String]) {
        guard arguments.count == 4, arguments[0] == "--once", arguments[2] == "--elements",
            let count = Int(arguments[3]), (1...1 << 24).contains(count)
        else { return nil }
        if let job = Job(rawValue: arguments[1]) {
            work = .job(job)
        } else if let generator = GeneratorTable.generators.first(where: { $0.0 == arguments[1] })?.1 {
            work = .draw(generator)
        } else {
            return nil
        }
        self.count = count
    }

    func run() throws {
        let probability = try KeepProbability(rate: 0.2)
        switch work {
        case .job(let job): try run(job, probability)
        case .draw(let generator):
            try measuredWork {
                Measure.keep(try generator.kept(.vector(count), probability: probability, offset: 0, stop: .never))
            }
        }
    }

    private func run(_ job: Job, _ probability: KeepProbability) throws {
        let data = SampleData(count: count)
        switch job {
        case .readFloat32: try read(data.floatText, .float32)
        case .readFloat64: try read(data.doubleText, .float64)
        case .readIntegers: try read(data.integerText, .float64)
        case .printFloat32:
            let floats = data.floats
            measuredWork { Measure.keep(SampleData.printed { $0.flatArray(floats) }) }
        case .printFloat64:
            let doubles = data.doubles
            measuredWork { Measure.keep(SampleData.printed { $0.flatArray(doubles) }) }
        case .printMask:
            let bits = try data.mask().kept
            measuredWork {
                Measure.keep(SampleData.printed { $0.nestedBits(bits, shape: [bits.count], asBooleans: false) })
            }
        case .draw: try measuredWork { Measure.keep(try data.mask()) }
        case .pack:
            let mask = try data.mask()
            try measuredWork { Measure.keep(try mask.packed()) }
        case .apply, .check:
            let (mask, input) = (try data.mask(), try Tensor(data.floats, shape: .vector(count)))
            try measuredWork {
                if job == .apply {
                    Measure.keep(
                        try Dropout.forward(
                            input, mask: mask, probability: probability, mode: .train, scheme: .inverted))
                } else {
                    Measure.keep(
                        try ExpectedValueCheck(
                            input: input, output: input, mask: mask, probability: probability, scheme: .inverted,
                            mode: .train))
                }
            }
        case .matmul:
            // Weights of 64 columns times 32 examples: 32 multiplications an element.
            let (a, b) = (data.floats, SampleData(count: 64 * 32).floats)
            try measuredWork {
                Measure.keep(try MatrixProduct.multiply(a, b, rows: count / 64, inner: 64, columns: 32))
            }
        case .forward:
            let body = FloorTable.forwardBody(rows: count / 100, columns: 100)
            measuredWork { Measure.keep(FloorTable.answer("/forward", body)) }
        }
    }

    private func read(_ text: [UInt8], _ type: ElementType) throws {
        try measuredWork { Measure.keep(try SampleData.parse(text, type)) }
    }
}

/// Its own symbol, between whose start and end the instructions are counted.
@inline(never)
func measuredWork(_ work: () throws -> Void) rethrows { try work() }
