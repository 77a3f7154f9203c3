package import Stopping
package import TextCodecs

/// A tensor whose elements are raw bytes in a file or in the body of a request.
///
/// It is proof that `bytes` is as long as `shape` and `type` say. It does not hold the bytes.
package struct StoredTensor: Sendable, Equatable {
    /// In which order the elements are in the file.
    package enum Order: Sendable {
        /// The last axis varies fastest, as in C.
        case rowMajor
        /// The first axis varies fastest, as in Fortran.
        case columnMajor
    }

    package let type: StoredType
    /// Outermost axis first, whatever the order.
    package let shape: [Int]
    package let order: Order
    package let isBigEndian: Bool
    /// The place of the elements in the file.
    package let bytes: Range<Int>

    package var count: Int { bytes.count / type.byteCount }

    /// - Parameter name: for the error.
    /// - Throws: ``TensorFileError/wrongLength(tensor:expectedBytes:foundBytes:)``,
    ///   ``TensorFileError/shapeOverflow(tensor:)``.
    package init(
        _ type: StoredType, shape: [Int], order: Order = .rowMajor, isBigEndian: Bool = false, bytes: Range<Int>,
        name: String? = nil
    ) throws(TensorFileError) {
        guard let expected = Self.byteCount(type, shape) else { throw .shapeOverflow(tensor: name) }
        guard bytes.count == expected else {
            throw .wrongLength(tensor: name, expectedBytes: expected, foundBytes: bytes.count)
        }
        self.type = type
        self.shape = shape
        self.order = order
        self.isBigEndian = isBigEndian
        self.bytes = bytes
    }

    /// The bytes of a tensor; nil if an extent is negative, or if the product of the others than 0 does not fit an `Int`.
    static func byteCount(_ type: StoredType, _ shape: [Int]) -> Int? {
        var product = type.byteCount
        for extent in shape where extent != 0 {
            guard extent > 0, let next = product.checkedProduct(extent) else { return nil }
            product = next
        }
        return shape.contains(0) ? 0 : product
    }

    /// The elements in row-major order, each rounded once to float64. Integers of up to 53 bits are exact.
    ///
    /// - Parameter file: the bytes of the file from its beginning.
    /// - Throws: ``TensorFileError/stopped``, ``TensorFileError/wrongLength(tensor:expectedBytes:foundBytes:)`` if `file` is
    ///   shorter than the tensor's place.
    /// - Complexity: O(count), one allocation, two for ``Order/columnMajor``.
    package func doubles(
        in file: UnsafeRawBufferPointer, stop: StopFlag = .never
    ) throws(TensorFileError) -> [Double] { try elements(in: file, stop) }

    /// The elements in row-major order, each rounded once to float32. Integers of up to 24 bits are exact.
    ///
    /// Everything else as ``doubles(in:stop:)``.
    package func floats(
        in file: UnsafeRawBufferPointer, stop: StopFlag = .never
    ) throws(TensorFileError) -> [Float] { try elements(in: file, stop) }

    /// The elements in row-major order, each rounded once to a type of 16 bits.
    ///
    /// Everything else as ``doubles(in:stop:)``.
    package func halves(
        _ type: HalfType, in file: UnsafeRawBufferPointer, stop: StopFlag = .never
    ) throws(TensorFileError) -> [Float] { try elements(in: file, stop, half: type) }

    private func elements<Scalar: StoredScalar>(
        in file: UnsafeRawBufferPointer, _ stop: StopFlag, half: HalfType? = nil
    ) throws(TensorFileError) -> [Scalar] {
        guard bytes.lowerBound >= 0, bytes.upperBound <= file.count else {
            throw .wrongLength(
                tensor: nil, expectedBytes: bytes.count, foundBytes: max(0, file.count - bytes.lowerBound))
        }
        let reading = ElementReading<Scalar>(type, isBigEndian: isBigEndian, half: half)
        let stored = try reading.read(UnsafeRawBufferPointer(rebasing: file[bytes]), stop)
        switch order {
        case .rowMajor: return stored
        case .columnMajor: return try AxisReversal(shape).rowMajor(stored, stop)
        }
    }
}
