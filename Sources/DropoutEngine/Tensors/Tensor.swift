/// Numbers in row-major order, with a shape that has as many elements.
package struct Tensor<Scalar: DropoutScalar>: Sendable, Equatable {
    package let shape: Shape
    package let elements: [Scalar]

    /// - Throws: ``DropoutError/elementCountMismatch(expected:actual:)`` unless `elements.count == shape.count`.
    package init(_ elements: [Scalar], shape: Shape) throws(DropoutError) {
        guard elements.count == shape.count else {
            throw .elementCountMismatch(expected: shape.count, actual: elements.count)
        }
        self.elements = elements
        self.shape = shape
    }

    /// The same tensor with its elements in another type, each rounded once.
    @specialized(where Scalar == Float, Other == Double)
    @specialized(where Scalar == Double, Other == Double)
    package func converted<Other: DropoutScalar>(to type: Other.Type) -> Tensor<Other> {
        Tensor<Other>(elements.map { Other($0) }, checkedFor: shape)
    }

    private init(_ elements: [Scalar], checkedFor shape: Shape) {
        (self.elements, self.shape) = (elements, shape)
    }

    /// A tensor of the same shape with other elements, for kernels whose result has one element for each of `self`.
    init(like other: Tensor, _ elements: [Scalar]) {
        assert(elements.count == other.shape.count)
        self.shape = other.shape
        self.elements = elements
    }
}
