import DropoutEngine
import TensorJSON

/// The reading of a generator's parameters.
extension GeneratorParameters {
    /// Reads the parameters that the generator has. A parameter that it lacks is noted.
    mutating func read(_ question: Question, _ generator: Generator) {
        let parameters = generator.parameters
        for other in GeneratorParameter.allCases
        where question.isGiven(other.rawValue) && !parameters.contains(other) {
            let own = parameters.isEmpty ? "none" : parameters.map(\.rawValue).joined(separator: ", ")
            question.wrong(
                other.rawValue,
                "no parameter of the generator \(generator.name), which has \(own)\(GeneratorHint.having(other))")
        }
        for parameter in parameters { read(parameter, question, generator) }
        if x64, keyType != .threefry2x32 {
            question.wrong(GeneratorParameter.x64.rawValue, "x64 is drawn with the key type threefry2x32 alone")
        }
        if !isPartitionable, keyType != .threefry2x32 {
            question.wrong(
                GeneratorParameter.partitionable.rawValue, "only the key type threefry2x32 has two layouts")
        }
    }

    private mutating func read(_ parameter: GeneratorParameter, _ question: Question, _ generator: Generator) {
        let field = parameter.rawValue
        switch parameter {
        case .step: step = question.word(field) ?? step
        case .stream: stream = question.word(field) ?? stream
        case .skip: skip = question.natural(field, upTo: .max) ?? skip
        case .call: call = question.word(field) ?? call
        case .drawType: drawType = question.drawType(field, generator.drawTypes) ?? drawType
        case .x64:
            x64 = question.bool(field) ?? x64
            if !question.has(GeneratorParameter.rateType.rawValue), x64 || rateType == .float64 {
                rateType = x64 ? .float64 : .float32
            }
        case .rateType:
            guard let type = question.drawType(field, DrawType.allCases) else { break }
            rateType = type
            if type == .float64, !x64 {
                question.wrong(field, "float64 needs x64: true, as in JAX")
            }
        case .foldIn: foldIn = question.words(field) ?? foldIn
        case .keyData: break  // The seed's business.
        case .path: path = question.strings(field) ?? path
        case .drawsBeforeFork: drawsBeforeFork = question.word(field) ?? drawsBeforeFork
        case .opSeed: opSeed = question.signed(field) ?? opSeed
        case .philoxOffset:
            philoxOffset = question.natural(field, upTo: .max) ?? philoxOffset
            if philoxOffset % 4 != 0 { question.wrong(field, "a multiple of 4 expected, \(philoxOffset) found") }
        case .multiprocessors: multiprocessors = question.word(field, from: 1) ?? multiprocessors
        case .threadsPerMultiprocessor:
            threadsPerMultiprocessor = question.word(field, from: 256) ?? threadsPerMultiprocessor
        case .partitionable: isPartitionable = question.bool(field) ?? isPartitionable
        case .keyType:
            guard let type = question.choice(field, JAXKeyType.self) else { break }
            guard generator.keyTypes.contains(type) else {
                let names = generator.keyTypes.map(\.rawValue).joined(separator: ", ")
                question.wrong(field, "\(generator.library) runs with \(names), not with \(type.rawValue)")
                break
            }
            keyType = type
        case .execution: execution = question.choice(field, Execution.self) ?? execution
        case .order: order = question.unitOrder(field) ?? order
        case .keepWhen: keepWhen = question.choice(field, KeepRule.self) ?? keepWhen
        case .vectorWidth:
            guard let width = question.natural(field, upTo: 8) else { break }
            if [1, 2, 4, 8].contains(width) {
                vectorWidth = Int(width)
            } else {
                question.wrong(field, "1, 2, 4 or 8 expected, \(width) found")
            }
        }
    }
}

extension Question {
    /// A whole number of 32 bits.
    fileprivate func word(_ name: String, from minimum: UInt64 = 0) -> UInt32? {
        guard let value = natural(name, upTo: UInt64(UInt32.max)) else { return nil }
        guard value >= minimum else {
            wrong(name, "a whole number from \(minimum) to \(UInt32.max) expected, \(value) found")
            return nil
        }
        return UInt32(value)
    }

    /// A whole number in -2^63...2^63 - 1.
    fileprivate func signed(_ name: String) -> Int64? {
        guard let value = fields[name] else { return nil }
        guard let signed = value.seedInteger?.signed else {
            wrong(name, "\(SeedRule.signed.meaning) expected, \(value.shortText) found")
            return nil
        }
        return signed
    }

    /// A list of whole numbers of 32 bits.
    func words(_ name: String) -> [UInt32]? {
        guard let value = fields[name] else { return nil }
        let items: [JSONValue]
        switch value {
        case .numbers(let array)
        where array.problem == nil && array.shape.count == 1 && !array.isBoolean
            && array.literals.count == array.shape[0]:
            items = array.literals.map { .number($0) }
        case .array(let values) where values.count <= 64: items = values
        default:
            wrong(name, "a list of up to 64 whole numbers expected, \(value.shortText) found")
            return nil
        }
        var words: [UInt32] = []
        for (index, item) in items.enumerated() {
            guard case .number(let number) = item, let word = number.unsigned.flatMap({ UInt32(exactly: $0) }) else {
                wrong(name, item: index, "a whole number from 0 to \(UInt32.max) expected, \(item.shortText) found")
                return nil
            }
            words.append(word)
        }
        return words
    }

    fileprivate func drawType(_ name: String, _ known: [DrawType]) -> DrawType? {
        guard let text = string(name) else { return nil }
        guard let type = DrawType(rawValue: text), known.contains(type) else {
            let names = known.map(\.rawValue).joined(separator: ", ")
            wrong(name, "one of \(names) expected, \"\(text.excerpt())\" found")
            return nil
        }
        return type
    }

    /// A list of up to 64 strings.
    fileprivate func strings(_ name: String) -> [String]? {
        guard let value = fields[name] else { return nil }
        if case .numbers(let array) = value, array.shape == [0] { return [] }
        guard case .array(let items) = value, items.count <= 64 else {
            wrong(name, "a list of up to 64 strings expected, \(value.shortText) found")
            return nil
        }
        var strings: [String] = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item else {
                wrong(name, item: index, "a string expected, \(item.shortText) found")
                return nil
            }
            strings.append(text)
        }
        return strings
    }
}
