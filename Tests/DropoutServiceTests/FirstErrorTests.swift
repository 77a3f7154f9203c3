import DropoutService
import Foundation
import Testing

/// The first wrong questions of a newcomer, each with the sentence that helps.
@Suite struct FirstErrorTests {
    @Test(arguments: FirstError.fields + FirstError.names + FirstError.seeds)
    func aWrongNameGetsTheSentenceThatHelps(_ error: FirstError) { error.check() }

    @Test(arguments: FirstError.numbers + FirstError.tensors + FirstError.texts)
    func aWrongValueGetsTheSentenceThatHelps(_ error: FirstError) { error.check() }

    /// Every field of a question.
    private static let fields = [
        "input", "layers", "mask", "uniforms", "samples", "exact", "include", "keep_prob", "rate", "granularity",
        "noise_shape", "variant", "block_size", "previous", "generator", "offset", "seed", "mode", "layout", "dtype",
        "mask_format", "fold_in", "key_data", "path", "x64", "order", "draw_dtype", "op_seed", "step",
    ]

    /// Values of all kinds, short and long.
    private static let values = [
        "1.5", "-1", "true", "\"a\"", "{}", "[]", "[1.5]", "[-1, 2]", "[\"a\"]", "[true, false]", "[[1, 2]]",
        "[[1], [2, 3]]", "[1, \"a\"]", "[1, [2]]", "[{}]", "[null]", "[\(list("7", 65))]", "[\(list("\"a\"", 65))]",
        "[\(list("7", 30)), -2]", "[\(list("7", 30)), \"a\"]", "[[\(list("7", 3000))], \"a\"]",
    ]

    private static func list(_ item: String, _ count: Int) -> String {
        [String](repeating: item, count: count).joined(separator: ", ")
    }

    @Test(
        "No message says that a list was expected and a list found, nor the like of another kind",
        arguments: fields, ["philox", "numpy-pcg64", "jax", "tf-stateless"])
    func noMessageContradictsItself(_ field: String, _ generator: String) {
        let kinds = [
            "a list found": "list", "an array found": "list", "a number found": "number", "a string found": "string",
            "a boolean found": "boolean", "an object found": "object",
        ]
        for value in Self.values {
            let others = ["input": "[1, 2]", "rate": "0.5", "generator": "\"\(generator)\""].filter { $0.key != field }
            let members = others.map { "\"\($0.key)\": \($0.value)" } + ["\"\(field)\": \(value)"]
            for (_, detail) in FirstError.errors(ask("/forward", "{\(members.joined(separator: ", "))}")) {
                for (found, kind) in kinds {
                    guard let end = detail.range(of: found)?.lowerBound else { continue }
                    #expect(!detail[..<end].contains(kind), "\(field): \(value): \(detail)")
                }
                #expect(!detail.contains("incomplete"))
            }
        }
    }

    @Test("A name that no generator has is never answered with the names of all generators")
    func aWrongGeneratorGetsAFewNames() {
        for name in [
            "", "x", "torch", "numpy", "tensorflow", "keras", "jax.random", "cpu", "random", "3", "cuda on jax", "-",
        ] {
            let reply = ask("/mask", "{\"shape\": [1], \"rate\": 0.5, \"generator\": \"\(name)\"}")
            #expect(reply.pointers == ["/generator"])
            let words = reply.text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
            #expect(Set(words.filter { $0.contains("-") && Self.isGenerator($0) }).count <= 7)
        }
    }

    private static func isGenerator(_ name: String) -> Bool {
        ask("/mask", "{\"shape\": [1], \"rate\": 0, \"generator\": \"\(name)\"}").status == 200
    }
}

/// One wrong question, with the first entry of the refusal.
struct FirstError: Sendable, CustomTestStringConvertible {
    /// What is wrong, as a sentence.
    let testDescription: String
    let target: String
    /// Nil: it is all in the URL.
    let body: String?
    let contentType: String?
    let status: Int
    let pointer: String
    let detail: String

    init(
        _ sentence: String, _ target: String, _ body: String?, contentType: String? = nil, _ status: Int = 422,
        at pointer: String, _ detail: String
    ) {
        (testDescription, self.target, self.body) = (sentence, target, body)
        (self.contentType, self.status, self.pointer, self.detail) = (contentType, status, pointer, detail)
    }

