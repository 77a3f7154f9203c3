/// What a generator takes besides its seed, by the names on the wire.
package enum GeneratorParameter: String, CaseIterable, Sendable {
    case step
    case stream
    case skip
    case drawType = "draw_dtype"
    case x64
    case keyData = "key_data"
    case foldIn = "fold_in"
    case rateType = "rate_dtype"
    case path
    case call
    case drawsBeforeFork = "draws_before_fork"
    case opSeed = "op_seed"
    case philoxOffset = "offset_philox"
    case multiprocessors
    case threadsPerMultiprocessor = "threads_per_multiprocessor"
    case vectorWidth = "vector_width"
    case partitionable
    case keyType = "key_type"
    case execution
    case order
    case keepWhen = "keep_when"

    /// What it means, its range and its default.
    var meaning: String {
        switch self {
        case .step:
            """
            training step, 0 to 2^32 - 1, default 0: the same seed, another mask; JAX: folded into the key after \
            `fold_in`, unless it is 0
            """
        case .stream: "tensor inside a step, 0 to 2^32 - 1, default 0; layer k of a network has stream + k"
        case .skip:
            "what was drawn from the stream before, default 0: uniforms; PyTorch, tinygrad: 32-bit words; Paddle: 64-bit words"
        case .drawType:
            """
            type in which the uniforms are drawn: NumPy float64 (default) or float32; TensorFlow the type of x, float32 \
            (default), float64, float16 or bfloat16, with a `dtype` of 16 bits that type; CUDA the type of x, float32 (default) or float64; torch-compile the type of x; torch-rand the dtype of torch.rand, \
            float32 (default) or float64
            """
        case .x64: "whether jax_enable_x64 is on, default false: seeds keep 64 bits and a rate is float64"
        case .keyData: "jax.random.key_data(key) as a list of 32-bit words, instead of a seed"
        case .foldIn: "list of 32-bit numbers folded into the key one after the other, default []"
        case .rateType:
            "type of the probability: float32 (default), float16, bfloat16, or float64 (default with x64, only there)"
        case .path:
            """
            module names below the root down to the layer, default []; dropout k of a network has \"Dropout_k\" after \
            them, unless its layer has a path of its own
            """
        case .call:
            "how often the layer was called before (MLX, tinygrad, ONNX Runtime, MindSpore: draws before), default 0"
        case .drawsBeforeFork:
            "keys drawn from the stream before the layer forked it, default 0; dropout k of a network: + k"
        case .opSeed: "the op's own seed, as in tf.nn.dropout(..., seed=op_seed); absent: TensorFlow draws one"
        case .philoxOffset: "the CUDA generator's offset before the call, a multiple of 4, default 0"
        case .multiprocessors: "multiprocessors of the GPU, default 108 (A100); matters only for large tensors"
        case .threadsPerMultiprocessor:
            "resident threads a multiprocessor, from 256, default 2048; matters only for large tensors"
        case .partitionable:
            "whether jax_threefry_partitionable is on, default true; false is the layout before jax 0.5.0"
        case .keyType:
            """
            jax_default_prng_impl: threefry2x32 (default), rbg, philox4x32, philox2x32 or threefry4x32; on Keras \
            threefry2x32 or philox4x32
            """
        case .execution:
            """
            jit (default) or eager: how the layer was called; eager JAX divides a tensor of one element by keep, where \
            compiled code multiplies by the reciprocal
            """
        case .order:
            """
            the axes of the drawn shape from the slowest to the fastest in memory, such as [1, 0] for a transposed matrix, \
            or \"channels_last\"; default row-major
            """
        case .keepWhen: "below (default, u < keep), above (u > rate) or from (u >= rate), as the program compares"
        case .vectorWidth: "elements a thread loads at once: 1, 2, 4 (default: dense, aligned float32) or 8"
        }
    }
}
