import DropoutEngine
import Stopping
import TensorJSON

/// The library whose generator's state a request may send instead of a seed, as the library gives it out.
enum StateRule: Sendable {
    case numPyLegacy
    case numPyPCG64
    case numPyPhilox
    case torch
    case mlx

    var meaning: String {
        switch self {
        case .numPyLegacy:
            """
            np.random.get_state(), a list [\"MT19937\", 624 words, pos, has_gauss, cached_gaussian], or the object of \
            get_state(legacy=False)
            """
        case .numPyPCG64: "default_rng().bit_generator.state, an object of \"PCG64\""
        case .numPyPhilox: "np.random.Philox().state, an object of \"Philox\", its arrays as lists"
        case .torch: "torch.get_rng_state(), its 5056 bytes in base64 or as a list of numbers"
        case .mlx: "mx.random.state[0], a list of two 32-bit words"
        }
    }

    /// Reads `state`; nil, with an entry at the wrong place, if it is no state of the library.
    ///
    /// - Throws: only for a limit of the text.
    func state(_ question: Question) throws(Problem) -> GeneratorState? {
        guard let value = question.fields[GeneratorState.field] else { return nil }
        switch self {
        case .numPyLegacy:
            if case .array(let items) = value { return try question.legacyTuple(items) }
            return try question.stateObject("MT19937", self)?.legacyState()
        case .numPyPCG64: return question.stateObject("PCG64", self)?.pcg64State()
        case .numPyPhilox: return question.stateObject("Philox", self)?.philoxState()
        case .torch:
            if case .string(let encoded) = value { return try question.torchState(encoded) }
            guard
                let bytes = try question.wholeNumbers(GeneratorState.field, count: TorchState.byteCount, upTo: 255)
            else { return nil }
            return question.torchState(bytes.map { UInt8(truncatingIfNeeded: $0) }, isList: true)
        case .mlx:
            guard let words = try question.wholeNumbers(GeneratorState.field, count: 2, upTo: .max) else {
                return nil
            }
            return .mlx(high: words[0], low: words[1])
        }
    }
}
