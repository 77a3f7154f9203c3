package import Stopping
import TextCodecs

/// The units, and so the elements, that are kept.
package struct Mask: Sendable, Equatable {
    package let noise: NoiseShape

    /// 1 (kept) or 0 (dropped) for each unit of `noise.drawn`, row-major.
    package let drawn: [UInt8]

    /// 1 or 0 for each element of `noise.full`, row-major. The storage is that of `drawn` if nothing is shared.
    package let kept: [UInt8]

    /// The number of kept units.
    package let keptUnits: Int

    /// The number of kept elements. All units have the same number of elements.
    package var keptCount: Int { drawn.isEmpty ? 0 : keptUnits * (kept.count / drawn.count) }

    private init(_ drawn: [UInt8], _ noise: NoiseShape, _ stop: StopFlag) throws(DropoutError) {
        self.noise = noise
        self.drawn = drawn
        self.kept = try noise.expand(drawn, stop: stop)
        self.keptUnits = try drawn.sumOfBits(stop: stop)
    }

    /// Draws the units, the first of which has the index `offset` in a larger logical tensor.
    ///
    /// - Throws: ``DropoutError/offsetTooLarge(units:)``, and what the generator throws.
    package init(
        drawing generator: any MaskGenerator, noise: NoiseShape, probability: KeepProbability, offset: UInt64,
        stop: StopFlag = .never
    ) throws(DropoutError) {
        let units = noise.drawn.count
        guard units == 0 || offset.checkedSum(UInt64(units - 1)) != nil else {
            throw .offsetTooLarge(units: units)
        }
        try self.init(
            try generator.kept(noise.drawn, probability: probability, offset: offset, stop: stop), noise, stop)
    }

    /// Takes the caller's mask, in the shape of the tensor or in the shape that is drawn.
    ///
    /// - Parameter bits: 0 or 1 each, `shape.count` of them.
    /// - Throws: ``DropoutError/givenShapeMismatch(given:tensor:drawn:)``, ``DropoutError/maskNotShared(index:)`` if
    ///   elements that share a draw differ.
    package init(
        given bits: [UInt8], shape: Shape, noise: NoiseShape, stop: StopFlag = .never
    ) throws(DropoutError) {
        try self.init(try noise.units(of: bits, shape: shape, stop: stop), noise, stop)
    }

    /// Keeps each unit whose uniform number passes the comparison. By default it must be below keep, strictly.
    ///
    ///     kept(i) = uniforms[i] < keep
    ///
    /// - Throws: ``DropoutError/uniformOutOfRange(index:value:)``,
    ///   ``DropoutError/givenShapeMismatch(given:tensor:drawn:)``, ``DropoutError/maskNotShared(index:)``.
    package init(
        uniforms: [Double], shape: Shape, noise: NoiseShape, probability: KeepProbability,
        comparison: UniformComparison = .plain, stop: StopFlag = .never
    ) throws(DropoutError) {
        if let index = try uniforms.firstIndex(stop: stop, where: { !(0..<1).contains($0) }) {
            throw .uniformOutOfRange(index: index, value: uniforms[index])
        }
        let bound = comparison.bound(probability)
        let bits =
            switch comparison.rule {
            case .below: try uniforms.map(stop: stop) { $0 < bound ? UInt8(1) : 0 }
            case .above: try uniforms.map(stop: stop) { $0 > bound ? UInt8(1) : 0 }
            case .from: try uniforms.map(stop: stop) { $0 >= bound ? UInt8(1) : 0 }
            }
        try self.init(try noise.units(of: bits, shape: shape, stop: stop), noise, stop)
    }

    /// The natural logarithm of the probability of exactly this mask.
    ///
    ///     keptUnits · ln(keep) + droppedUnits · ln(rate),  with 0 · ln(0) = 0
    ///
    /// Edge cases: -infinity for a mask that cannot be drawn; 0 for an empty one.
    package func logProbability(_ probability: KeepProbability) -> Double {
        let droppedUnits = drawn.count - keptUnits
        let keptTerm = keptUnits == 0 ? 0 : Double(keptUnits) * Double.log(probability.keep)
        let droppedTerm = droppedUnits == 0 ? 0 : Double(droppedUnits) * Double.log(probability.rate)
        return keptTerm + droppedTerm
    }
}

extension NoiseShape {
    /// One value for each drawn unit, out of values in the drawn or in the full shape.
    ///
    /// - Throws: ``DropoutError/givenShapeMismatch(given:tensor:drawn:)``, ``DropoutError/maskNotShared(index:)`` if
    ///   elements that share a draw differ.
    package func units<Value: Equatable & BitwiseCopyable>(
        of values: [Value], shape: Shape, stop: StopFlag = .never
    ) throws(DropoutError) -> [Value] {
        if shape.dimensions == drawn.dimensions { return values }
        guard shape.dimensions == full.dimensions else {
            throw .givenShapeMismatch(
                given: shape.dimensions, tensor: full.dimensions, drawn: drawn.dimensions)
        }
        // The first element of a unit gives its value.
        guard let first = values.first else { return [] }
        var units = [Value](repeating: first, count: drawn.count)
        var isKnown = [Bool](repeating: false, count: drawn.count)
        var element = 0
        try forEachElement(stop) { unit throws(DropoutError) in
            if !isKnown[unit] {
                (units[unit], isKnown[unit]) = (values[element], true)
            } else if units[unit] != values[element] {
                throw .maskNotShared(index: element)
            }
            element += 1
        }
        return units
    }
}
