#!/usr/bin/env python3
"""Compares the outputs of the service's layers with those of the real libraries, bit for bit.

Not part of `make test`: it needs the libraries (see requirements.txt).

    venv/bin/python checks/libraries/compare.py .build/release/dropoutd [NAME ...] [--record FILE]

For each library every case asks the service's `/forward` for the same seed, shape and rate and compares all bits of the output:
in float32, in float64 if the library computes in it, and in float16 and bfloat16 (halves.py). Exit code 1: a difference, or a
library that cannot be imported.
`--python PATH` adds a Python with further libraries, `--skip-missing` leaves out libraries that no Python has. `--record` writes
the cases, so that the default tests hold the answers without the libraries, and `--record-halves` those of 16 bits.
"""

# ruff: noqa: B023 - each function is called before its loop goes on
# ruff: noqa: C408 - fields of a question read best as keyword arguments

import base64
import contextlib
import json
import sys

import halves
import onnx_model
import runner

RECORDED = [5, 3]
MAPS = [2, 3, 5, 5]
SHAPES = [[17], RECORDED, [4, 6, 5]]
RATES = [0.04, 0.09, 0.15, 0.5, 0.7]


def inputs(shape):
    """Values with long significands and both signs, none of them 0."""
    import numpy as np

    count = int(np.prod(shape))
    return (np.arange(count, dtype=np.float32) * np.float32(0.7131) - np.float32(0.31 * count)).reshape(shape)


def doubles(shape):
    import numpy as np

    count = int(np.prod(shape))
    return (np.arange(count) * 0.7131000000000123 - 0.31 * count).reshape(shape)


def cases(*seeds, shapes=SHAPES, rates=RATES):
    return [(seed, shape, rate) for seed in seeds for shape in shapes for rate in rates]


def numpy_cases():
    import numpy as np

    def layer(x, uniforms, keep):
        return np.where(uniforms < keep, x / np.float32(keep), np.float32(0))

    for seed, shape, rate in cases(0, 42, 2**32 - 1):
        x, keep = inputs(shape), 1 - rate
        np.random.seed(seed)
        yield "numpy-legacy", dict(seed=seed), x, rate, layer(x, np.random.rand(*shape), keep)
        kept = np.random.RandomState(seed).binomial(1, keep, shape)
        yield (
            "numpy-legacy-binomial",
            dict(seed=seed),
            x,
            rate,
            layer(x, 1 - kept, 0.5) * 0 + np.where(kept == 1, x / np.float32(keep), np.float32(0)),
        )
    for seed, shape, rate in cases(0, 42, 2**70 + 3, [1, 2, 2**40]):
        x, keep = inputs(shape), 1 - rate
        text = [str(part) for part in seed] if isinstance(seed, list) else str(seed)
        for name, make in (("numpy-pcg64", np.random.PCG64), ("numpy-philox", np.random.Philox)):
            for dtype in ("float64", "float32"):
                draws = np.random.Generator(make(seed)).random(shape, dtype=dtype)
                yield name, dict(seed=text, draw_dtype=dtype), x, rate, layer(x, draws, keep)


def onnx_cases():
    import numpy as np
    from onnx.reference.ops.op_dropout import _dropout

    for seed, shape, rate in cases(0, 42):
        x = inputs(shape)
        y = _dropout(x, np.float32(rate), seed=seed, training_mode=True)[0]
        yield "onnx-reference", dict(seed=seed), x, rate, y.astype(np.float32)


def onnxruntime_cases():
    for seed, shape, rate in cases(0, 42, -1, 2**40 + 5):
        x = inputs(shape)
        session = onnx_model.session(seed, x, rate)
        for call in range(2):
            yield "onnxruntime", dict(seed=str(seed), call=call), x, rate, session.run(None, {"x": x})[0]