    func check() {
        let reply = ask(target, body ?? "", method: body == nil ? "GET" : "POST", contentType: contentType)
        #expect(reply.status == status)
        let first = Self.errors(reply).first
        #expect(first?.pointer == pointer)
        #expect(first?.detail == detail)
    }

    /// The entries of a refusal; the refusal itself if it has none.
    static func errors(_ reply: Reply) -> [(pointer: String, detail: String)] {
        guard let detail = reply.object["detail"] as? String else { return [] }
        let errors = reply.object["errors"] as? [[String: String]] ?? []
        return errors.isEmpty ? [("", detail)] : errors.map { ($0["pointer"] ?? "", $0["detail"] ?? "") }
    }
}

extension FirstError {
    /// Fields with a wrong name, or in a wrong place.
    static let fields: [FirstError] = [
        FirstError(
            "The probability is called keep", "/forward", #"{"input":[1,2],"keep":0.8}"#,
            at: "/keep", "unknown field; did you mean keep_prob, the probability to keep?"),
        FirstError(
            "The probability is called p", "/forward", #"{"input":[1,2],"p":0.2}"#,
            at: "/p", "unknown field; did you mean rate, the probability to drop?"),
        FirstError(
            "The probability is called dropout", "/forward", #"{"input":[1,2],"dropout":0.2}"#,
            at: "/dropout", "unknown field; did you mean rate, the probability to drop?"),
        FirstError(
            "The probability is called dropout_rate", "/forward", #"{"input":[1,2],"dropout_rate":0.2}"#,
            at: "/dropout_rate", "unknown field; did you mean rate, the probability to drop?"),
        FirstError(
            "The probability is called prob", "/forward", #"{"input":[1,2],"prob":0.8}"#,
            at: "/prob",
            "unknown field; did you mean keep_prob, the probability to keep, or rate, the probability to drop?"),
        FirstError(
            "The probability is called keep_prop", "/forward", #"{"input":[1,2],"keep_prop":0.8}"#,
            at: "/keep_prop", "unknown field; did you mean keep_prob?"),
        FirstError(
            "The probability is called keep_probability", "/forward", #"{"input":[1,2],"keep_probability":0.8}"#,
            at: "/keep_probability", "unknown field; did you mean keep_prob, the probability to keep?"),
        FirstError(
            "The probability is called Rate", "/forward", #"{"input":[1,2],"Rate":0.2}"#,
            at: "/Rate", "unknown field; did you mean rate?"),
        FirstError(
            "The input is called x", "/forward", #"{"x":[1,2],"rate":0.5}"#,
            at: "/x", "unknown field; did you mean input?"),
        FirstError(
            "The input is called inputs", "/forward", #"{"inputs":[1,2],"rate":0.5}"#,
            at: "/inputs", "unknown field; did you mean input?"),
        FirstError(
            "The input is called X", "/forward", #"{"X":[1,2],"rate":0.5}"#,
            at: "/X", "unknown field; did you mean input?"),
        FirstError(
            "The input is called data", "/forward", #"{"data":[1,2],"rate":0.5}"#,
            at: "/data", "unknown field; did you mean input?"),
        FirstError(
            "The weights of a layer are called W", "/forward", #"{"input":[[1]],"layers":[{"W":[[1]]}]}"#,
            at: "/layers/0/W", "unknown field; did you mean weights, a matrix [units, inputs]?"),
        FirstError(
            "The bias of a layer is called b", "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]],"b":[1]}]}"#,
            at: "/layers/0/b", "unknown field; did you mean bias?"),
        FirstError(
            "The weights are given beside the input", "/forward", #"{"input":[[1]],"W":[[1]],"rate":0.5}"#,
            at: "/W", "unknown field; weights belongs to an entry of `layers`"),
        FirstError(
            "A bias is given beside the layers", "/forward",
            #"{"input":[[1]],"bias":[1],"layers":[{"weights":[[1]]}]}"#,
            at: "/bias", "unknown field; bias belongs to an entry of `layers`"),
        FirstError(
            "A layer has a mode", "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]],"mode":"eval"}]}"#,
            at: "/layers/0/mode", "unknown field; mode belongs to the question, beside `layers`"),
        FirstError(
            "A mask is asked for with a variant", "/mask", #"{"shape":[2],"rate":0.5,"variant":"alpha"}"#,
            at: "/variant", "unknown field; variant is a field of /forward"),
        FirstError(
            "A mask is asked for by its size", "/mask", #"{"size":[2],"rate":0.5}"#,
            at: "/size", "unknown field; did you mean shape?"),
        FirstError(
            "The seed is called random_state", "/forward", #"{"input":[1],"rate":0.5,"random_state":1}"#,
            at: "/random_state", "unknown field; did you mean seed?"),
        FirstError(
            "The learning rate is called lr", "/train-step",
            #"{"input":[[1]],"target":[[1]],"loss":"mse","lr":1,"layers":[{"weights":[[1]]}]}"#,
            at: "/lr", "unknown field; did you mean learning_rate?"),
        FirstError(
            "No probability is given", "/forward", #"{"input":[1]}"#,
            at: "", "keep_prob (the probability to keep) or rate (to drop) is required"),
        FirstError(
            "The input is missing", "/forward", #"{"rate":0.5}"#,
            at: "", "input is required: a list of numbers such as [1, 2, 3]"),
        FirstError(
            "The shape of a mask is missing", "/mask", #"{"rate":0.5}"#,
            at: "", "shape is required: a list of whole numbers such as [4, 2]"),
        FirstError(
            "A rate is given beside the layers", "/forward",
            #"{"input":[[1]],"rate":0.5,"layers":[{"weights":[[1]]}]}"#,
            at: "/rate", "with `layers`, this field belongs to each layer"),
        FirstError(
            "A training step has its rate beside the layers", "/train-step",
            #"{"input":[[1]],"target":[[1]],"loss":"mse","learning_rate":1,"rate":0.5,"layers":[{"weights":[[1]]}]}"#,
            at: "/rate", "unknown field; rate belongs to an entry of `layers`"),
        FirstError(
            "A flat tensor has values", "/forward", #"{"input":{"shape":[2],"values":[1,2]},"rate":0.5}"#,
            at: "/input/values", "unknown field; did you mean data?"),
        FirstError(
            "The output to verify is called y", "/verify", #"{"input":[1],"y":[2],"rate":0.5}"#,
            at: "/y", "unknown field; did you mean output?"),
        FirstError(
            "A training step has nothing", "/train-step", "{}",
            at: "", "learning_rate is required: a number such as 0.01"),
        FirstError(
            "The variant is called dropout2d", "/forward", #"{"input":[1,2],"rate":0.5,"variant":"dropout2d"}"#,
            at: "/variant",
            #"one of dropout, alpha, gaussian, spatial, drop_path, drop_block, drop_connect, variational, concrete, zoneout expected, "dropout2d" found; did you mean spatial?"#
        ),
    ]

