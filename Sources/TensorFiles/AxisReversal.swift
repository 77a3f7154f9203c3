import Stopping

/// Column-major elements in row-major order: the same tensor, its last axis fastest.
struct AxisReversal {
    private let shape: [Int]
    /// How far apart neighbours along each axis are in the column-major list.
    private let strides: [Int]

    /// - Parameter shape: its product fits an `Int`.
    init(_ shape: [Int]) {
        self.shape = shape
        var stride = 1
        strides = shape.map { extent in
            defer { stride &*= extent }
            return stride
        }
    }

    /// Walks the result from front to back; the place in `stored` goes with the indices, as an odometer turns.
    ///
    /// - Throws: ``TensorFileError/stopped``.
    func rowMajor<Element: BitwiseCopyable>(_ stored: [Element], _ stop: StopFlag) throws(TensorFileError) -> [Element]
    {
        guard shape.count > 1, let length = shape.last, let step = strides.last, stored.count > 0 else { return stored }
        var result: [Element] = []
        result.reserveCapacity(stored.count)
        var index = [Int](repeating: 0, count: shape.count - 1)
        var first = 0
        while true {
            guard !stop.isSet else { throw .stopped }
            for place in 0..<length { result.append(stored[first + place * step]) }
            var axis = index.count - 1
            while axis >= 0 {
                index[axis] += 1
                first += strides[axis]
                if index[axis] < shape[axis] { break }
                first -= strides[axis] * shape[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return result }
        }
    }
}