def torch_cases():
    import torch

    for seed, shape, rate in cases(0, 42, -1, 2**64 - 1):
        x = inputs(shape)
        torch.manual_seed(seed)
        for call in range(2):
            y = torch.nn.functional.dropout(torch.from_numpy(x), rate).numpy()
            yield "torch-cpu", dict(seed=str(seed), skip=2 * x.size * call), x, rate, y
    for seed, shape, rate in cases(7, shapes=[[2, 3, 5], [2, 3, 4, 5], [2, 3, 2, 2, 2]]):
        x = inputs(shape)
        torch.manual_seed(seed)
        layer = {3: torch.nn.functional.dropout1d, 4: torch.nn.functional.dropout2d, 5: torch.nn.functional.dropout3d}
        y = layer[len(shape)](torch.from_numpy(x), rate).numpy()
        yield "torch-cpu", dict(seed=seed, granularity="channel"), x, rate, y


def jax_cases():
    import flax.linen
    import jax
    import numpy as np
    from flax import nnx

    def layer(x, mask, keep):
        return jax.jit(lambda x: jax.lax.select(mask, x / keep, jax.numpy.zeros_like(x)))(x)

    names = {
        "jax": None,
        "jax-rbg": "rbg",
        "jax-philox4x32": "philox4x32",
        "jax-philox2x32": "philox2x32",
        "jax-threefry4x32": "threefry4x32",
    }
    for seed, shape, rate in cases(0, 42, -5, 2**40 + 1):
        x = jax.numpy.asarray(inputs(shape))
        for name, implementation in names.items():
            key = jax.random.key(seed, impl=implementation)
            for fold in ([], [7], [7, 2**32 - 1]):
                folded = key
                for data in fold:
                    folded = jax.random.fold_in(folded, data)
                mask = jax.random.bernoulli(folded, 1 - rate, shape)
                yield name, dict(seed=str(seed), fold_in=fold), inputs(shape), rate, layer(x, mask, 1 - rate)
        with jax.threefry_partitionable(False):
            mask = jax.random.bernoulli(jax.random.key(seed), 1 - rate, shape)
        yield "jax-original", dict(seed=str(seed)), inputs(shape), rate, layer(x, mask, 1 - rate)
        for type in ("float16", "bfloat16"):
            mask = jax.random.bernoulli(jax.random.key(seed), jax.numpy.asarray(1 - rate, dtype=type), shape)
            yield "jax", dict(seed=str(seed), rate_dtype=type), inputs(shape), rate, layer(x, mask, 1 - rate)

        class Model(flax.linen.Module):
            @flax.linen.compact
            def __call__(self, x):
                return flax.linen.Dropout(rate, deterministic=False, name="inner")(x)

        y = Model().apply({}, x, rngs={"dropout": jax.random.key(seed)})
        yield "flax-linen", dict(seed=str(seed), path=["inner"]), inputs(shape), rate, y
        dropout = nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))
        for call in range(2):
            yield "flax-nnx", dict(seed=str(seed), call=call), inputs(shape), rate, dropout(x)
    words = np.array([1, 2, 3, 4], np.uint32)
    for name, implementation, count in (
        ("jax", "threefry2x32", 2),
        ("jax-rbg", "rbg", 4),
        ("jax-philox4x32", "philox4x32", 2),
        ("jax-philox2x32", "philox2x32", 1),
        ("jax-threefry4x32", "threefry4x32", 4),
    ):
        x, key = inputs([40]), jax.random.wrap_key_data(words[:count], impl=implementation)
        mask = jax.random.bernoulli(key, 0.5, (40,))
        yield name, dict(key_data=words[:count].tolist()), x, 0.5, layer(x, mask, 0.5)