    /// Values that are names.
    static let names: [FirstError] = [
        FirstError(
            "The mode is called training", "/forward", #"{"input":[1],"rate":0.5,"training":true}"#,
            at: "/training", #"unknown field; did you mean mode, "train" or "eval"?"#),
        FirstError(
            "The mode is called train", "/forward", #"{"input":[1],"rate":0.5,"train":true}"#,
            at: "/train", #"unknown field; did you mean mode, "train" or "eval"?"#),
        FirstError(
            "The mode is test", "/forward", #"{"input":[1],"rate":0.5,"mode":"test"}"#,
            at: "/mode", #"one of train, eval expected, "test" found; did you mean eval?"#),
        FirstError(
            "The mode is training", "/forward", #"{"input":[1],"rate":0.5,"mode":"training"}"#,
            at: "/mode", #"one of train, eval expected, "training" found; did you mean train?"#),
        FirstError(
            "The mode is inference", "/forward", #"{"input":[1],"rate":0.5,"mode":"inference"}"#,
            at: "/mode", #"one of train, eval expected, "inference" found; did you mean eval?"#),
        FirstError(
            "The mode is TRAIN", "/forward", #"{"input":[1],"rate":0.5,"mode":"TRAIN"}"#,
            at: "/mode", #"one of train, eval expected, "TRAIN" found; did you mean train?"#),
        FirstError(
            "The mode is true", "/forward", #"{"input":[1],"rate":0.5,"mode":true}"#,
            at: "/mode", "one of train, eval expected, true found; did you mean train?"),
        FirstError(
            "The activation is ReLU with capitals", "/forward",
            #"{"input":[[1]],"layers":[{"weights":[[1]],"activation":"ReLU"}]}"#,
            at: "/layers/0/activation",
            #"one of identity, relu, leaky_relu, elu, selu, gelu, softplus, sigmoid, tanh, softmax expected, "ReLU" found; did you mean relu?"#
        ),
        FirstError(
            "The activation is called linear", "/forward",
            #"{"input":[[1]],"layers":[{"weights":[[1]],"activation":"linear"}]}"#,
            at: "/layers/0/activation",
            #"one of identity, relu, leaky_relu, elu, selu, gelu, softplus, sigmoid, tanh, softmax expected, "linear" found; did you mean identity?"#
        ),
        FirstError(
            "The loss is called mean_squared_error", "/train-step",
            #"{"input":[[1]],"target":[[1]],"loss":"mean_squared_error","learning_rate":1,"layers":[{"weights":[[1]]}]}"#,
            at: "/loss",
            #"one of mse, half_mse, cross_entropy, binary_cross_entropy expected, "mean_squared_error" found; did you mean mse?"#
        ),
        FirstError(
            "The generator is called torch", "/mask", #"{"shape":[2],"rate":0.5,"generator":"torch"}"#,
            at: "/generator",
            #"no generator has the name "torch"; PyTorch has torch-cpu, torch-cpu-mkl, torch-compile, torch-rand and torch-cuda: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called pytorch", "/mask", #"{"shape":[2],"rate":0.5,"generator":"pytorch"}"#,
            at: "/generator",
            #"no generator has the name "pytorch"; PyTorch has torch-cpu, torch-cpu-mkl, torch-compile, torch-rand and torch-cuda: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called numpy", "/mask", #"{"shape":[2],"rate":0.5,"generator":"numpy"}"#,
            at: "/generator",
            #"no generator has the name "numpy"; NumPy has numpy-legacy, numpy-legacy-binomial, numpy-pcg64 and numpy-philox: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called tensorflow", "/mask", #"{"shape":[2],"rate":0.5,"generator":"tensorflow"}"#,
            at: "/generator",
            #"no generator has the name "tensorflow"; TensorFlow has tf-stateless, tf-stateless-xla-philox, tf-stateless-xla-threefry, tf-stateless-xla-auto and tf-dropout: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called keras", "/mask", #"{"shape":[2],"rate":0.5,"generator":"keras"}"#,
            at: "/generator",
            #"no generator has the name "keras"; Keras has keras-tensorflow, keras-jax, keras-torch and keras-numpy: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called jax.random", "/mask", #"{"shape":[2],"rate":0.5,"generator":"jax.random"}"#,
            at: "/generator",
            #"no generator has the name "jax.random"; JAX has jax, jax-original, jax-rbg, jax-philox4x32, jax-philox2x32 and jax-threefry4x32: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called flax", "/mask", #"{"shape":[2],"rate":0.5,"generator":"flax"}"#,
            at: "/generator",
            #"no generator has the name "flax"; Flax has flax-linen and flax-nnx: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called onnx", "/mask", #"{"shape":[2],"rate":0.5,"generator":"onnx"}"#,
            at: "/generator",
            #"no generator has the name "onnx"; ONNX has onnx-reference and onnxruntime: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called torch-gpu", "/mask", #"{"shape":[2],"rate":0.5,"generator":"torch-gpu"}"#,
            at: "/generator", #"no generator has the name "torch-gpu"; did you mean torch-cuda?"#),
        FirstError(
            "The generator is called numpy-pcg46", "/mask", #"{"shape":[2],"rate":0.5,"generator":"numpy-pcg46"}"#,
            at: "/generator", #"no generator has the name "numpy-pcg46"; did you mean numpy-pcg64?"#),
        FirstError(
            "The generator is called mt19937", "/mask", #"{"shape":[2],"rate":0.5,"generator":"mt19937"}"#,
            at: "/generator",
            #"no generator has the name "mt19937"; NumPy has numpy-legacy and numpy-legacy-binomial: GET /generators says what each one draws"#
        ),
        FirstError(
            "The generator is called PHILOX", "/mask", #"{"shape":[2],"rate":0.5,"generator":"PHILOX"}"#,
            at: "/generator", #"no generator has the name "PHILOX"; did you mean philox?"#),
        FirstError(
            "The generator is called mxnet", "/mask", #"{"shape":[2],"rate":0.5,"generator":"mxnet"}"#,
            at: "/generator",
            #"no generator has the name "mxnet"; GET /generators lists those of NumPy, ONNX, PyTorch, JAX, Flax, TensorFlow, Keras, MLX, tinygrad, Paddle and MindSpore; without the field it is philox"#
        ),
        FirstError(
            "A parameter is given that another generator has", "/mask",
            #"{"shape":[2],"rate":0.5,"draw_dtype":"float32"}"#,
            at: "/draw_dtype",
            "no parameter of the generator philox, which has step, stream; numpy-pcg64, numpy-philox, torch-compile and 8 more have it"
        ),
        FirstError(
            "The optimizer is Adam with a capital", "/train-step",
            #"{"input":[[1]],"target":[[1]],"loss":"mse","learning_rate":1,"optimizer":"Adam","layers":[{"weights":[[1]]}]}"#,
            at: "/optimizer", #"one of sgd, adam, adamw expected, "Adam" found; did you mean adam?"#),
        FirstError(
            "The generator is called PyTorch CUDA", "/mask", #"{"shape":[2],"rate":0.5,"generator":"PyTorch CUDA"}"#,
            at: "/generator", #"no generator has the name "PyTorch CUDA"; did you mean torch-cuda?"#),
    ]

    /// Seeds.
    static let seeds: [FirstError] = [
        FirstError(
            "The seed is no whole number", "/mask", #"{"shape":[2],"rate":0.5,"seed":1.5}"#,
            at: "/seed", "philox takes a whole number from 0 to 2^64 - 1 as seed; 1.5 found"),
        FirstError(
            "The seed is a word", "/mask", #"{"shape":[2],"rate":0.5,"seed":"abc"}"#,
            at: "/seed", #"philox takes a whole number from 0 to 2^64 - 1 as seed; "abc" found"#),
        FirstError(
            "The seed is a list", "/mask", #"{"shape":[2],"rate":0.5,"seed":[1,2]}"#,
            at: "/seed", "philox takes a whole number from 0 to 2^64 - 1 as seed; [1, 2] found"),
        FirstError(
            "The seed is a list with a negative number", "/mask",
            #"{"shape":[2],"rate":0.5,"generator":"numpy-pcg64","seed":[1,-2]}"#,
            at: "/seed",
            "numpy-pcg64 takes a whole number from 0, of any size up to 128 digits, or a list of up to 64 of them as seed; [1, -2] found"
        ),
        FirstError(
            "The seed of two is one number", "/mask", #"{"shape":[2],"rate":0.5,"generator":"tf-stateless","seed":1}"#,
            at: "/seed", "tf-stateless takes two whole numbers from -2^63 to 2^63 - 1 as seed; 1 found"),
    ]

    /// Numbers and flags.
    static let numbers: [FirstError] = [
        FirstError(
            "The rate is in quotation marks", "/forward", #"{"input":[1],"rate":"0.2"}"#,
            at: "/rate", #"a probability from 0 to 1 expected, "0.2" found; write 0.2 without quotation marks"#),
        FirstError(
            "The rate has no digit before the point in a query", "/mask?shape=2&rate=.2", nil,
            at: "/rate", #"a probability from 0 to 1 expected, ".2" found; write 0.2"#),
        FirstError(
            "The rate has a percent sign", "/forward", #"{"input":[1],"rate":"20%"}"#,
            at: "/rate", #"a probability from 0 to 1 expected, "20%" found; write 0.2"#),
        FirstError(
            "The rate has a decimal comma", "/forward", #"{"input":[1],"rate":"0,2"}"#,
            at: "/rate", #"a probability from 0 to 1 expected, "0,2" found; write 0.2"#),
        FirstError(
            "The probability to keep is a percentage", "/forward", #"{"input":[1],"keep_prob":80}"#,
            at: "/keep_prob", "a probability from 0 to 1 expected, 80 found; if 80 percent is meant, write 0.8"),
        FirstError(
            "The rate is negative", "/forward", #"{"input":[1],"rate":-0.1}"#,
            at: "/rate", "a probability from 0 to 1 expected, -0.1 found"),
        FirstError(
            "The rate is a list", "/forward", #"{"input":[1],"rate":[0.1,0.2]}"#,
            at: "/rate", "a probability from 0 to 1 expected, [0.1, 0.2] found"),
        FirstError(
            "Both probabilities disagree", "/forward", #"{"input":[1],"rate":0.2,"keep_prob":0.7}"#,
            at: "/rate", "keep_prob 0.7 and rate 0.2 disagree: give one of them alone"),
        FirstError(
            "The samples are in quotation marks", "/forward", #"{"input":[1],"rate":0.5,"samples":"10"}"#,
            at: "/samples",
            #"a whole number from 0 to 4294967295 expected, "10" found; write 10 without quotation marks"#),
        FirstError(
            "A flag is a number", "/forward", #"{"input":[1],"rate":0.5,"exact":1}"#,
            at: "/exact", "true or false expected, 1 found; write true"),
        FirstError(
            "A flag is in quotation marks", "/forward", #"{"input":[1],"rate":0.5,"exact":"true"}"#,
            at: "/exact", #"true or false expected, "true" found; write true without quotation marks"#),
        FirstError(
            "The samples are a fraction", "/forward", #"{"input":[1],"rate":0.5,"samples":1.5}"#,
            at: "/samples", "a whole number from 0 to 4294967295 expected, 1.5 found"),
        FirstError(
            "The rate has a decimal comma in a query", "/mask?shape=4,2&rate=0,5", nil,
            at: "/rate", #"a probability from 0 to 1 expected, "0,5" found; write 0.5"#),
    ]

    /// Tensors, shapes, masks and layers.
    static let tensors: [FirstError] = [
        FirstError(
            "The shape is a text", "/mask", #"{"shape":"4x2","rate":0.5}"#,
            at: "/shape", #"a list of whole numbers expected, "4x2" found; write [4,2]"#),
        FirstError(
            "The shape is a text in a query", "/mask?shape=4x2&rate=0.5", nil,
            at: "/shape", #"a list of whole numbers expected, ["4x2"] found; write [4,2]"#),
        FirstError(
            "The shape is a single number", "/mask", #"{"shape":4,"rate":0.5}"#,
            at: "/shape", "a list of whole numbers expected, 4 found; write [4]"),
        FirstError(
            "The shape has numbers in quotation marks", "/mask", #"{"shape":["4","2"],"rate":0.5}"#,
            at: "/shape", #"a list of whole numbers expected, ["4", "2"] found; write [4,2]"#),
        FirstError(
            "The shape is a list in a list", "/mask", #"{"shape":[[4,2]],"rate":0.5}"#,
            at: "/shape", "a list of whole numbers expected, an array of shape [1, 2] found"),
        FirstError(
            "The shape has a negative dimension", "/mask", #"{"shape":[4,-1],"rate":0.5}"#,
            at: "/shape/1", "a whole number from 0 expected, -1 found"),
        FirstError(
            "The shape has a fraction", "/mask", #"{"shape":[4,2.5],"rate":0.5}"#,
            at: "/shape/1", "a whole number from 0 expected, 2.5 found"),
        FirstError(
            "The rows of the input are ragged", "/forward", #"{"input":[[1,2],[3]],"rate":0.5}"#,
            at: "/input/1", "1 value where the rows before have 2"),
        FirstError(
            "A number of the input is in quotation marks", "/forward", #"{"input":[1,"2"],"rate":0.5}"#,
            at: "/input/1", #"a number expected, "2" found; write 2 without quotation marks"#),
        FirstError(
            "A word is in the input", "/forward", #"{"input":[[1,2],[3,"x"]],"rate":0.5}"#,
            at: "/input/1/1", "a number expected, a string found"),
        FirstError(
            "The input is a text", "/forward", #"{"input":"1,2,3","rate":0.5}"#,
            at: "/input", #"a tensor expected, "1,2,3" found; write a list of numbers, such as [1, 2, 3]"#),
        FirstError(
            "The input is a list of nan in Python's spelling", "/forward", #"{"input":[1,"nan"],"rate":0.5}"#,
            at: "/input/1", #"a number expected, "nan" found; write "NaN""#),
        FirstError(
            "The mask has another shape", "/forward", #"{"input":[1,2],"rate":0.5,"mask":[1]}"#,
            at: "/mask", "the shape is [1]; [2] expected"),
        FirstError(
            "The mask has other numbers than 0 and 1", "/forward", #"{"input":[1,2],"rate":0.5,"mask":[1,2]}"#,
            at: "/mask", "0 or 1 expected, 2.0 found at element 1"),
        FirstError(
            "The layers are an object", "/forward", #"{"input":[[1]],"layers":{"weights":[[1]]}}"#,
            at: "/layers", #"a list of objects expected, an object with "weights" found; put it into a list: [{...}]"#),
        FirstError(
            "The layers are widths", "/forward", #"{"input":[[1]],"layers":[4,8]}"#,
            at: "/layers", "a list of objects expected, [4, 8] found"),
        FirstError(
            "Keras weights are not transposed, with rows", "/forward",
            #"{"input":[[1,2]],"layout":"rows","layers":[{"weights":[[1,2,3],[4,5,6]]}]}"#,
            at: "/layers/0/weights",
            "layer 0 takes 3 units and gets 2; weights [2, 3] are [units, inputs], the input is [1, 2]: transpose the weights, as those of Keras ([inputs, units])"
        ),
        FirstError(
            "Keras weights are not transposed, with columns", "/forward",
            #"{"input":[[1,2]],"layers":[{"weights":[[1,2,3],[4,5,6]]}]}"#,
            at: "/layers/0/weights",
            #"layer 0 takes 3 units and gets 1; weights [2, 3] are [units, inputs], the input is [1, 2]: transpose the weights, as those of Keras ([inputs, units]), and say "layout": "rows", one example a row"#
        ),
        FirstError(
            "The examples are rows and the layout says columns", "/forward",
            #"{"input":[[1,2]],"layers":[{"weights":[[1,2]]}]}"#,
            at: "/layers/0/weights",
            #"layer 0 takes 2 units and gets 1; weights [1, 2] are [units, inputs], the input is [1, 2]: say "layout": "rows", one example a row, or transpose the weights, as those of Keras ([inputs, units])"#
        ),
        FirstError(
            "What to include is a text", "/forward", #"{"input":[1],"rate":0.5,"include":"mask"}"#,
            at: "/include", #"a list of names expected, "mask" found; put it into a list: ["mask"]"#),
        FirstError(
            "The mask has probabilities", "/forward", #"{"input":[1,2],"rate":0.5,"mask":[0.3,0.7]}"#,
            at: "/mask",
            "0 or 1 expected, 0.3 found at element 0; random numbers from 0 and below 1 are given as `uniforms`"),
        FirstError(
            "The noise shape does not fit", "/forward", #"{"input":[[1,2]],"rate":0.5,"noise_shape":[2,2]}"#,
            at: "/noise_shape", "axis 0 of the noise shape is 2; 1 expected"),
        FirstError(
            "All numbers of a matrix are in quotation marks", "/forward",
            #"{"input":[["1","2"],["3","4"]],"rate":0.5}"#,
            at: "/input/0", #"a number expected, ["1", "2"] found; write the numbers without quotation marks"#),
        FirstError(
            "The input has booleans", "/forward", #"{"input":[true,false],"rate":0.5}"#,
            at: "/input", "numbers expected, booleans found; write 1 and 0"),
        FirstError(
            "The weights of the third layer are not transposed", "/forward",
            #"{"input":[[1],[2]],"layers":[{"weights":[[1,2]]},{"weights":[[1],[2],[3]]},{"weights":[[1,2,3,4],[1,2,3,4],[1,2,3,4]]}]}"#,
            at: "/layers/2/weights",
            "layer 2 takes 4 units and gets 3; weights [3, 4] are [units, inputs]: transpose the weights, as those of Keras ([inputs, units])"
        ),
        FirstError(
            "The flat data is a matrix", "/forward", #"{"input":{"shape":[2],"data":[[1,2]]},"rate":0.5}"#,
            at: "/input/data", "a flat list expected, an array of shape [1, 2] found"),
    ]

    /// Texts that are no question.
    static let texts: [FirstError] = [
        FirstError(
            "The rate has a percent sign in a query", "/mask?shape=2&rate=20%", nil, 400,
            at: "", "the query has a % that is not followed by two hexadecimal digits; write %25 for a %"),
        FirstError(
            "NumPy printed the array", "/forward", #"{"input":[1 2 3],"rate":0.5}"#, 400,
            at: "",
            "byte 12: ',' or ']' expected, '2' found; put commas between the items, as json.dumps(array.tolist()) does"),
        FirstError(
            "NumPy printed the array with points", "/forward", #"{"input":[1. 2. 3.],"rate":0.5}"#, 400,
            at: "",
            "byte 12: a digit after the point expected, byte 32 found; write a digit after the point, as json.dumps(array.tolist()) does"
        ),
        FirstError(
            "NumPy printed the rows", "/forward", "{\"input\":[[1, 2]\n [3, 4]],\"rate\":0.5}", 400,
            at: "",
            "byte 18: ',' or ']' expected, '[' found; put commas between the items, as json.dumps(array.tolist()) does"),
        FirstError(
            "NumPy's repr is sent", "/forward", #"{"input":array([1, 2]),"rate":0.5}"#, 400,
            at: "", "byte 9: a value expected, 'a' found; send json.dumps(array.tolist())"),
        FirstError(
            "Python printed True", "/forward", #"{"input":[1],"rate":0.5,"exact":True}"#, 400,
            at: "", "byte 32: a value expected, 'T' found; JSON writes true"),
        FirstError(
            "Python printed None", "/forward", #"{"input":[1],"rate":0.5,"seed":None}"#, 400,
            at: "", "byte 31: a value expected, 'N' found; JSON writes null"),
        FirstError(
            "Python printed single quotation marks", "/forward", "{'input':[1],'rate':0.5}", 400,
            at: "", #"byte 1: a name in quotation marks expected, ''' found; JSON has the quotation marks " alone"#),
        FirstError(
            "Python printed a tuple", "/mask", #"{"shape":(4, 2),"rate":0.5}"#, 400,
            at: "", "byte 9: a value expected, '(' found; JSON writes a tuple as a list: [ ]"),
        FirstError(
            "A bare NaN is sent", "/forward", #"{"input":[NaN],"rate":0.5}"#, 400,
            at: "", #"byte 10: a value expected, 'N' found; write "NaN" in quotation marks"#),
        FirstError(
            "A bare -Infinity is sent", "/forward", #"{"input":[-Infinity],"rate":0.5}"#, 400,
            at: "", #"byte 11: a digit expected, 'I' found; write "Infinity" or "-Infinity" in quotation marks"#),
        FirstError(
            "A list ends with a comma", "/forward", #"{"input":[1,2,],"rate":0.5}"#, 400,
            at: "", "byte 14: a value expected, ']' found; delete the comma before it"),
        FirstError(
            "An object ends with a comma", "/forward", #"{"input":[1,2],"rate":0.5,}"#, 400,
            at: "", "byte 26: a name in quotation marks expected, '}' found; delete the comma before it"),
        FirstError(
            "A comment is in the text", "/forward", "{\"input\":[1], // the input\n\"rate\":0.5}", 400,
            at: "", "byte 14: a name in quotation marks expected, '/' found; JSON has no comments"),
        FirstError(
            "A number begins with a point", "/forward", #"{"input":[1],"rate":.5}"#, 400,
            at: "", "byte 20: a value expected, '.' found; write a digit before the point, such as 0.5"),
        FirstError(
            "A name has no quotation marks", "/forward", #"{input:[1],"rate":0.5}"#, 400,
            at: "", "byte 1: a name in quotation marks expected, 'i' found; put names and texts in quotation marks"),
        FirstError(
            "A text has no quotation marks", "/forward", #"{"input":[1],"rate":0.5,"mode":eval}"#, 400,
            at: "", "byte 31: a value expected, 'e' found; put names and texts in quotation marks"),
        FirstError(
            "The body is empty", "/forward", "", 400,
            at: "", "byte 0: a value expected, the text ends; the body is empty: send the question as a JSON object"),
        FirstError(
            "The body is a form", "/forward", "rate=0.5&input=1", contentType: "application/x-www-form-urlencoded", 400,
            at: "",
            #"byte 0: a value expected, 'r' found; the body is name=value: send the question as a JSON object, such as {"rate": 0.5}"#
        ),
        FirstError(
            "The body is a list", "/forward", "[1,2,3]",
            at: "", "an object expected, [1, 2, 3] found"),
        FirstError(
            "The text is cut", "/forward", #"{"input":[1,2"#, 400,
            at: "", "byte 13: ',' or ']' expected, the text ends"),
        FirstError(
            "The route is called dropout", "/dropout", #"{"input":[1],"rate":0.5}"#, 404,
            at: "", "no route /dropout; GET / lists the routes"),
        FirstError(
            "The body is a=1", "/forward", "a=1", contentType: "application/x-www-form-urlencoded", 400,
            at: "",
            #"byte 0: a value expected, 'a' found; the body is name=value: send the question as a JSON object, such as {"rate": 0.5}"#
        ),
    ]
}
