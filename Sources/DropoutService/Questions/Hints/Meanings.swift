import DropoutEngine

/// What newcomers call our fields and values: the names of other libraries and of textbooks.
///
/// This is the one table of aliases. ``NearestName`` corrects letters, and this table knows meanings.
enum Meanings {
    /// Other names of fields, in lower case, and what they may mean.
    private static let fields: [(names: [String], fields: [String])] = [
        (
            ["keep", "keep_probability", "keep_rate", "keep_p", "p_keep", "retain", "retain_prob", "retention"],
            ["keep_prob"]
        ),
        (
            [
                "p", "dropout", "dropout_rate", "drop_rate", "drop_prob", "dropout_prob", "dropout_p", "drop_p",
                "p_drop", "drop",
                "ratio", "drop_probability",
            ], ["rate"]
        ),
        (["prob", "probability"], ["keep_prob", "rate"]),
        (["x", "inputs", "tensor", "data", "values", "activations", "array", "a"], ["input"]),
        (["values", "elements", "numbers", "array"], ["data"]),
        (["input", "x", "inputs", "size", "dim", "dims", "dimensions"], ["shape"]),
        (["w", "weight", "kernel", "kernels"], ["weights"]),
        (["b", "biases", "intercept"], ["bias"]),
        (["act", "activation_function", "nonlinearity"], ["activation"]),
        (
            [
                "train", "training", "is_training", "is_train", "train_mode", "training_mode", "eval", "inference",
                "deterministic", "test",
            ], ["mode"]
        ),
        (["random_state", "random_seed", "rng_seed", "manual_seed", "key", "rng"], ["seed"]),
        (["library", "framework", "backend", "lib", "prng", "algorithm"], ["generator"]),
        (["y", "targets", "labels", "label", "y_true"], ["target"]),
        (["x_test", "test_x", "test_inputs", "test_data", "validation_input"], ["test_input"]),
        (["y_test", "test_y", "test_targets", "test_labels", "validation_target"], ["test_target"]),
        (["y", "out", "result", "y_pred"], ["output"]),
        (["lr", "eta", "step_size"], ["learning_rate"]),
        (["criterion", "cost", "loss_fn"], ["loss"]),
        (["n", "n_samples", "num_samples", "passes", "runs", "mc_samples"], ["samples"]),
        (["m", "dropout_mask", "keep_mask"], ["mask"]),
        (["u", "uniform", "random", "randoms", "noise"], ["uniforms"]),
        (["network", "model", "net"], ["layers"]),
        (["type", "precision", "data_type"], ["dtype"]),
    ]

    /// What a field is, for a reader who called it otherwise.
    private static let explanations = [
        "keep_prob": "the probability to keep", "rate": "the probability to drop", "mode": "\"train\" or \"eval\"",
        "weights": "a matrix [units, inputs]",
    ]

    /// What a field needs, for a reader who left it out.
    private static let requirements = [
        "input": "a list of numbers such as [1, 2, 3]", "layers": "a list of objects, each with `weights`",
        "weights": "a matrix [units, inputs]", "shape": "a list of whole numbers such as [4, 2]",
        "test_input": "the input of the test data, a matrix", "test_target": "the target of the test data",
        "learning_rate": "a number such as 0.01", "target": "the numbers that the output should have, or classes",
        "loss": Loss.allCases.map(\.rawValue).joined(separator: ", "),
    ]

    /// Other names of values, in lower case, by field.
    private static let values: [String: [(names: [String], value: String)]] = [
        "mode": [
            (
                [
                    "test", "testing", "inference", "infer", "evaluation", "evaluate", "predict", "prediction",
                    "validation", "false",
                ],
                "eval"
            ),
            (["training", "fit", "learn", "true"], "train"),
        ],
        "granularity": [
            (["example", "batch"], "sample"), (["feature", "neuron", "row"], "unit"), (["feature_map"], "channel"),
        ],
        "activation": [(["linear", "none"], "identity")],
        "loss": [
            (["mean_squared_error", "l2"], "mse"), (["ce", "nll", "categorical_crossentropy"], "cross_entropy"),
            (["bce"], "binary_cross_entropy"),
        ],
        "dtype": [(["double", "f64"], "float64"), (["single", "f32"], "float32")],
        "scheme": [(["standard", "original", "vanilla"], "classic")],
        "layout": [(["row_major", "batch_first"], "rows"), (["column_major"], "columns")],
        "variant": [
            (["standard", "vanilla"], "dropout"), (["alpha_dropout"], "alpha"), (["gaussian_dropout"], "gaussian"),
            (["spatial_dropout", "dropout1d", "dropout2d", "dropout3d"], "spatial"),
            (["stochastic_depth"], "drop_path"),
        ],
    ]

    /// Words for a library or a generator, in lower case, and the word that its record has.
    static let libraryWords = [
        "torch": "pytorch", "np": "numpy", "tf": "tensorflow", "paddlepaddle": "paddle", "ort": "onnxruntime",
        "threefry": "jax", "threefry2x32": "jax", "gpu": "cuda", "nvidia": "cuda", "mt19937": "legacy",
        "mersenne": "legacy", "randomstate": "legacy", "default_rng": "pcg64", "pcg": "pcg64",
    ]

    /// What to do about a field that is not in `known`: "; did you mean rate, the probability to drop?", or nothing.
    static func hint(field name: String, known: [String]) -> String {
        let small = name.count <= 64 ? name.lowercased() : name
        if known.contains(small) { return "; did you mean \(small)?" }
        for alias in fields where alias.names.contains(small) {
            let meant = alias.fields.filter(known.contains)
            if !meant.isEmpty {
                let named = meant.map { field in explanations[field].map { "\(field), \($0)," } ?? field }
                let list = named.joined(separator: " or ")
                return "; did you mean \(list.hasSuffix(",") ? String(list.dropLast()) : list)?"
            }
        }
        if let place = place(of: small, known: known) { return "; \(place)" }
        let nearest = NearestName.find(name, in: known) ?? NearestName.find(small, in: known)
        return nearest.map { "; did you mean \($0)?" } ?? ""
    }

    /// What is said about a field that is not there.
    static func requirement(_ field: String) -> String {
        "\(field) is required" + (requirements[field].map { ": \($0)" } ?? "")
    }

    /// Where a field belongs that is right in another place.
    private static func place(of name: String, known: [String]) -> String? {
        if known.contains("layers") {
            let names = [name] + fields.filter { $0.names.contains(name) }.flatMap(\.fields)
            return names.first(where: LayerFields<Double>.known.contains).map {
                "\($0) belongs to an entry of `layers`"
            }
        }
        let isElsewhere = ForwardRoute.fields.contains(name)
        if known.contains("weights"), isElsewhere { return "\(name) belongs to the question, beside `layers`" }
        if known.contains("shape"), known.contains("rate"), isElsewhere {
            return "\(name) is a field of \(ForwardRoute.route.path)"
        }
        return nil
    }

    /// What to do about a text that is no value of the field: "; did you mean eval?", or nothing.
    static func hint(value text: String, of field: String, known: [String]) -> String {
        guard text.utf8.count <= 64 else { return "" }
        let small = text.lowercased()
        let alias = values[field]?.first { $0.names.contains(small) }?.value
        let nearest = alias ?? NearestName.find(text, in: known) ?? NearestName.find(small, in: known)
        return nearest.map { "; did you mean \($0)?" } ?? ""
    }
}