def tensorflow_cases():
    import tensorflow as tf

    for (first, second), shape, rate in cases((0, 3), (-7, 2**31 - 1), (2**40, -(2**63))):
        x = tf.constant(inputs(shape))
        pair = [str(first), str(second)]
        y = tf.nn.experimental.stateless_dropout(x, rate, seed=[first, second], rng_alg="philox")
        yield "tf-stateless", dict(seed=pair), inputs(shape), rate, y.numpy()
    for (first, second), shape, rate in cases((0, 3), (42, 2**31 - 1), (-7, 5)):
        x = tf.constant(inputs(shape))
        for name, algorithm in (("philox", "philox"), ("threefry", "threefry"), ("auto", "auto_select")):

            @tf.function(jit_compile=True)
            def compiled(x, seed):
                return tf.nn.experimental.stateless_dropout(x, rate, seed=seed, rng_alg=algorithm)

            y = compiled(x, tf.constant([first, second], tf.int32)).numpy()
            yield f"tf-stateless-xla-{name}", dict(seed=[first, second]), inputs(shape), rate, y
    for seed, shape, rate in cases(0, 42, -3):
        x = tf.constant(inputs(shape))
        for op_seed in (None, 0, 9):
            tf.random.set_seed(seed)
            for call in range(2):
                y = tf.nn.dropout(x, rate, seed=op_seed).numpy()
                own = {} if op_seed is None else dict(op_seed=op_seed)
                yield "tf-dropout", dict(seed=seed, call=call, **own), inputs(shape), rate, y


def keras_cases(name, *seeds):
    import keras

    for seed, shape, rate in cases(*seeds):
        dropout = keras.layers.Dropout(rate, seed=seed)
        x = keras.ops.convert_to_tensor(inputs(shape))
        for call in range(2):
            y = keras.ops.convert_to_numpy(dropout(x, training=True))
            yield name, dict(seed=str(seed), call=call), inputs(shape), rate, y


def mlx_cases():
    import mlx.core
    import mlx.nn
    import numpy as np

    for seed, shape, rate in cases(0, 42, 2**64 - 1):
        mlx.core.random.seed(seed)
        for call in range(2):
            y = mlx.nn.Dropout(rate)(mlx.core.array(inputs(shape)))
            yield "mlx", dict(seed=str(seed), call=call), inputs(shape), rate, np.array(y)


def tinygrad_cases():
    from tinygrad import Tensor
    from tinygrad.helpers import Context

    for seed, shape, rate in cases(0, 42, -1, 2**63):
        Tensor.manual_seed(seed)
        with Context(TRAINING=1):
            for call in range(2):
                y = Tensor(inputs(shape)).dropout(rate).numpy()
                yield "tinygrad", dict(seed=str(seed), call=call), inputs(shape), rate, y


def variant_cases():
    import timm.layers
    import torch
    import torchvision

    functional = torch.nn.functional
    for seed, rate in ((seed, rate) for seed in (0, 42) for rate in RATES):
        x = inputs(RECORDED)
        torch.manual_seed(seed)
        yield (
            "torch-cpu",
            dict(seed=seed, variant="alpha"),
            x,
            rate,
            functional.alpha_dropout(torch.from_numpy(x), rate, training=True).numpy(),
        )
        torch.manual_seed(seed)
        path = dict(seed=seed, variant="drop_path", layout="rows")
        yield "torch-cpu", path, x, rate, timm.layers.drop_path(torch.from_numpy(x), rate, training=True).numpy()
        for mode, granularity in (("row", "sample"), ("batch", "batch")):
            torch.manual_seed(seed)
            y = torchvision.ops.stochastic_depth(torch.from_numpy(x), rate, mode).numpy()
            yield "torch-cpu", dict(path, granularity=granularity), x, rate, y
        x = inputs(MAPS)
        torch.manual_seed(seed)
        y = functional.feature_alpha_dropout(torch.from_numpy(x), rate, training=True).numpy()
        yield "torch-cpu", dict(seed=seed, variant="alpha", granularity="channel"), x, rate, y
        torch.manual_seed(seed)
        y = functional.dropout2d(torch.from_numpy(x), rate).numpy()
        yield "torch-cpu", dict(seed=seed, variant="spatial"), x, rate, y
        for size in (1, 3, 5, 9):
            for shape in (MAPS, [2, 1, 3, 5, 4]):
                x = inputs(shape)
                block = torchvision.ops.drop_block2d if len(shape) == 4 else torchvision.ops.drop_block3d
                torch.manual_seed(seed)
                # An even block size, after it is cut to the feature map, is refused there.
                if min(size, *shape[2:]) % 2:
                    y = block(torch.from_numpy(x.copy()), rate / 2, size).numpy()
                    yield "torch-cpu", dict(seed=seed, variant="drop_block", block_size=size), x, rate / 2, y


