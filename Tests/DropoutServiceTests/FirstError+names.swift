extension FirstError {
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
        FirstError(
            "A seed and a state are given", "/mask",
            #"{"shape":[2],"rate":0.5,"generator":"mlx","seed":1,"state":[1,2]}"#,
            at: "/seed", "give `seed` or `state`, not both"),
        FirstError(
            "A seed and the words of a key are given", "/mask",
            #"{"shape":[2],"rate":0.5,"generator":"jax","seed":1,"key_data":[1,2]}"#,
            at: "/seed", "give `seed` or `key_data`, not both"),
    ]
}
