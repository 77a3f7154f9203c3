import DropoutEngine

extension Randomness {
    /// The same seed with another generator and that one's defaults; nil where it takes no such seed.
    func with(_ name: GeneratorName) -> Randomness? {
        guard case .number(let integer) = seed else { return nil }
        let other: Seed
        switch name.profile.seed {
        case .natural(let bits):
            guard let value = integer.unsigned, bits == 64 || value >> UInt64(bits) == 0 else { return nil }
            other = seed
        case .signed:
            guard integer.signed != nil else { return nil }
            other = seed
        case .wrapping:
            guard integer.wrapping != nil else { return nil }
            other = seed
        case .word:
            guard let value = integer.signed, (-1 << 31..<1 << 32).contains(value) else { return nil }
            other = seed
        case .entropy:
            guard !integer.isNegative else { return nil }
            other = seed
        case .pair:
            guard integer.signed != nil else { return nil }
            other = .list([integer, SeedInteger(0)])
        }
        return Randomness(name, other, GeneratorParameters(name), offset: offset, limits: limits)
    }

    /// What is easily mistaken for this draw: the seeds beside it, the next calls, steps and places in the stream, and other
    /// types of draw.
    var near: [Randomness] {
        var result: [Randomness] = []
        for change in -2...2 where change != 0 {
            guard case .number(let integer) = seed, let value = integer.signed else { break }
            let (moved, overflow) = value.addingReportingOverflow(Int64(change))
            guard !overflow, moved >= 0 || value < 0 else { continue }
            result.append(
                Randomness(
                    generator, .number(SeedInteger(signed: moved)), parameters, offset: offset, limits: limits))
        }
        func add(_ change: (inout GeneratorParameters) -> Void) {
            var changed = parameters
            change(&changed)
            result.append(Randomness(generator, seed, changed, offset: offset, limits: limits))
        }
        for parameter in generator.profile.parameters {
            switch parameter {
            case .step: for step: UInt32 in 0...4 where step != parameters.step { add { $0.step = step } }
            case .stream: for stream: UInt32 in 0...4 where stream != parameters.stream { add { $0.stream = stream } }
            case .call: for call: UInt32 in 0...4 where call != parameters.call { add { $0.call = call } }
            case .skip: for skip: UInt64 in 1...4 { add { $0.skip = $0.skip.saturatingAdd(skip) } }
            case .drawType:
                let isNumPy = generator == .numpyPCG64 || generator == .numpyPhilox
                let types: [DrawType] =
                    isNumPy || generator == .torchCUDA ? [.float64, .float32] : DrawType.allCases
                for type in types where type != parameters.drawType { add { $0.drawType = type } }
            case .rateType:
                for type: DrawType in [.float32, .float16, .bfloat16] where type != parameters.rateType {
                    add { $0.rateType = type }
                }
            case .x64: add { ($0.x64, $0.rateType) = (!$0.x64, $0.x64 ? .float32 : .float64) }
            case .drawsBeforeFork:
                for draws: UInt32 in 0...4 where draws != parameters.drawsBeforeFork {
                    add { $0.drawsBeforeFork = draws }
                }
            case .path: for layer in 0...3 { add { $0.path = ["Dropout_\(layer)"] } }
            case .foldIn: for data: UInt32 in 0...3 { add { $0.foldIn.append(data) } }
            case .philoxOffset: for turn: UInt64 in 1...4 { add { $0.philoxOffset &+= 4 * turn } }
            case .vectorWidth:
                for width in [1, 2, 4, 8] where width != parameters.vectorWidth { add { $0.vectorWidth = width } }
            case .keyData, .opSeed, .multiprocessors, .threadsPerMultiprocessor: break
            }
        }
        return result
    }
}
