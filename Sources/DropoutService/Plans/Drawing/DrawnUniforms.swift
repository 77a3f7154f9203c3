import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// The uniform numbers behind one dropout of one pass.
struct DrawnUniforms: Sendable {
    /// The name of the part, and of the field that takes the numbers back.
    static let name = "uniforms"

    let numbers: [Double]
    let shape: Shape
}

extension ReadyDraw {
    /// The numbers behind the mask. Nil if nothing is drawn: in evaluation, with a given mask, and if the probability decides.
    func uniforms(_ stop: StopFlag) throws(Problem) -> DrawnUniforms? {
        guard mode == .train else { return nil }
        if case .uniforms(let numbers, let shape)? = layer.given {
            return DrawnUniforms(numbers: numbers, shape: shape)
        }
        let question = layer.own?.randomness ?? randomness
        guard let pending, !question.decides(layer.draw) else { return nil }
        do {
            return DrawnUniforms(
                numbers: try pending.drawnUniforms(layer.noise, stop: stop), shape: layer.noise.drawn)
        } catch {
            throw question.problem(error, layer.own == nil ? "" : layer.pointer)
        }
    }
}

extension [ReadyDraw?] {
    /// The numbers behind every layer's mask.
    func uniforms(_ stop: StopFlag) throws(Problem) -> [DrawnUniforms?] {
        var uniforms: [DrawnUniforms?] = []
        for draw in self { uniforms.append(try draw?.uniforms(stop)) }
        return uniforms
    }
}

extension LayerDraw {
    /// The price of ``ReadyDraw/uniforms(_:)`` printed, the draw itself excepted.
    func uniformsText(form: TensorForm) -> Price {
        let shape = if case .uniforms(_, let shape)? = given { shape } else { noise.drawn }
        return .uniforms(shape, form: form)
    }

    /// Bytes of the numbers.
    var uniformsBytes: Int { given == nil ? noise.drawn.count.times(8) : 0 }
}

extension Price {
    /// The price of printing uniform numbers and holding them until then.
    static func uniforms(_ shape: Shape, form: TensorForm) -> Price {
        PrintingPrice.tensor(shape, form: form, as: .float64)
            + Price(nanoseconds: KernelPrice.convert(shape.count.times(3)), heldBytes: shape.count.times(8))
    }
}

extension JSONWriter {
    /// The value of `uniforms`: null if nothing is drawn.
    mutating func uniforms(_ uniforms: DrawnUniforms?, form: TensorForm) {
        guard let uniforms else { return null() }
        tensorValue(uniforms.numbers, uniforms.shape.dimensions, form: form)
    }
}
