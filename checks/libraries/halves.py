"""Layers of the libraries on tensors of float16 and bfloat16, for compare.py.

Each case is a generator, its fields, an input, a rate and the output of the library's layer in the same type.
"""

# ruff: noqa: B023 - each function is called before its loop goes on
# ruff: noqa: C408 - fields of a question read best as keyword arguments

import onnx_model

SHAPES = [[17], [5, 3], [4, 6, 5]]
RATES = [0.04, 0.09, 0.15, 0.5, 0.7]
TYPES = ["float16", "bfloat16"]


def dtype(name):
    import ml_dtypes
    import numpy as np

    return np.dtype(np.float16 if name == "float16" else ml_dtypes.bfloat16)


def inputs(shape, name):
    """Values with all bits of the type and both signs, none of them 0."""
    import numpy as np

    count = int(np.prod(shape))
    return (
        (np.arange(count, dtype=np.float32) * np.float32(0.7131) - np.float32(0.31 * count + 0.1))
        .reshape(shape)
        .astype(dtype(name))
    )


def cases(*seeds, shapes=SHAPES, rates=RATES, types=TYPES):
    return [(type, seed, shape, rate) for type in types for seed in seeds for shape in shapes for rate in rates]


def narrow(y, type):
    """A float32 array with numbers of the type, as the type."""
    import numpy as np

    narrowed = np.asarray(y, np.float32).astype(dtype(type))
    assert np.array_equal(narrowed.astype(np.float32), y, equal_nan=True)
    return narrowed


def numpy_cases():
    import numpy as np

    for type, seed, shape, rate in cases(0, 42, 7, 2**32 - 1):
        x, keep = inputs(shape, type), 1 - rate
        np.random.seed(seed)
        y = np.where(np.random.rand(*shape) < keep, x / x.dtype.type(keep), x.dtype.type(0))
        yield "numpy-legacy", dict(seed=seed), x, rate, y
        kept = np.random.default_rng(seed).random(shape) < keep
        yield "numpy-pcg64", dict(seed=seed), x, rate, np.where(kept, x / x.dtype.type(keep), x.dtype.type(0))


def onnx_cases():
    """The reference gives float32 for a ratio of float32. Its output is rounded to the type of x."""
    import numpy as np
    from onnx.reference.ops.op_dropout import _dropout

    for type, seed, shape, rate in cases(0, 42, 7, 9):
        x = inputs(shape, type)
        y = _dropout(x, np.float32(rate), seed=seed, training_mode=True)[0]
        yield "onnx-reference", dict(seed=seed), x, rate, y.astype(x.dtype)


def onnxruntime_cases():
    """The CPU provider has no kernel for bfloat16."""
    for type, seed, shape, rate in cases(0, 42, -1, 2**40 + 5, types=["float16"]):
        x = inputs(shape, type)
        session = onnx_model.session(seed, x, rate)
        for call in range(2):
            yield "onnxruntime", dict(seed=str(seed), call=call), x, rate, session.run(None, {"x": x})[0]


def torch_tensor(x):
    import torch

    return torch.from_numpy(x.astype("float32")).to(getattr(torch, str(x.dtype)))


def torch_cases():
    import torch

    functional = torch.nn.functional
    for type, seed, shape, rate in cases(0, 42, -1, 2**64 - 1):
        x = inputs(shape, type)
        torch.manual_seed(seed)
        for call in range(2):
            y = functional.dropout(torch_tensor(x), rate)
            yield "torch-cpu", dict(seed=str(seed), skip=2 * x.size * call), x, rate, narrow(y.float().numpy(), type)
        torch.manual_seed(seed)
        y = functional.alpha_dropout(torch_tensor(x), rate, training=True)
        yield "torch-cpu", dict(seed=str(seed), variant="alpha"), x, rate, narrow(y.float().numpy(), type)
        torch.manual_seed(seed)
        t = torch_tensor(x)
        y = torch.where(torch.rand(shape) < 1 - rate, t / torch.tensor(1 - rate, dtype=t.dtype), torch.zeros_like(t))
        yield "torch-rand", dict(seed=str(seed)), x, rate, narrow(y.float().numpy(), type)


def torch_compile_cases():
    import torch

    torch.set_num_threads(1)
    for type in TYPES:
        for shape in SHAPES:
            torch._dynamo.reset()
            layer = torch.compile(lambda x: [torch.nn.functional.dropout(x, rate) for rate in RATES], dynamic=False)
            x = inputs(shape, type)
            for seed in (0, 42, -1, 2**64 - 1):
                torch.manual_seed(seed)
                for call in range(2):
                    for number, y in enumerate(layer(torch_tensor(x))):
                        own = dict(seed=str(seed), skip=2 * (len(RATES) * call + number))
                        yield "torch-compile", own, x, RATES[number], narrow(y.float().numpy(), type)


