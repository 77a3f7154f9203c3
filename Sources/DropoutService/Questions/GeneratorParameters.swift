package import DropoutEngine
import TensorJSON
import TextCodecs

/// The values of a generator's own parameters, each at its default if the request has none.
package struct GeneratorParameters: Sendable {
    package var step: UInt32 = 0
    package var stream: UInt32 = 0
    package var skip: UInt64 = 0
    package var drawType: DrawType
    package var x64 = false
    package var foldIn: [UInt32] = []
    package var rateType: DrawType = .float32
    /// The module names. Nil if no path was given.
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
    /// Which dropout of a network draws, if a JAX key depends on it. No field of a request has this number.
    var dropout: UInt32 = 0

    /// The defaults.
    package init(_ generator: Generator) { drawType = generator.drawTypes.first ?? .float32 }

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

    /// The value of a field that counts. Nil for any other field, and for an op seed that is absent or negative.
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
}
