import TextCodecs

/// The extents of a tensor, outermost first. The elements are stored in row-major order.
///
/// A shape is proof that its extents are non-negative and that their product fits an `Int`.
/// The empty list is the shape of a scalar and has one element.
package struct Shape: Sendable, Hashable {
    package let dimensions: [Int]

    /// The product of the dimensions: 1 for a scalar, 0 if a dimension is 0.
    package let count: Int

    package var rank: Int { dimensions.count }

    /// - Throws: ``DropoutError/negativeDimension(axis:value:)``, ``DropoutError/shapeOverflow`` if the product of
    ///   the non-zero dimensions does not fit an `Int`.
    package init(_ dimensions: [Int]) throws(DropoutError) {
        var product = 1
        var isEmpty = false
        for (axis, dimension) in dimensions.enumerated() {
            guard dimension >= 0 else { throw .negativeDimension(axis: axis, value: dimension) }
            if dimension == 0 {
                isEmpty = true
                continue
            }
            guard let next = product.checkedProduct(dimension) else { throw .shapeOverflow }
            product = next
        }
        self.dimensions = dimensions
        self.count = isEmpty ? 0 : product
    }

    /// The shape of a scalar: no dimensions, one element.
    package static let scalar = Shape(checked: [], count: 1)

    /// The shape of a vector of `count` elements.
    package static func vector(_ count: Int) -> Shape { Shape(checked: [max(0, count)], count: max(0, count)) }

    /// A shape of the same rank whose dimensions are no larger, so that its count cannot overflow.
    func withDimensions(_ transform: (_ axis: Int, _ extent: Int) -> Int) -> Shape {
        let smaller = dimensions.enumerated().map { min($1, max(0, transform($0, $1))) }
        return Shape(checked: smaller, count: smaller.contains(0) ? 0 : smaller.reduce(1, *))
    }

    private init(checked dimensions: [Int], count: Int) {
        self.dimensions = dimensions
        self.count = count
    }
}