def keras_spatial_cases():
    import keras

    for seed, rate in ((seed, rate) for seed in (0, 42) for rate in RATES):
        for layout in ("channels_first", "channels_last"):
            x = inputs(MAPS)
            y = keras.layers.SpatialDropout2D(rate, data_format=layout, seed=seed)(x, training=True)
            yield "keras-jax", dict(seed=seed, variant="spatial", data_format=layout), x, rate, y


def torch_compile_cases():
    import torch

    functional = torch.nn.functional
    torch.set_num_threads(1)
    for shape in SHAPES:
        torch._dynamo.reset()
        layer = torch.compile(lambda x: [functional.dropout(x, rate) for rate in RATES], dynamic=False)
        for double in (False, True):
            x = doubles(shape) if double else inputs(shape)
            for seed in (0, 42, -1, 2**64 - 1):
                torch.manual_seed(seed)
                for call in range(2):
                    for number, y in enumerate(layer(torch.from_numpy(x))):
                        own = dict(seed=str(seed), skip=2 * (len(RATES) * call + number))
                        if double:
                            own.update(draw_dtype="float64")
                        yield "torch-compile", own, x, RATES[number], y.numpy()


def torch_double_cases():
    import torch

    for seed, shape, rate in cases(0, 42):
        x = doubles(shape)
        torch.manual_seed(seed)
        yield "torch-cpu", dict(seed=seed), x, rate, torch.nn.functional.dropout(torch.from_numpy(x), rate).numpy()


def jax_mode_cases():
    """One element, where eager JAX divides, and the modes that change keys and types."""
    import flax.linen
    import jax
    from flax import nnx

    for seed, shape, rate in cases(0, 3, 42, shapes=[[], [1], [1, 1], RECORDED]):
        # The mode's outputs are not recorded, so their input need not be the one that all records share.
        x = (inputs(shape) + 1.2345).astype("float32")
        linen = flax.linen.Dropout(rate, deterministic=False)

        def draw(x, linen=linen, seed=seed):
            return linen.apply({}, x, rngs={"dropout": jax.random.key(seed)})

        own = dict(seed=seed, path=[])
        yield "flax-linen", dict(own, execution="eager"), x, rate, draw(jax.numpy.asarray(x))
        yield "flax-linen", dict(own, execution="jit"), x, rate, jax.jit(draw)(jax.numpy.asarray(x))
        y = nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))(jax.numpy.asarray(x))
        yield "flax-nnx", dict(seed=seed, execution="eager"), x, rate, y
        modes = [(jax.enable_x64(True), dict(x64=True)), (jax.threefry_partitionable(False), dict(partitionable=False))]
        for name in ("rbg", "philox4x32", "philox2x32", "threefry4x32"):
            modes.append((jax.default_prng_impl(name), dict(key_type=name)))
        for mode, fields in modes:
            with mode:
                for values in (x, doubles(shape) + 1.2345) if "x64" in fields else (x,):
                    y = draw(jax.numpy.asarray(values))
                    yield "flax-linen", dict(own, execution="eager", **fields), values, rate, y
                    y = nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))(jax.numpy.asarray(values))
                    yield "flax-nnx", dict(seed=seed, execution="eager", **fields), values, rate, y


