import DropoutEngine
import Stopping

/// A pass through a network, which starts where the passes begin to differ.
///
/// The layers before the first dropout that changes give the same numbers in every pass, so they are computed once.
struct NetworkPass<Scalar: WireScalar>: Sendable {
    private let network: NetworkFields<Scalar>
    private let randomness: Randomness
    private let mode: DropoutMode
    /// The first layer whose dropout changes; the number of layers if none does.
    private let first: Int
    /// The activation of the first layer; its input if the layer drops weights; the network's output if nothing changes.
    private let start: Tensor<Scalar>

    /// - Parameters:
    ///   - traces: the traces of one pass through all layers.
    ///   - first: the first layer whose dropout changes, nil if none does.
    init(
        _ network: NetworkFields<Scalar>, _ randomness: Randomness, _ mode: DropoutMode,
        traces: [LayerTrace<Scalar>], first: Int?
    ) {
        (self.network, self.randomness, self.mode) = (network, randomness, mode)
        self.first = first ?? network.dense.count
        if let first, network.masks[first]?.dropsWeights ?? false {
            start = first == 0 ? network.input : traces[first - 1].output
        } else {
            start = first.map { traces[$0].activation } ?? traces.last?.output ?? network.input
        }
    }

    /// The output of the pass with these dropouts, one entry for each layer.
    func output(_ dropouts: [LayerDropout?], _ stop: StopFlag) throws(DropoutError) -> Tensor<Scalar> {
        guard first < network.dense.count else { return start }
        var (current, next) = (start, first)
        if let dropout = dropouts[first], !(network.masks[first]?.dropsWeights ?? false) {
            current = try dropout.apply(start, mode: mode, scheme: network.scheme, stop: stop)
            next += 1
        }
        guard next < network.dense.count else { return current }
        let traces = try Network.forward(
            Array(network.dense[next...]), input: current, dropout: Array(dropouts[next...]), layout: network.layout,
            scheme: network.scheme, mode: mode, stop: stop)
        guard let last = traces.last else { throw .impossible("a pass through layers leaves no trace") }
        return last.output
    }
}

extension NetworkFields {
    /// The first layer that draws in every pass. Nil if none does, or in evaluation.
    func firstDrawn(_ mode: DropoutMode) -> Int? {
        mode == .train ? masks.firstIndex { $0.map { $0.given == nil } ?? false } : nil
    }

    /// The first layer with dropout.
    func firstDropped(_ mode: DropoutMode) -> Int? { mode == .train ? masks.firstIndex { $0 != nil } : nil }
}
