import DropoutEngine
import TensorJSON
import TextCodecs

/// What passes through a network cost.
extension NetworkFields {
    private var scalarBytes: Int { Scalar.byteCount }

    /// The examples of the batch.
    private var batch: Int { input.shape.dimensions[layout == .columns ? 1 : 0] }

    /// Nanoseconds of a pass through the layers from `first` on, draws excepted.
    func forwardPrice(from first: Int = 0) -> Int {
        dense.indices.dropFirst(first).reduce(0) { $0.adding(layerPrice($1)) }
    }

    /// Nanoseconds of a pass that starts at the dropout of layer `first`, draws excepted.
    func tailPrice(from first: Int) -> Int {
        guard let mask = masks[first], !mask.dropsWeights else { return forwardPrice(from: first) }
        return KernelPrice.layer(1).adding(mask.passPrice(shapes[first].count)).adding(forwardPrice(from: first + 1))
    }

    private func layerPrice(_ index: Int) -> Int {
        let count = shapes[index].count
        return KernelPrice.layer(1).adding(productPrice(index)).adding(KernelPrice.operand(count))
            .adding(activationPrice(index)).adding(masks[index]?.passPrice(count) ?? 0)
    }

    /// Nanoseconds of what is computed once for all passes.
    var preparation: Int { masks.reduce(0) { $0.adding($1?.preparation ?? 0) } }

    /// Nanoseconds of the backward pass through all layers.
    func backwardPrice() -> Int {
        dense.indices.reduce(0) { sum, index in
            let count = shapes[index].count
            return sum.adding(KernelPrice.layer(1)).adding(productPrice(index).times(2))
                .adding(activationPrice(index)).adding(KernelPrice.operand(count))
                .adding(masks[index]?.passPrice(count) ?? 0)
        }
    }

    /// Z = W·X, and the weights thinned if the layer drops weights.
    private func productPrice(_ index: Int) -> Int {
        let (out, inner) = (dense[index].outputUnits, dense[index].inputUnits)
        let products = out.times(inner).times(batch)
        if let mask = masks[index], mask.dropsWeights, mask.drop.granularity == .sample {
            return KernelPrice.exampleProduct(products).adding(KernelPrice.exampleRow(out.times(batch)))
        }
        let operands = out.times(inner).adding(inner.times(batch)).adding(out.times(batch))
        let isNarrow = min(out, batch) < 8
        let kernel: KernelPrice =
            isNarrow ? .narrowProduct : Scalar.elementType == .float64 ? .product64 : .product32
        return kernel(products).adding(KernelPrice.operand(operands))
    }

    private func activationPrice(_ index: Int) -> Int {
        let count = shapes[index].count
        return switch dense[index].activation {
        case .identity, .relu, .leaky_relu: KernelPrice.simpleActivation(count)
        case .elu, .selu, .sigmoid, .tanh, .softmax: KernelPrice.expActivation(count)
        // Each of them takes two functions.
        case .gelu, .softplus: KernelPrice.erfActivation(count)
        }
    }

    /// Bytes of what a pass through the layers from `first` on leaves: three tensors and a mask for each layer.
    func traceBytes(from first: Int = 0) -> Int {
        dense.indices.dropFirst(first).reduce(0) { sum, index in
            let count = shapes[index].count
            return sum.adding(count.times(3 * scalarBytes)).adding(masks[index]?.noiseBytes(count) ?? 0)
        }
    }

    /// Bytes of the question: the input and the weights.
    var questionBytes: Int {
        dense.reduce(input.elements.count.times(scalarBytes)) {
            $0.adding($1.weights.elements.count.times(scalarBytes))
        }
    }

    /// The numbers of all layers, biases included.
    var parameterCount: Int { dense.reduce(0) { $0.adding($1.weights.elements.count).adding($1.bias.count) } }

    /// The output of the network.
    var outputShape: Shape { shapes.last ?? input.shape }
}