def jax_cases():
    import flax.linen
    import jax
    from flax import nnx

    for type, seed, shape, rate in cases(0, 42, -5, 2**40 + 1, shapes=[[1], *SHAPES]):
        x = inputs(shape, type)
        given = jax.numpy.asarray(x)
        mask = jax.random.bernoulli(jax.random.key(seed), 1 - rate, shape)
        y = jax.jit(lambda x: jax.lax.select(mask, x / (1 - rate), jax.numpy.zeros_like(x)))(given)
        yield "jax", dict(seed=str(seed)), x, rate, y
        linen = flax.linen.Dropout(rate, deterministic=False)

        def draw(x):
            return linen.apply({}, x, rngs={"dropout": jax.random.key(seed)})

        yield "flax-linen", dict(seed=str(seed), path=[], execution="eager"), x, rate, draw(given)
        yield "flax-linen", dict(seed=str(seed), path=[], execution="jit"), x, rate, jax.jit(draw)(given)
        y = nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))(given)
        yield "flax-nnx", dict(seed=str(seed), execution="eager"), x, rate, y


def tensorflow_cases():
    import tensorflow as tf

    for type, seed, shape, rate in cases(0, 3, -7, 2**40):
        x = inputs(shape, type)
        y = tf.nn.experimental.stateless_dropout(tf.constant(x), rate, seed=[seed, 5], rng_alg="philox")
        yield "tf-stateless", dict(seed=[str(seed), "5"]), x, rate, y.numpy()
        tf.random.set_seed(seed)
        for call in range(2):
            y = tf.nn.dropout(tf.constant(x), rate, seed=9).numpy()
            yield "tf-dropout", dict(seed=str(seed), op_seed=9, call=call), x, rate, y
    for type, seed, shape, rate in cases(0, 42, 7, 9, 11, shapes=[[5, 3], [17]]):
        x = inputs(shape, type)
        for name, algorithm in (("philox", "philox"), ("threefry", "threefry"), ("auto", "auto_select")):

            @tf.function(jit_compile=True)
            def compiled(x, seed):
                return tf.nn.experimental.stateless_dropout(x, rate, seed=seed, rng_alg=algorithm)

            y = compiled(tf.constant(x), tf.constant([seed, 3], tf.int32)).numpy()
            yield f"tf-stateless-xla-{name}", dict(seed=[seed, 3]), x, rate, y


def keras_cases(name):
    import keras

    for type, seed, shape, rate in cases(0, 42, 7, 2**31 - 1):
        x = inputs(shape, type)
        layer = keras.layers.Dropout(rate, seed=seed, dtype=type)
        for call in range(2):
            # The way back to NumPy goes by float32, which PyTorch and TensorFlow have in common with it.
            y = layer(keras.ops.cast(keras.ops.convert_to_tensor(x.astype("float32")), type), training=True)
            y = keras.ops.convert_to_numpy(keras.ops.cast(y, "float32"))
            yield name, dict(seed=str(seed), call=call), x, rate, narrow(y, type)


def mlx_cases():
    import mlx.core
    import mlx.nn
    import numpy as np

    for type, seed, shape, rate in cases(0, 42, 7, 2**64 - 1):
        x = inputs(shape, type)
        mlx.core.random.seed(seed)
        given = mlx.core.array(x.astype("float32")).astype(getattr(mlx.core, type))
        for call in range(2):
            y = mlx.nn.Dropout(rate)(given)
            yield "mlx", dict(seed=str(seed), call=call), x, rate, narrow(np.array(y.astype(mlx.core.float32)), type)


def tinygrad_cases():
    from tinygrad import Tensor, dtypes
    from tinygrad.helpers import Context

    for type, seed, shape, rate in cases(0, 42, -1, 2**63):
        x = inputs(shape, type)
        Tensor.manual_seed(seed)
        given = Tensor(x.astype("float32")).cast(getattr(dtypes, type)).realize()
        with Context(TRAINING=1):
            for call in range(2):
                # Not fused with the cast, which would leave the rounding out.
                y = given.dropout(rate).realize().cast(dtypes.float32).numpy()
                yield "tinygrad", dict(seed=str(seed), call=call), x, rate, narrow(y, type)


LIBRARIES = {
    "numpy-half": (numpy_cases, ["numpy", "ml_dtypes"]),
    "onnx-half": (onnx_cases, ["onnx", "ml_dtypes"]),
    "onnxruntime-half": (onnxruntime_cases, ["onnx", "onnxruntime", "ml_dtypes"]),
    "torch-half": (torch_cases, ["torch", "ml_dtypes"]),
    "torch-compile-half": (torch_compile_cases, ["torch", "ml_dtypes"]),
    "jax-half": (jax_cases, ["jax", "flax", "ml_dtypes"]),
    "tensorflow-half": (tensorflow_cases, ["tensorflow", "ml_dtypes"]),
    "mlx-half": (mlx_cases, ["mlx", "ml_dtypes"]),
    "tinygrad-half": (tinygrad_cases, ["tinygrad", "ml_dtypes"]),
    "keras-numpy-half": (lambda: keras_cases("keras-numpy"), ["keras", "scipy", "ml_dtypes"]),
    "keras-torch-half": (lambda: keras_cases("keras-torch"), ["keras", "torch", "ml_dtypes"]),
    "keras-jax-half": (lambda: keras_cases("keras-jax"), ["keras", "jax", "ml_dtypes"]),
    "keras-tensorflow-half": (lambda: keras_cases("keras-tensorflow"), ["keras", "tensorflow", "ml_dtypes"]),
}