def keras_jax_mode_cases():
    import jax
    import keras

    for seed, shape, rate in cases(0, 42, shapes=[[1], RECORDED]):
        modes = [
            (contextlib.nullcontext(), {}),
            (jax.enable_x64(True), dict(x64=True)),
            (jax.threefry_partitionable(False), dict(partitionable=False)),
            (jax.default_prng_impl("philox4x32"), dict(key_type="philox4x32")),
        ]
        for mode, fields in modes:
            with mode:
                for double in (False, True) if "x64" in fields else (False,):
                    x = doubles(shape) + 1.2345 if double else (inputs(shape) + 1.2345).astype("float32")
                    type = "float64" if double else "float32"
                    layer = keras.layers.Dropout(rate, seed=seed, dtype=type)
                    y = keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(x, dtype=type), training=True))
                    yield "keras-jax", dict(seed=seed, execution="eager", **fields), x, rate, y


def keras_double_cases(name):
    import keras

    for seed, shape, rate in cases(0, 42):
        x = doubles(shape)
        layer = keras.layers.Dropout(rate, seed=seed, dtype="float64")
        y = keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(x, dtype="float64"), training=True))
        own = dict(draw_dtype="float64") if name == "keras-tensorflow" else {}
        yield name, dict(seed=seed, **own), x, rate, y


def paddle_cases():
    import paddle

    functional = paddle.nn.functional
    for seed, shape, rate in cases(0, 42, 2**64 - 1):
        for x in (inputs(shape), doubles(shape)):
            paddle.seed(seed)
            for call in range(2):
                y = functional.dropout(paddle.to_tensor(x), rate).numpy()
                yield "paddle", dict(seed=str(seed), skip=x.size * call), x, rate, y


def mindspore_cases():
    import mindspore

    mindspore.set_device("CPU")
    for seed, shape, rate in cases(0, 42, 2**32 - 1):
        for x in (inputs(shape), doubles(shape)):
            mindspore.set_seed(seed)
            for call in range(2):
                y = mindspore.ops.dropout(mindspore.Tensor(x), p=rate).asnumpy()
                yield "mindspore", dict(seed=seed, call=call), x, rate, y


# From the name of a run to its cases and to the modules that it needs.
LIBRARIES = {
    "numpy": (numpy_cases, ["numpy"]),
    "onnx": (onnx_cases, ["onnx"]),
    "onnxruntime": (onnxruntime_cases, ["onnx", "onnxruntime"]),
    "torch": (torch_cases, ["torch"]),
    "torch-double": (torch_double_cases, ["torch"]),
    "torch-compile": (torch_compile_cases, ["torch"]),
    "torch-variants": (variant_cases, ["torch", "timm", "torchvision"]),
    "jax": (jax_cases, ["jax", "flax"]),
    "jax-modes": (jax_mode_cases, ["jax", "flax"]),
    "tensorflow": (tensorflow_cases, ["tensorflow"]),
    "mlx": (mlx_cases, ["mlx"]),
    "tinygrad": (tinygrad_cases, ["tinygrad"]),
    "paddle": (paddle_cases, ["paddle"]),
    "mindspore": (mindspore_cases, ["mindspore"]),
    "keras-numpy": (lambda: keras_cases("keras-numpy", 0, 42, 2**32 - 1), ["keras", "scipy"]),
    "keras-torch": (lambda: keras_cases("keras-torch", 0, 42, -1, -(2**31)), ["keras", "torch"]),
    "keras-jax": (lambda: keras_cases("keras-jax", 0, 42, 2**32 - 1), ["keras", "jax"]),
    "keras-tensorflow": (lambda: keras_cases("keras-tensorflow", 0, 42, -1, 2**40), ["keras", "tensorflow"]),
    "keras-jax-spatial": (keras_spatial_cases, ["keras", "jax"]),
    "keras-jax-modes": (keras_jax_mode_cases, ["keras", "jax"]),
    "keras-numpy-double": (lambda: keras_double_cases("keras-numpy"), ["keras", "scipy"]),
    "keras-torch-double": (lambda: keras_double_cases("keras-torch"), ["keras", "torch"]),
    "keras-tensorflow-double": (lambda: keras_double_cases("keras-tensorflow"), ["keras", "tensorflow"]),
    **halves.LIBRARIES,
}


