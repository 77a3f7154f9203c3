extension Loss {
    /// Checks that a target fits an output of this shape.
    ///
    /// - Throws: as ``evaluate(_:_:layout:stop:)``.
    package func check<Scalar: DropoutScalar>(
        _ target: LossTarget<Scalar>, shape: Shape, layout: Layout
    ) throws(DropoutError) {
        switch target {
        case .values(let tensor):
            guard tensor.shape == shape else {
                throw .targetShapeMismatch(expected: shape.dimensions, actual: tensor.shape.dimensions)
            }
        case .classes(let classes):
            guard self == .cross_entropy else { throw .classesNeedCrossEntropy }
            let examples = Examples(shape, layout: layout)
            guard classes.count == examples.count else {
                throw .targetShapeMismatch(expected: [examples.count], actual: [classes.count])
            }
            if let example = classes.firstIndex(where: { !(0..<examples.units).contains($0) }) {
                throw .classOutOfRange(index: example, value: classes[example], classes: examples.units)
            }
        }
    }
}
