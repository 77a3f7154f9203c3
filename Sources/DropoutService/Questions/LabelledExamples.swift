import DropoutEngine
import TensorJSON

/// A network on examples whose targets are known: those that it is trained on, or those of the test.
struct LabelledExamples<Scalar: WireScalar> {
    var network: NetworkFields<Scalar>
    let target: LossTarget<Scalar>

    /// - Parameters:
    ///   - target: the value of the field `name`.
    ///   - network: the network on the examples that have this target.
    /// - Throws: a 422 at the field if the target does not fit the network's output.
    init(
        _ network: NetworkFields<Scalar>, target: Tensor<Scalar>, named name: String, loss: Loss, _ question: Question
    ) throws(Problem) {
        self.network = network
        let read = try Self.target(question, target, named: name, loss: loss, network: network)
        self.target = read
        try computing("/\(name)") { () throws(DropoutError) in
            try loss.check(read, shape: network.outputShape, layout: network.layout)
        }
    }

    /// The class indices if the loss is cross-entropy and the target is a list, else a number for each output.
    ///
    /// A list is taken as the column or row of a single output unit, so that `[20,10]` needs no second bracket.
    private static func target(
        _ question: Question, _ tensor: Tensor<Scalar>, named name: String, loss: Loss, network: NetworkFields<Scalar>
    ) throws(Problem) -> LossTarget<Scalar> {
        guard tensor.shape.rank == 1 else { return .values(tensor) }
        if loss == .cross_entropy {
            var classes: [Int] = []
            classes.reserveCapacity(tensor.elements.count)
            for (index, value) in tensor.elements.enumerated() {
                if index % 8192 == 0 { try question.checkStop() }
                guard let unit = Int(exactly: value) else {
                    throw Problem(
                        unanswerable: [
                            .init(pointer: "/\(name)/\(index)", detail: "a class index expected, \(value) found")
                        ])
                }
                classes.append(unit)
            }
            return .classes(classes)
        }
        guard network.dense.last?.outputUnits == 1,
            let shape = try? Shape(network.layout == .columns ? [1, tensor.shape.count] : [tensor.shape.count, 1]),
            let matrix = try? Tensor(tensor.elements, shape: shape)
        else { return .values(tensor) }
        return .values(matrix)
    }
}

/// `test_input` and `test_target`, which belong together. Their shapes are not yet compared.
struct TestFields<Scalar: WireScalar> {
    static var fields: [String] { ["test_input", "test_target"] }

    private let network: NetworkFields<Scalar>
    private let target: Tensor<Scalar>

    /// Nil without test data, and, with entries, if something is wrong.
    ///
    /// - Parameter network: the network on the training data. Nil if that is wrong.
    init?(_ question: Question, _ network: NetworkFields<Scalar>?) throws(Problem) {
        let input = try question.tensor("test_input", of: Scalar.self)?.tensor
        let target = try question.tensor("test_target", of: Scalar.self)?.tensor
        guard Self.fields.contains(where: question.has) else { return nil }
        for field in Self.fields { question.require(field) }
        guard let input, let target, let network = network?.evaluated(on: input, from: "test_input", question) else {
            return nil
        }
        (self.network, self.target) = (network, target)
    }

    /// - Throws: a 422 at `test_target` if it does not fit the network's output.
    func examples(_ question: Question, loss: Loss) throws(Problem) -> LabelledExamples<Scalar> {
        try LabelledExamples(network, target: target, named: "test_target", loss: loss, question)
    }
}
