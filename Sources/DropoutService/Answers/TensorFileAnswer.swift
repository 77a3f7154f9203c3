import TensorFiles
import TensorJSON

/// An answer that is a safetensors file: its tensors by the names of their places in the JSON answer, and in the metadata the JSON text,
/// which names each tensor at its place.
struct TensorFileAnswer {
    /// The member of the metadata.
    static let member = "answer"

    let bytes: [UInt8]

    init(_ arrays: [DetachedArray], _ text: consuming JSONText) {
        // The order of the reference implementation: large elements first, so that each tensor begins at a multiple of its element.
        let arrays = arrays.sorted {
            ($1.type.rank, $0.name) < ($0.type.rank, $1.name)
        }
        let answer = String(decoding: text.allBytes(), as: UTF8.self)
        var bytes = SafetensorsFile.preamble(
            arrays.map { ($0.name, $0.type, $0.shape) }, metadata: [(Self.member, answer)])
        bytes.reserveCapacity(arrays.reduce(bytes.count) { $0 + $1.bytes.count })
        for array in arrays { bytes += array.bytes }
        self.bytes = bytes
    }
}

extension DetachedArray {
    fileprivate var type: StoredType {
        switch kind {
        case .numbers(let type): type.stored
        case .bits(let asBooleans): asBooleans ? .bool : .uint8
        }
    }
}

extension StoredType {
    /// The place in the reference implementation's order of types.
    fileprivate var rank: Int {
        let order: [StoredType] = [
            .bool, .uint8, .int8, .int16, .uint16, .float16, .bfloat16, .int32, .uint32, .float32, .float64, .int64,
            .uint64,
        ]
        return order.firstIndex(of: self) ?? 0
    }
}
