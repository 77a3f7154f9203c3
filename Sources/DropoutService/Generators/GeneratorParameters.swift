package import DropoutEngine
import TensorJSON

/// The values of a generator's own parameters, each at its default where the request has none.
package struct GeneratorParameters: Sendable {
    package var step: UInt32 = 0
    package var stream: UInt32 = 0
    package var skip: UInt64 = 0
    package var drawType: DrawType
    package var x64 = false
    package var foldIn: [UInt32] = []
    package var rateType: DrawType = .float32
    /// Nil: no path was given.
    package var path: [String]?
    package var call: UInt32 = 0
    package var drawsBeforeFork: UInt32 = 0
    package var opSeed: Int64?
    package var philoxOffset: UInt64 = 0
    package var multiprocessors: UInt32 = 108
    package var threadsPerMultiprocessor: UInt32 = 2048
    package var vectorWidth = 4

    /// The defaults.
    package init(_ name: GeneratorName) {
        drawType = name == .numpyPCG64 || name == .numpyPhilox ? .float64 : .float32
    }

    /// Reads the parameters that the generator has; one that it has not is noted.
    mutating func read(_ reader: FieldReader, _ name: GeneratorName, limits: ServiceLimits) {
        let parameters = name.profile.parameters
        for other in GeneratorParameter.allCases
        where reader.isGiven(other.rawValue) && !parameters.contains(other) {
            let own = parameters.isEmpty ? "none" : parameters.map(\.rawValue).joined(separator: ", ")
            reader.wrong(other.rawValue, "no parameter of the generator \(name.rawValue), which has \(own)")
        }
        for parameter in parameters { read(parameter, reader, name, limits: limits) }
    }

    private mutating func read(
        _ parameter: GeneratorParameter, _ reader: FieldReader, _ name: GeneratorName, limits: ServiceLimits
    ) {
        let field = parameter.rawValue
        switch parameter {
        case .step: step = reader.word(field) ?? step
        case .stream: stream = reader.word(field) ?? stream
        // The streams that are entered by drawing draw no more than a tensor may have.
        case .skip: skip = reader.natural(field, upTo: UInt64(limits.maximumElements)) ?? skip
        case .call:
            let isCounted = name == .mlx || name == .tfDropout
            let maximum = isCounted ? UInt64(limits.maximumElements) : UInt64(UInt32.max)
            call = reader.natural(field, upTo: min(maximum, UInt64(UInt32.max))).map { UInt32(clamping: $0) } ?? call
        case .drawType: drawType = reader.drawType(field, drawTypes(of: name)) ?? drawType
        case .x64:
            x64 = reader.bool(field) ?? x64
            if x64, !reader.has(GeneratorParameter.rateType.rawValue) { rateType = .float64 }
        case .rateType:
            guard let type = reader.drawType(field, DrawType.allCases) else { break }
            rateType = type
            if type == .float64, !x64 {
                reader.wrong(field, "float64 needs x64: true, as in JAX")
            }
        case .foldIn: foldIn = reader.words(field) ?? foldIn
        case .keyData: break  // The seed's business.
        case .path: path = reader.strings(field) ?? path
        case .drawsBeforeFork: drawsBeforeFork = reader.word(field) ?? drawsBeforeFork
        case .opSeed: opSeed = reader.signed(field) ?? opSeed
        case .philoxOffset:
            philoxOffset = reader.natural(field, upTo: .max) ?? philoxOffset
            if philoxOffset % 4 != 0 { reader.wrong(field, "a multiple of 4 expected, \(philoxOffset) found") }
        case .multiprocessors: multiprocessors = reader.word(field, from: 1) ?? multiprocessors
        case .threadsPerMultiprocessor:
            threadsPerMultiprocessor = reader.word(field, from: 256) ?? threadsPerMultiprocessor
        case .vectorWidth:
            guard let width = reader.natural(field, upTo: 8) else { break }
            if [1, 2, 4, 8].contains(width) {
                vectorWidth = Int(width)
            } else {
                reader.wrong(field, "1, 2, 4 or 8 expected, \(width) found")
            }
        }
    }

    private func drawTypes(of name: GeneratorName) -> [DrawType] {
        switch name {
        case .numpyPCG64, .numpyPhilox, .torchCUDA: [.float64, .float32]
        default: DrawType.allCases
        }
    }

    func write(_ parameters: [GeneratorParameter], to writer: inout JSONWriter) {
        for parameter in parameters {
            let field = parameter.rawValue
            switch parameter {
            case .step: writer.field(field, natural: UInt64(step))
            case .stream: writer.field(field, natural: UInt64(stream))
            case .skip: writer.field(field, natural: skip)
            case .call: writer.field(field, natural: UInt64(call))
            case .drawType: writer.field(field, drawType.rawValue)
            case .x64:
                writer.key(field)
                writer.bool(x64)
            case .rateType: writer.field(field, rateType.rawValue)
            case .foldIn: writer.field(field, words: foldIn)
            case .keyData: break
            case .path:
                writer.key(field)
                guard let path else {
                    writer.null()
                    break
                }
                writer.beginArray()
                for name in path { writer.string(name) }
                writer.endArray()
            case .drawsBeforeFork: writer.field(field, natural: UInt64(drawsBeforeFork))
            case .opSeed:
                writer.key(field)
                if let opSeed { SeedInteger(signed: opSeed).write(to: &writer) } else { writer.null() }
            case .philoxOffset: writer.field(field, natural: philoxOffset)
            case .multiprocessors: writer.field(field, natural: UInt64(multiprocessors))
            case .threadsPerMultiprocessor: writer.field(field, natural: UInt64(threadsPerMultiprocessor))
            case .vectorWidth: writer.field(field, vectorWidth)
            }
        }
    }
}

extension JSONWriter {
    mutating func field(_ name: String, words: [UInt32]) {
        key(name)
        beginArray()
        for word in words { integer(UInt64(word)) }
        endArray()
    }
}

extension FieldReader {
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
        guard let value = object[name] else { return nil }
        guard let signed = value.seedInteger?.signed else {
            wrong(name, "\(GeneratorProfile.SeedRule.signed.meaning) expected, \(value.shortText) found")
            return nil
        }
        return signed
    }

    /// A list of whole numbers of 32 bits.
    func words(_ name: String) -> [UInt32]? {
        guard let value = object[name] else { return nil }
        let items: [JSONValue]
        switch value {
        case .numbers(let array)
        where array.problem == nil && array.shape.count == 1 && !array.isBoolean
            && array.literals.count == array.shape[0]:
            items = array.literals.map { .number($0) }
        case .array(let values) where values.count <= 64: items = values
        default:
            wrong(name, "a list of up to 64 whole numbers expected, \(value.kindName) found")
            return nil
        }
        var words: [UInt32] = []
        for (index, item) in items.enumerated() {
            guard case .number(let number) = item, let word = number.unsigned.flatMap({ UInt32(exactly: $0) }) else {
                problems.add(
                    "\(pointer(to: name))/\(index)",
                    "a whole number from 0 to \(UInt32.max) expected, \(item.shortText) found")
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
        guard let value = object[name] else { return nil }
        if case .numbers(let array) = value, array.shape == [0] { return [] }
        guard case .array(let items) = value, items.count <= 64 else {
            wrong(name, "a list of up to 64 strings expected, \(value.kindName) found")
            return nil
        }
        var strings: [String] = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item else {
                problems.add("\(pointer(to: name))/\(index)", "a string expected, \(item.kindName) found")
                return nil
            }
            strings.append(text)
        }
        return strings
    }
}
