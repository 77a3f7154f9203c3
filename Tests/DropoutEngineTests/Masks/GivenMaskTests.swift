import DropoutEngine
import Testing

/// Masks and uniforms that the caller gives.
@Suite struct GivenMaskTests {
    private static let full = NoiseShape(elementwise: .vector(4))

    private func mask(_ uniforms: [Double], keep: Double, noise: NoiseShape = full) throws -> [UInt8] {
        try Mask(
            uniforms: uniforms, shape: .vector(uniforms.count), noise: noise, probability: KeepProbability(keep: keep)
        ).kept
    }

    @Test("A uniform equal to keep is dropped, the one below it kept", arguments: [0.1, 0.25, 0.5, 0.8, 0.9])
    func strictly(_ keep: Double) throws {
        #expect(try mask([keep, keep.nextDown, keep.nextUp, 0], keep: keep) == [0, 1, 0, 1])
    }

    @Test("Every uniform is kept at keep 1 and none at keep 0")
    func ends() throws {
        let uniforms = [0, 0x1p-1074, 0.5, 1.0.nextDown]
        #expect(try mask(uniforms, keep: 1) == [1, 1, 1, 1])
        #expect(try mask(uniforms, keep: 0) == [0, 0, 0, 0])
        #expect(try mask([-0.0, 0, 0, 0], keep: 0) == [0, 0, 0, 0])
    }

    @Test("The article's uniforms give the article's mask")
    func article() throws {
        let shape = try Shape([4, 2])
        let uniforms = [
            0.58695556, 0.41508454, 0.16031604, 0.24994934, 0.10260241, 0.8237806, 0.28117361, 0.8992166,
        ]
        let mask = try Mask(
            uniforms: uniforms, shape: shape, noise: NoiseShape(elementwise: shape),
            probability: KeepProbability(keep: 0.8))
        #expect(mask.kept == [1, 1, 1, 1, 1, 0, 1, 0])
    }

    @Test("A uniform outside [0, 1) is refused with its index", arguments: [1, 1.5, -0.1, -5, .infinity, -.infinity])
    func range(_ value: Double) {
        #expect(throws: DropoutError.uniformOutOfRange(index: 2, value: value)) {
            _ = try mask([0.5, 0.5, value, 7], keep: 0.5)
        }
    }

    @Test("A uniform that is NaN is refused")
    func notANumber() {
        #expect {
            _ = try mask([0.5, .nan, 0.5, 0.5], keep: 0.5)
        } throws: { error in
            guard case .uniformOutOfRange(index: 1, let value) = error as? DropoutError else { return false }
            return value.isNaN
        }
    }

    /// Units 0 and 2 kept, for three units of two examples.
    private static let bits: [UInt8] = [1, 1, 0, 0, 1, 1]

    @Test("A mask is taken in the drawn shape and in the tensor's")
    func shapes() throws {
        let noise = try NoiseShape(.unit, of: Shape([3, 2]), layout: .columns)
        let drawn = try Mask(given: [1, 0, 1], shape: Shape([3, 1]), noise: noise)
        let full = try Mask(given: Self.bits, shape: Shape([3, 2]), noise: noise)
        #expect(drawn == full)
        #expect(drawn.kept == Self.bits)
        #expect(full.drawn == [1, 0, 1])
    }

    @Test("Uniforms are taken in the drawn shape and, where elements fall on one side of keep, in the tensor's")
    func uniformShapes() throws {
        let noise = try NoiseShape(.unit, of: Shape([3, 2]), layout: .columns)
        let probability = try KeepProbability(keep: 0.5)
        let drawn = try Mask(uniforms: [0.1, 0.9, 0.2], shape: Shape([3, 1]), noise: noise, probability: probability)
        let full = try Mask(
            uniforms: [0.1, 0.3, 0.9, 0.7, 0.2, 0.4], shape: Shape([3, 2]), noise: noise, probability: probability)
        #expect(drawn.kept == Self.bits)
        #expect(full == drawn)
        #expect(throws: DropoutError.maskNotShared(index: 3)) {
            _ = try Mask(
                uniforms: [0.1, 0.3, 0.9, 0.4, 0.2, 0.6], shape: Shape([3, 2]), noise: noise, probability: probability)
        }
    }

    @Test("The first element that differs from its unit is named", arguments: 0..<6)
    func notShared(_ element: Int) throws {
        let noise = try NoiseShape(.unit, of: Shape([3, 2]), layout: .columns)
        var bits = Self.bits
        bits[element] ^= 1
        // Whichever of the two is flipped, the second is the one that differs.
        #expect(throws: DropoutError.maskNotShared(index: element | 1)) {
            _ = try Mask(given: bits, shape: Shape([3, 2]), noise: noise)
        }
    }

    @Test("Any other shape is refused", arguments: [[6], [3], [2, 3], [1, 3], [3, 2, 1], [], [3, 1, 1]] as [[Int]])
    func otherShapes(_ dimensions: [Int]) throws {
        let shape = try Shape(dimensions)
        let noise = try NoiseShape(.unit, of: Shape([3, 2]), layout: .columns)
        let refusal = DropoutError.givenShapeMismatch(given: dimensions, tensor: [3, 2], drawn: [3, 1])
        #expect(throws: refusal) {
            _ = try Mask(given: [UInt8](repeating: 1, count: shape.count), shape: shape, noise: noise)
        }
        #expect(throws: refusal) {
            _ = try Mask(
                uniforms: [Double](repeating: 0.5, count: shape.count), shape: shape, noise: noise,
                probability: KeepProbability(keep: 0.5))
        }
    }
}