def run(library, program):
    """All cases of one library; prints one line a generator and returns the recorded cases and the counts."""
    import numpy as np

    counts, recorded, halves_recorded = {}, [], []
    with runner.Service(program) as service:
        for name, own, x, rate, y in LIBRARIES[library][0]():
            type = str(x.dtype)
            y = np.ascontiguousarray(np.asarray(y))
            if y.dtype != x.dtype:
                raise AssertionError(f"{name}: {type} became {y.dtype}")
            question = dict(generator=name, rate=rate, dtype=type, include=["output"], tensor_format="base64", **own)
            question["input"] = dict(shape=list(x.shape), dtype=type, base64=base64.b64encode(x.tobytes()).decode())
            status, answer = service.ask("/forward", question)
            output = base64.b64encode(y.tobytes()).decode()
            same = status == 200 and answer["output"]["base64"] == output
            total, wrong = counts.get(name, (0, 0))
            counts[name] = (total + 1, wrong + (not same))
            if not same and wrong == 0:
                text = answer.get("error") or answer
                print(f"  first difference: {json.dumps(question)}\n  answer: {text}\n  library: {output}")
            if type in halves.TYPES and list(x.shape) in ([1], RECORDED):
                case = dict(question=dict(generator=name, rate=rate, dtype=type, **own), shape=list(x.shape))
                halves_recorded.append(case | dict(input=question["input"]["base64"], output=output))
            if np.array_equal(x, inputs(x.shape)) and type == "float32" and (list(x.shape) == RECORDED or "variant" in own):
                recorded.append(dict(question=dict(generator=name, rate=rate, **own), shape=list(x.shape), output=output))
    for name, (total, wrong) in counts.items():
        print(f"{library}: {name}: {total} layers, {wrong} different", flush=True)
    return dict(recorded=recorded, halves=halves_recorded, counts=counts)


def main():
    if sys.argv[1] == "--one":
        _, _, library, file, program = sys.argv
        result = run(library, program)
        with open(file, "w") as out:
            json.dump(result, out)
        return 1 if any(wrong for _, wrong in result["counts"].values()) else 0
    parser = runner.parser(__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("names", nargs="*", metavar="NAME", help="runs, default all: " + ", ".join(LIBRARIES))
    parser.add_argument("--record", metavar="FILE", help="write the cases of small shapes")
    parser.add_argument("--record-halves", metavar="FILE", help="write the cases of 16 bits of small shapes")
    options = parser.parse_intermixed_args()
    for name in options.names:
        if name not in LIBRARIES:
            parser.error(f"no run {name}; there are {', '.join(LIBRARIES)}")
    modules = {name: modules for name, (_, modules) in LIBRARIES.items()}
    results, failed, left_out = runner.run_each(
        __file__,
        modules,
        [options.program],
        options.names or list(LIBRARIES),
        runner.Pythons(options.python),
        options.skip_missing,
    )
    everything = [case for result in results.values() for case in result["recorded"]]
    if options.record:
        shapes = {json.dumps(case["shape"], separators=(",", ":")): case["shape"] for case in everything}
        shared = {name: base64.b64encode(inputs(shape).tobytes()).decode() for name, shape in shapes.items()}
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in everything)
        with open(options.record, "w") as out:
            out.write(f'{{"inputs":{json.dumps(shared)},"layers":[\n{lines}\n]}}\n')
    if options.record_halves:
        cases = [case for result in results.values() for case in result["halves"]]
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        with open(options.record_halves, "w") as out:
            out.write(f'{{"layers":[\n{lines}\n]}}\n')
    counts = [count for result in results.values() for count in result["counts"].values()]
    print(f"{sum(total for total, _ in counts)} layers, {sum(wrong for _, wrong in counts)} different")
    return runner.summary(failed, left_out)


if __name__ == "__main__":
    sys.exit(main())
