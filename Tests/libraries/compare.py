#!/usr/bin/env python3
"""Compares the service's masks and layer outputs with the real libraries, bit for bit.

Not part of `make test`: it needs the libraries.

    python3 -m venv venv && venv/bin/pip install numpy onnx onnxruntime torch 'jax[cpu]' flax tensorflow-cpu keras 'mlx[cpu]' tinygrad
    venv/bin/python Tests/libraries/compare.py .build/release/dropoutd [NAME ...] [--record FILE]

For each library every case asks the service's `/forward` in float32 for the same seed, shape and rate and compares the mask
and all bits of the output. A library that cannot be imported is named and left out. Each library runs in a process of its own.
`--record` writes the cases, so that the default tests hold the answers without the libraries. Exit code 1: a difference.
"""
import base64
import json
import os
import struct
import subprocess
import sys

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", JAX_PLATFORMS="cpu", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="")

RECORDED = [5, 3]
MAPS = [2, 3, 5, 5]
SHAPES = [[17], RECORDED, [4, 6, 5]]
RATES = [0.04, 0.09, 0.15, 0.5, 0.7]


def inputs(shape):
    """Values with long significands and both signs, none of them 0."""
    import numpy as np

    count = int(np.prod(shape))
    return (np.arange(count, dtype=np.float32) * np.float32(0.7131) - np.float32(0.31 * count)).reshape(shape)


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
        yield "numpy-legacy-binomial", dict(seed=seed), x, rate, layer(x, 1 - kept, 0.5) * 0 + np.where(
            kept == 1, x / np.float32(keep), np.float32(0))
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
    import numpy as np
    import onnxruntime
    from onnx import TensorProto, helper

    for seed, shape, rate in cases(0, 42, -1, 2**40 + 5):
        x = inputs(shape)
        node = helper.make_node("Dropout", ["x", "ratio", "training"], ["y"], seed=seed)
        graph = helper.make_graph(
            [node], "dropout", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
            [helper.make_tensor("ratio", TensorProto.FLOAT, [], [rate]),
             helper.make_tensor("training", TensorProto.BOOL, [], [True])])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 10
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
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

    names = {"jax": None, "jax-rbg": "rbg", "jax-philox4x32": "philox4x32", "jax-philox2x32": "philox2x32",
             "jax-threefry4x32": "threefry4x32"}
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
            ("jax", "threefry2x32", 2), ("jax-rbg", "rbg", 4), ("jax-philox4x32", "philox4x32", 2),
            ("jax-philox2x32", "philox2x32", 1), ("jax-threefry4x32", "threefry4x32", 4)):
        x, key = inputs([40]), jax.random.wrap_key_data(words[:count], impl=implementation)
        mask = jax.random.bernoulli(key, 0.5, (40,))
        yield name, dict(key_data=words[:count].tolist()), x, 0.5, layer(x, mask, 0.5)


def tensorflow_cases():
    import tensorflow as tf

    for (first, second), shape, rate in cases((0, 3), (-7, 2**31 - 1), (2**40, -2**63)):
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
        yield "torch-cpu", dict(seed=seed, variant="alpha"), x, rate, functional.alpha_dropout(
            torch.from_numpy(x), rate, training=True).numpy()
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


LIBRARIES = {
    "variants": variant_cases, "keras-jax-spatial": keras_spatial_cases,
    "numpy": numpy_cases, "onnx": onnx_cases, "onnxruntime": onnxruntime_cases, "torch": torch_cases, "jax": jax_cases,
    "tensorflow": tensorflow_cases, "mlx": mlx_cases, "tinygrad": tinygrad_cases,
    "keras-numpy": lambda: keras_cases("keras-numpy", 0, 42, 2**32 - 1),
    "keras-torch": lambda: keras_cases("keras-torch", 0, 42, -1, -2**31),
    "keras-jax": lambda: keras_cases("keras-jax", 0, 42, 2**32 - 1),
    "keras-tensorflow": lambda: keras_cases("keras-tensorflow", 0, 42, -1, 2**40),
}


def bits(values):
    return [word for (word,) in struct.iter_unpack("<I", values)]


def run(library, program):
    """All cases of one library; prints one line a generator and returns the recorded cases and whether all agree."""
    import numpy as np

    counts, recorded = {}, []
    for name, own, x, rate, y in LIBRARIES[library]():
        y = np.ascontiguousarray(np.asarray(y, dtype=np.float32))
        question = dict(generator=name, rate=rate, dtype="float32", include=["output", "mask"], mask_format="packed",
                        tensor_format="base64", **own)
        question["input"] = dict(shape=list(x.shape), dtype="float32", base64=base64.b64encode(x.tobytes()).decode())
        done = subprocess.run([program, "answer", "/forward"], input=json.dumps(question).encode(), capture_output=True)
        answer = json.loads(done.stdout)
        same = done.returncode == 0 and "output" in answer and bits(
            base64.b64decode(answer["output"]["base64"])) == bits(y.tobytes())
        total, wrong = counts.get(name, (0, 0))
        counts[name] = (total + 1, wrong + (not same))
        if not same and wrong == 0:
            print(f"  first difference: {json.dumps(question)}\n  answer: {done.stdout[:400]}\n  library: {y.ravel()[:8]}")
        if list(x.shape) == RECORDED or "variant" in own:
            recorded.append(dict(
                question=dict(generator=name, rate=rate, **own), shape=list(x.shape),
                output=base64.b64encode(y.tobytes()).decode()))
    for name, (total, wrong) in counts.items():
        print(f"{name}: {total} layers, {wrong} different", flush=True)
    return recorded, not any(wrong for _, wrong in counts.values())


def main(arguments):
    if arguments[0] == "--one":
        _, library, program, file = arguments
        if library.startswith("keras-"):
            os.environ["KERAS_BACKEND"] = library.split("-")[1]
        recorded, agrees = run(library, program)
        with open(file, "w") as out:
            json.dump(recorded, out)
        return 0 if agrees else 1
    record = arguments.index("--record") if "--record" in arguments else len(arguments)
    program, names = arguments[0], arguments[1:record] or list(LIBRARIES)
    everything, failed = [], []
    for library in names:
        file = f"/tmp/dropout-{library}-{os.getpid()}.json"
        if subprocess.run([sys.executable, __file__, "--one", library, program, file]).returncode:
            failed.append(library)
        if os.path.exists(file):
            everything += json.load(open(file))
            os.remove(file)
    if record < len(arguments):
        with open(arguments[record + 1], "w") as out:
            shapes = {json.dumps(case["shape"], separators=(",", ":")): case["shape"] for case in everything}
            shared = {name: base64.b64encode(inputs(shape).tobytes()).decode() for name, shape in shapes.items()}
            lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in everything)
            out.write(f'{{"inputs":{json.dumps(shared)},"layers":[\n{lines}\n]}}\n')
    print("differences or libraries missing: " + ", ".join(failed) if failed else "all equal")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
