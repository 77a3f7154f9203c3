import DropoutEngine
import TensorJSON

/// The printing of a generator's parameters, for an answer's echo.
extension GeneratorParameters {
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

extension JSONWriter {
    mutating func field(_ name: String, words: [UInt32]) {
        key(name)
        beginArray()
        for word in words { integer(UInt64(word)) }
        endArray()
    }
}
