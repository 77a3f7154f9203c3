package import DropoutEngine
import TensorJSON
import TextCodecs

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
    package var isPartitionable = true
    package var keyType = JAXKeyType.threefry2x32
    package var execution = Execution.jit
    package var order = UnitOrder.rowMajor
    package var keepWhen = KeepRule.below
    /// Which dropout of a network draws, if a JAX key has to tell it: no field of a request has this number.
    var dropout: UInt32 = 0

    /// The defaults.
    package init(_ generator: Generator) { drawType = generator.drawTypes.first ?? .float32 }

    /// Reads the parameters that the generator has; one that it has not is noted.
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

    /// Adds `count` to a number. A path gets the name of dropout `count`, a JAX key its number.
    ///
    /// - Returns: false, with nothing changed, if the number would leave its range.
    mutating func add(_ count: UInt64, to parameter: GeneratorParameter) -> Bool {
        switch parameter {
        case .step: return Self.add(count, to: &step)
        case .stream: return Self.add(count, to: &stream)
        case .call: return Self.add(count, to: &call)
        case .drawsBeforeFork: return Self.add(count, to: &drawsBeforeFork)
        case .skip: return Self.add(count, to: &skip)
        case .philoxOffset: return Self.add(count, to: &philoxOffset)
        case .opSeed:
            guard let count = Int64(exactly: count), let sum = opSeed?.checkedSum(count) else { return false }
            opSeed = sum
            return true
        case .path:
            path = (path ?? []) + ["Dropout_\(count)"]
            return true
        case .foldIn:
            guard count < 1 << 31 else { return false }
            dropout = UInt32(count)
            return true
        case .drawType, .x64, .keyData, .rateType, .multiprocessors, .threadsPerMultiprocessor, .vectorWidth,
            .partitionable, .keyType, .execution, .order, .keepWhen:
            return false
        }
    }

    /// The value of a field that counts; nil for any other, and for an op seed that is absent or negative.
    func count(_ parameter: GeneratorParameter) -> UInt64? {
        switch parameter {
        case .step: UInt64(step)
        case .stream: UInt64(stream)
        case .call: UInt64(call)
        case .drawsBeforeFork: UInt64(drawsBeforeFork)
        case .skip: skip
        case .philoxOffset: philoxOffset
        case .opSeed: opSeed.flatMap { UInt64(exactly: $0) }
        default: nil
        }
    }

    /// Sets a field that counts.
    ///
    /// - Returns: false, with nothing changed, if the value is out of its range.
    mutating func set(_ count: UInt64, to parameter: GeneratorParameter) -> Bool {
        var changed = self
        switch parameter {
        case .step: changed.step = 0
        case .stream: changed.stream = 0
        case .call: changed.call = 0
        case .drawsBeforeFork: changed.drawsBeforeFork = 0
        case .skip: changed.skip = 0
        case .philoxOffset:
            guard count % 4 == 0 else { return false }
            changed.philoxOffset = 0
        case .opSeed: changed.opSeed = 0
        default: return false
        }
        guard changed.add(count, to: parameter) else { return false }
        self = changed
        return true
    }

    private static func add<Number: FixedWidthInteger>(_ count: UInt64, to number: inout Number) -> Bool {
        guard let count = Number(exactly: count), let sum = number.checkedSum(count) else { return false }
        number = sum
        return true
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
            case .partitionable:
                writer.key(field)
                writer.bool(isPartitionable)
            case .keyType: writer.field(field, keyType.rawValue)
            case .execution: writer.field(field, execution.rawValue)
            case .order: order.write(field, to: &writer)
            case .keepWhen: writer.field(field, keepWhen.rawValue)
            }
        }
    }
}

/// How a layer of JAX was called.
package enum Execution: String, CaseIterable, Sendable {
    case jit
    case eager
}

/// The implementations of JAX's keys, by their names in `jax_default_prng_impl`.
package enum JAXKeyType: String, CaseIterable, Sendable {
    case threefry2x32, rbg, philox4x32, philox2x32, threefry4x32
}

/// The order in which the units of a tensor are drawn.
package enum UnitOrder: Sendable, Equatable {
    case rowMajor
    case channelsLast
    case axes(DrawnOrder)

    /// The axes for a drawn shape. The outer nil: the order is that of another rank. The inner nil: row-major.
    func axes(rank: Int) -> DrawnOrder?? {
        switch self {
        case .rowMajor: .some(nil)
        case .channelsLast: DrawnOrder(channelsLast: rank).map { .some($0) }
        case .axes(let order): order.axes.count == rank ? .some(order) : nil
        }
    }

    fileprivate func write(_ field: String, to writer: inout JSONWriter) {
        switch self {
        case .rowMajor:
            writer.key(field)
            writer.null()
        case .channelsLast: writer.field(field, "channels_last")
        case .axes(let order):
            writer.key(field)
            writer.shape(order.axes)
        }
    }
}

extension Question {
    /// `"channels_last"` or a list of axes.
    fileprivate func unitOrder(_ name: String) -> UnitOrder? {
        guard let value = fields[name] else { return nil }
        if case .string(let text) = value {
            if text == "channels_last" { return .channelsLast }
            wrong(name, "\"channels_last\" or a list of axes expected, \"\(text.excerpt())\" found")
            return nil
        }
        guard let axes = naturals(name) else { return nil }
        guard let order = DrawnOrder(axes) else {
            wrong(name, "each axis from 0 to \(axes.count - 1) once expected")
            return nil
        }
        return .axes(order)
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
