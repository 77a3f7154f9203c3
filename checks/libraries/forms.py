#!/usr/bin/env python3
"""Draws the masks of every row of "Find your code" in docs/generators.md with the real libraries, and compares them.

Not part of `make test`: it needs the libraries (see requirements.txt).

    venv/bin/python checks/libraries/forms.py .build/release/dropoutd [NAME ...]

A case names a row by a part of its code and gives the letters of the row. The request is made from the row's own fields, so a
wrong row is found. Exit code 1: a difference, a row that was not run, or a library that cannot be imported. `--python PATH` adds
a Python with further libraries, `--skip-missing` leaves out libraries that no Python has.
"""

# ruff: noqa: B023 - each function is called before its loop goes on
# ruff: noqa: C408 - letters of a row read best as keyword arguments

import base64
import json
import pathlib
import random
import re
import sys

import runner

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "generators.md"
ROW = re.compile(r"^\| (.+?) \| `(generator=[^`]+)` \|$", re.MULTILINE)
# Rows that need a machine or a version that is not here. Vectors in the default tests have their masks.
NOT_RUN = ["PyTorch up to 2.6", "CUDA GPU"]
RATES = [0.09, 0.3, 0.5, 0.65]
LISTS = {"shape", "noise_shape", "path", "fold_in", "key_data"}


def rows():
    text = PAGE.read_text(encoding="utf-8").split("\n## Find your code\n")[1].split("\n## ")[0]
    found = ROW.findall(text)
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| ---", "| your"))]
    if len(found) != len(lines):
        sys.exit(f"forms: {len(lines)} rows, {len(found)} of them with a request")
    return found


def value(name, text, letters):
    """The value that a row writes for a field, with its letters replaced."""
    if name == "generator":
        return text.replace("-B", "-" + letters.get("B", "B"))
    try:
        result = eval(text, {"__builtins__": {}, "random": random}, letters)
    except (NameError, SyntaxError):
        result = tuple(text.split(",")) if "," in text else text
    result = {"true": True, "false": False}.get(result, result)
    if isinstance(result, tuple):
        result = list(result)
    elif name in LISTS:
        result = [result]
    if name == "seed" and not isinstance(result, list):
        result = str(result)
    return result


def question(fields, letters, shape, probability):
    made = dict(shape=list(shape), **probability)
    for part in fields.split("&"):
        name, text = part.split("=", 1)
        made[name] = value(name, text, letters)
    return made


def each(*seeds, shapes=((5, 3), (4, 6, 5))):
    return [(seed, shape, rate) for seed in seeds for shape in shapes for rate in RATES]


def numpy_forms():
    import numpy as np
    import scipy.stats

    for s, shape, rate in each(0, 42, 2**32 - 1):
        keep = 1 - rate
        by_keep, by_rate = dict(keep_prob=keep), dict(rate=rate)
        np.random.seed(s)
        yield "np.random.rand(*shape) < keep", dict(s=s, n=0), shape, by_keep, np.random.rand(*shape) < keep
        n = int(np.prod(shape))
        mask = np.random.uniform(size=shape) < keep
        yield "np.random.uniform(size=shape)", dict(s=s, n=n), shape, by_keep, mask
        yield "`np.random.rand(*shape) > rate`", dict(s=s, n=2 * n), shape, by_rate, np.random.rand(*shape) > rate
        yield "`np.random.rand(*shape) >= rate`", dict(s=s, n=3 * n), shape, by_rate, np.random.rand(*shape) >= rate
        mask = np.random.choice([0, 1], shape, p=[rate, 1 - rate])
        yield "np.random.choice([0, 1]", dict(s=s, n=4 * n), shape, by_rate, mask
        np.random.seed([s, 7])
        yield "np.random.seed([a, b])", dict(a=s, b=7), shape, by_keep, np.random.rand(*shape) < keep
        mask = np.random.RandomState([7, s]).rand(*shape) < keep
        yield "np.random.RandomState([a, b])", dict(a=7, b=s), shape, by_keep, mask
        np.random.seed(s)
        yield "np.random.binomial(1, keep, shape)", dict(s=s), shape, by_keep, np.random.binomial(1, keep, shape)
        mask = scipy.stats.bernoulli.rvs(keep, size=shape, random_state=s)
        yield "rvs(keep, size=shape, random_state=s)", dict(s=s), shape, by_keep, mask
        rng = np.random.default_rng(s)
        yield "`rng.random(shape) < keep`", dict(s=s, n=0), shape, by_keep, rng.random(shape) < keep
        yield "`rng.random(shape) < keep`", dict(s=s, n=n), shape, by_keep, rng.random(shape) < keep
        rng = np.random.default_rng(s)
        yield "`rng.random(shape) > rate`", dict(s=s), shape, by_rate, rng.random(shape) > rate
        mask = np.random.default_rng(s).random(shape, dtype="float32") < keep
        yield "`rng.random(shape, dtype", dict(s=s), shape, by_keep, mask
        mask = np.random.default_rng(s).choice([0, 1], shape, p=[rate, 1 - rate])
        yield "`rng.choice(", dict(s=s), shape, by_rate, mask
        row = "rng.binomial(" if keep > 0.5 else "the same, `keep` up to 1/2"
        yield row, dict(s=s), shape, by_keep, np.random.default_rng(s).binomial(1, keep, shape)
        mask = scipy.stats.bernoulli.rvs(keep, size=shape, random_state=np.random.default_rng(s))
        yield row, dict(s=s), shape, by_keep, mask
        for i, child in enumerate(np.random.SeedSequence(s).spawn(3)):
            mask = np.random.default_rng(child).random(shape) < keep
            yield "np.random.SeedSequence(s).spawn(k)[i]", dict(s=s, i=i), shape, by_keep, mask
        mask = np.random.default_rng(s).spawn(3)[2].random(shape) < keep
        yield "np.random.default_rng(s).spawn(k)[i]", dict(s=s, i=2), shape, by_keep, mask
        mask = np.random.Generator(np.random.Philox(s)).random(shape) < keep
        yield "np.random.Philox(s)", dict(s=s), shape, by_keep, mask


def onnx_forms():
    import numpy as np
    from onnx.reference.ops.op_dropout import _dropout

    for s, shape, rate in each(0, 42):
        y = _dropout(np.ones(shape, np.float32), np.float32(rate), seed=s, training_mode=True)[0]
        yield "ONNX's backend tests", dict(s=s), shape, dict(rate=rate), y > 0


def onnxruntime_forms():
    import numpy as np
    import onnxruntime
    from onnx import TensorProto, helper

    def session(shape, rate, **attributes):
        node = helper.make_node("Dropout", ["x", "ratio", "training"], ["y"], **attributes)
        graph = helper.make_graph(
            [node],
            "dropout",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
            [
                helper.make_tensor("ratio", TensorProto.FLOAT, [], [rate]),
                helper.make_tensor("training", TensorProto.BOOL, [], [True]),
            ],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 10
        made = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return lambda: made.run(None, {"x": np.ones(shape, np.float32)})[0] > 0

    for s, shape, rate in each(0, 42, -1, 2**40 + 5):
        run = session(shape, rate, seed=s)
        for c in range(2):
            yield "with the attribute `seed=s`", dict(s=s, c=c), shape, dict(rate=rate), run()
        onnxruntime.set_seed(s)
        runs = [session(shape, rate), session(shape, rate)]
        for c in range(4):
            yield "onnxruntime.set_seed(s)", dict(s=s, c=c), shape, dict(rate=rate), runs[c % 2]()


def torch_forms():
    import torch

    functional, nn = torch.nn.functional, torch.nn

    def begin(s):
        """Takes the 15 words of a Linear(4, 3)."""
        torch.manual_seed(s)
        nn.Linear(4, 3)

    for s, shape, rate in each(0, 42, -1, 2**64 - 1, shapes=((5, 3), (4, 6, 5), (2, 3, 4, 5), (2, 3, 2, 2, 4))):
        keep, x, letters = 1 - rate, torch.ones(shape), dict(s=s, w=15)
        by_rate, by_keep = dict(rate=rate), dict(keep_prob=keep)

        def drawn(draw, s=s):
            begin(s)
            return (draw() > 0).numpy()

        yield (
            "| `F.dropout(x, rate)`, `nn.Dropout(rate)(x)` | `generator=torch-cpu&seed=s&skip=w`",
            letters,
            shape,
            by_rate,
            drawn(lambda: functional.dropout(x, rate)),
        )
        yield (
            "| `F.dropout(x, rate)`, `nn.Dropout(rate)(x)` | `generator=torch-cpu&seed=s&skip=w`",
            letters,
            shape,
            by_rate,
            drawn(lambda: nn.Dropout(rate)(x)),
        )
        if len(shape) == 2:
            y = torch.ones(shape[::-1]).t()
            yield "F.dropout(x.t(), rate)", letters, shape, by_rate, drawn(lambda: functional.dropout(y, rate))
        if len(shape) == 4:
            y = x.to(memory_format=torch.channels_last)
            yield "channels_last", letters, shape, by_rate, drawn(lambda: functional.dropout(y, rate))
        if len(shape) == 3:
            y = torch.ones(shape[1], shape[0], shape[2]).transpose(0, 1)
            yield "F.dropout(x.transpose(0, 1)", letters, shape, by_rate, drawn(lambda: functional.dropout(y, rate))
        if len(shape) >= 3:
            name = f"dropout{len(shape) - 2}d"
            layer = getattr(functional, name)
            yield "`F.dropout1d(x, rate)`, `F.dropout2d", letters, shape, by_rate, drawn(lambda: layer(x, rate))
        if len(shape) == 4:
            n, heads, time, source = shape
            sizes = dict(letters, N=n, H=heads, T=time, S=source)
            q, k = torch.randn(n, heads, time, 8), torch.randn(n, heads, source, 8)
            v = torch.eye(source).expand(n, heads, source, source)
            yield (
                "scaled_dot_product_attention",
                sizes,
                shape,
                by_rate,
                drawn(lambda: functional.scaled_dot_product_attention(q, k, v, dropout_p=rate)),
            )
            attention = nn.MultiheadAttention(2 * heads, heads, dropout=rate, batch_first=True)
            query, memory = torch.randn(n, time, 2 * heads), torch.randn(n, source, 2 * heads)
            yield (
                "nn.MultiheadAttention",
                sizes,
                shape,
                by_rate,
                drawn(lambda: attention(query, memory, memory, average_attn_weights=False)[1]),
            )
        yield "torch.empty(shape).bernoulli_(keep)", letters, shape, by_keep, drawn(lambda: torch.empty(shape).bernoulli_(keep))
        yield "torch.bernoulli(x, p=keep)", letters, shape, by_keep, drawn(lambda: torch.bernoulli(x, p=keep))
        yield "`torch.rand(*shape) < keep`", letters, shape, by_keep, drawn(lambda: torch.rand(*shape) < keep)
        yield "torch.rand_like(x) < keep", letters, shape, by_keep, drawn(lambda: torch.rand_like(x) < keep)
        yield "`torch.rand(*shape) > rate`", letters, shape, by_rate, drawn(lambda: torch.rand(*shape) > rate)
        yield "`torch.rand(*shape) >= rate`", letters, shape, by_rate, drawn(lambda: torch.rand(*shape) >= rate)
        yield (
            "torch.rand(*shape, dtype=torch.float64)",
            letters,
            shape,
            by_keep,
            drawn(lambda: torch.rand(*shape, dtype=torch.float64) < keep),
        )
        yield (
            "torch.bernoulli(torch.full(shape, keep))",
            letters,
            shape,
            by_keep,
            drawn(lambda: torch.bernoulli(torch.full(shape, keep))),
        )
        yield (
            "torch.distributions.Bernoulli(keep)",
            letters,
            shape,
            by_keep,
            drawn(lambda: torch.distributions.Bernoulli(keep).sample(shape)),
        )
        yield (
            "torch.bernoulli(torch.full(shape, keep, dtype",
            letters,
            shape,
            by_keep,
            drawn(lambda: torch.bernoulli(torch.full(shape, keep, dtype=torch.float64))),
        )
    for s, rate in ((s, rate) for s in (0, 42) for rate in RATES):
        yield from torch_recurrent(s, rate)
        yield from torch_transformer(s, rate)


def torch_recurrent(s, rate):
    """The gaps between the layers: the last layer's output is 0 where its input is, the layers below have no zeros."""
    import torch

    time, batch, width = 4, 3, 5
    for name, gates, shut in (("LSTM", 4, 1), ("GRU", 3, 1), ("RNN", 1, None)):
        for batch_first, gap in ((False, 0), (True, 0), (False, 1)):
            layer = getattr(torch.nn, name)(2, width, num_layers=gap + 2, dropout=rate, batch_first=batch_first)
            # The rows of the candidate: the third gate of an LSTM and a GRU.
            candidate = slice(2 * width, 3 * width) if gates > 1 else slice(0, width)
            with torch.no_grad():
                for number in range(gap + 2):
                    weights, bias = getattr(layer, f"weight_ih_l{number}"), getattr(layer, f"bias_ih_l{number}")
                    for parameter in (weights, bias, getattr(layer, f"weight_hh_l{number}")):
                        parameter.zero_()
                    getattr(layer, f"bias_hh_l{number}").zero_()
                    if number == gap + 1:
                        weights[candidate] = torch.eye(width)
                    else:
                        bias[candidate] = 0.5
                    if shut:
                        bias[shut * width : (shut + 1) * width] = -1e4
            x = torch.ones((batch, time, 2) if batch_first else (time, batch, 2))
            torch.manual_seed(s)
            y = layer(x)[0].detach()
            mask = ((y.transpose(0, 1) if batch_first else y) != 0).numpy()
            letters = dict(s=s, i=gap, w=0, T=time, N=batch, H=width)
            yield "nn.LSTM(F, H", letters, (time, batch, width), dict(rate=rate), mask


def torch_transformer(s, rate):
    import torch

    functional = torch.nn.functional
    batch, heads, time, width, inner = 2, 3, 4, 6, 8
    seen = []
    dropout, attention = functional.dropout, functional.scaled_dot_product_attention

    def logged_dropout(x, p, training=True, inplace=False):
        # What is dropped shows on a tensor of ones with the same strides.
        state = torch.get_rng_state()
        seen.append((dropout(torch.ones_like(x), p) > 0).numpy())
        torch.set_rng_state(state)
        return dropout(x, p, training, inplace)

    def logged_attention(q, k, v, mask, p, causal):
        state = torch.get_rng_state()
        eye = torch.eye(k.shape[-2]).expand(*k.shape[:-1], k.shape[-2])
        seen.append((attention(q, k, eye, mask, p, causal) > 0).detach().numpy())
        torch.set_rng_state(state)
        return attention(q, k, v, mask, p, causal)

    encoder = torch.nn.TransformerEncoderLayer(width, heads, inner, rate, activation="gelu", batch_first=True)
    functional.dropout, functional.scaled_dot_product_attention = logged_dropout, logged_attention
    try:
        torch.manual_seed(s)
        encoder(torch.randn(batch, time, width, generator=torch.Generator().manual_seed(1)))
    finally:
        functional.dropout, functional.scaled_dot_product_attention = dropout, attention
    letters = dict(s=s, w=0, N=batch, H=heads, T=time, E=width, D=inner)
    parts = ("its attention", "its `dropout1`", "its `dropout`,", "its `dropout2`")
    if len(seen) != len(parts):
        raise AssertionError(f"{len(seen)} dropouts seen")
    for part, mask in zip(parts, seen):
        yield part, letters, mask.shape, dict(rate=rate), mask


def torch_variant_forms():
    import timm.layers
    import torch
    import torchvision

    functional = torch.nn.functional
    for s, shape, rate in each(0, 42, shapes=((5, 3), (2, 3, 5, 5), (2, 2, 3, 5, 4))):
        by_rate, letters, x = dict(rate=rate), dict(s=s, w=15), torch.ones(shape)

        def drawn(draw, s=s):
            torch.manual_seed(s)
            torch.nn.Linear(4, 3)
            return (draw() > 0).numpy()

        yield "F.alpha_dropout", letters, shape, by_rate, drawn(lambda: functional.alpha_dropout(x, rate, True))
        if len(shape) == 2:
            path = timm.layers.drop_path
            yield "timm.layers.drop_path", letters, shape, by_rate, drawn(lambda: path(x, rate, True))
            depth = torchvision.ops.stochastic_depth
            yield 'x, rate, "row"', letters, shape, by_rate, drawn(lambda: depth(x, rate, "row"))
            yield 'x, rate, "batch"', letters, shape, by_rate, drawn(lambda: depth(x, rate, "batch"))
        else:
            feature = functional.feature_alpha_dropout
            yield "F.feature_alpha_dropout", letters, shape, by_rate, drawn(lambda: feature(x, rate, True))
            name = f"drop_block{len(shape) - 2}d"
            block = getattr(torchvision.ops, name)
            for size in (1, 3):
                yield name, dict(letters, b=size), shape, by_rate, drawn(lambda: block(x.clone(), rate, size))


def torch_compile_forms():
    import torch

    functional = torch.nn.functional
    torch.set_num_threads(1)

    def compiled(rates, **options):
        torch._dynamo.reset()
        return torch.compile(lambda x: [functional.dropout(x, p) for p in rates], dynamic=False, **options)

    for shape, rates in (((5, 3), RATES[:1]), ((4, 6, 5), RATES[1:3]), ((17,), RATES)):
        graph, k = compiled(rates), len(rates)
        for s in (0, 42, -1):
            torch.manual_seed(s)
            torch.nn.Linear(4, 3)
            for c in range(2):
                for j, y in enumerate(graph(torch.ones(shape))):
                    letters = dict(s=s, w=15, k=k, c=c, j=j)
                    yield "torch.compile(lambda x", letters, shape, dict(rate=rates[j]), (y > 0).numpy()
    for rate in RATES:
        by_rate, letters = dict(rate=rate), dict(s=42, w=0, k=1, c=0, j=0)
        for x, row in (
            (torch.ones(40, 30, dtype=torch.float16), "x of float16"),
            (torch.ones(5, 3).t(), "x transposed"),
        ):
            graph = compiled([rate])
            torch.manual_seed(42)
            yield row, letters, tuple(x.shape), by_rate, (graph(x)[0] > 0).numpy()
        x = torch.ones(5, 3)
        for row, backend in (
            ("fallback_random", "aot_eager"),
            ("fallback_random", "eager"),
            ("aot_eager_decomp_partition", "aot_eager_decomp_partition"),
        ):
            graph = compiled([rate], backend=backend)
            torch.manual_seed(42)
            yield row, letters, (5, 3), by_rate, (graph(x)[0] > 0).numpy()
        with torch._inductor.config.patch(fallback_random=True):
            graph = compiled([rate])
            torch.manual_seed(42)
            yield "fallback_random", letters, (5, 3), by_rate, (graph(x)[0] > 0).numpy()


def jax_forms():
    import jax
    import jax.numpy as jnp
    import numpy as np

    random_ = jax.random
    for s, shape, rate in each(0, 42, -5):
        keep = 1 - rate
        by_keep, key = dict(keep_prob=keep), random_.key(s)

        def mask(key, keep=keep, shape=shape):
            return np.array(random_.bernoulli(key, keep, shape))

        yield "`jax.random.bernoulli(key, keep, shape)`", dict(s=s), shape, by_keep, mask(random_.PRNGKey(s))
        yield "jax.random.fold_in(key, d)", dict(s=s, d=9), shape, by_keep, mask(random_.fold_in(key, 9))
        for n, i in ((2, 0), (2, 1), (5, 3), (1000, 999)):
            yield "jax.random.split(key, n)[i]", dict(s=s, n=n, i=i), shape, by_keep, mask(random_.split(key, n)[i])
        letters = dict(s=s, m=2, n=3, i=1, j=2)
        yield "jax.random.split(key, (m, n))", letters, shape, by_keep, mask(random_.split(key, (2, 3))[1, 2])
        turning = key
        for turn in range(3):
            turning, sub = random_.split(turning)
            if turn == 0:
                yield "of the first turn", dict(s=s), shape, by_keep, mask(sub)
            if turn == 2:
                yield "of the third turn", dict(s=s), shape, by_keep, mask(sub)
        batch = np.array(jax.vmap(lambda k: random_.bernoulli(k, keep, shape))(random_.split(key, 4)))
        for i in range(4):
            yield "jax.vmap(", dict(s=s, n=4, i=i), shape, by_keep, batch[i]
        rbg = random_.key(s, impl="rbg")
        batch = np.array(jax.vmap(lambda k: random_.bernoulli(k, keep, shape))(random_.split(rbg, 4)))
        yield "one draw of all rows", dict(s=s), (4, *shape), by_keep, batch
        half = np.array(random_.bernoulli(key, jnp.float16(keep), shape))
        yield "jnp.float16(keep)", dict(s=s), shape, by_keep, half
        yield 'impl="rbg")`, `jax_default', dict(s=s), shape, by_keep, mask(rbg)
        with jax.default_prng_impl("rbg"):
            yield 'impl="rbg")`, `jax_default', dict(s=s), shape, by_keep, mask(random_.key(s))
        philox = random_.key(s, impl="philox4x32")
        yield "the same with `philox4x32`", dict(s=s), shape, by_keep, mask(philox)
        with jax.threefry_partitionable(False):
            yield "the default before 0.5.0", dict(s=s), shape, by_keep, mask(key)
        with jax.enable_x64(True):
            row = "`jax_enable_x64=True` | `generator=jax&"
            for seed in (s, 2**40 + 1):
                yield row, dict(s=seed), shape, by_keep, mask(random_.key(seed))
        words = dict(a=3, b=2**32 - 1)
        wrapped = random_.wrap_key_data(jnp.array([3, 2**32 - 1], jnp.uint32))
        yield "wrap_key_data", words, shape, by_keep, mask(wrapped)


def haiku_forms():
    import haiku
    import jax
    import numpy as np

    for s, shape, rate in each(0, 42):
        key, x = jax.random.PRNGKey(s), jax.numpy.ones(shape)
        yield "hk.dropout(key, rate, x)", dict(s=s), shape, dict(rate=rate), np.array(haiku.dropout(key, rate, x)) > 0
        layers = haiku.transform(lambda x: [haiku.dropout(haiku.next_rng_key(), rate, x) for _ in range(3)])
        drawn = layers.apply({}, key, x)
        for c, row in ((0, "the first of an `apply`"), (2, "`hk.next_rng_key()`, the third")):
            yield row, dict(s=s), shape, dict(rate=rate), np.array(drawn[c]) > 0


def equinox_forms():
    import equinox
    import jax
    import numpy as np

    for s, shape, rate in each(0, 42):
        key, x = jax.random.key(s), jax.numpy.ones(shape)
        dropout, same = equinox.nn.Dropout(rate), equinox.nn.Lambda(lambda x: x)
        yield "eqx.nn.Dropout(rate)", dict(s=s), shape, dict(rate=rate), np.array(dropout(x, key=key)) > 0
        for i in range(3):
            chain = equinox.nn.Sequential([dropout if k == i else same for k in range(3)])
            yield "eqx.nn.Sequential", dict(s=s, i=i), shape, dict(rate=rate), np.array(chain(x, key=key)) > 0


def flax_forms():
    import flax.linen as nn
    import jax
    import numpy as np
    from flax import nnx

    def linen(module, s, x):
        rngs = {"params": jax.random.key(0), "dropout": jax.random.key(s)}
        return jax.tree.map(np.array, module.apply({}, x, rngs=rngs))

    for s, shape, rate in each(0, 42, -5):
        x, by_rate = jax.numpy.ones(shape), dict(rate=rate)

        class Block(nn.Module):
            @nn.compact
            def __call__(self, x, _=None):
                y = nn.Dropout(rate, deterministic=False)(x)
                return (x, y) if _ is not None else y

        class Named(nn.Module):
            @nn.compact
            def __call__(self, x):
                drop = nn.Dropout(rate, deterministic=False, name="drop")
                return drop(x), drop(x)

        class Root(nn.Module):
            def setup(self):
                self.block = Named()

            def __call__(self, x):
                return self.block(x)

        class Two(nn.Module):
            @nn.compact
            def __call__(self, x):
                return [nn.Dropout(rate, deterministic=False)(x) for _ in range(2)]

        class Lifted(nn.Module):
            kind: str

            @nn.compact
            def __call__(self, x):
                own = dict(split_rngs={"dropout": True}, variable_axes={})
                if self.kind == "remat":
                    block = nn.remat(Block)(name="block")
                    return block(x), block(x)
                if self.kind == "unnamed":
                    return nn.remat(Block)()(x)
                if self.kind == "vmap":
                    return nn.vmap(Block, in_axes=0, **own)(name="block")(x)
                return nn.scan(Block, length=4, in_axes=0, **own)(name="block")(x, jax.numpy.zeros(4))[1]

        for c, y in enumerate(linen(Root(), s, x)):
            yield "Linen: `nn.Dropout(rate)` as", dict(s=s, c=c), shape, by_rate, y > 0
        yield "the second unnamed", dict(s=s, c=0), shape, by_rate, linen(Two(), s, x)[1] > 0
        alone = nn.Dropout(rate, deterministic=False)
        yield "Linen: `nn.Dropout` alone", dict(s=s, c=0), shape, by_rate, linen(alone, s, x) > 0
        for c, y in enumerate(linen(Lifted("remat"), s, x)):
            yield "nn.remat(Block)(name", dict(s=s, c=c), shape, by_rate, y > 0
        yield "nn.remat(Block)()", dict(s=s), shape, by_rate, linen(Lifted("unnamed"), s, x) > 0
        for i, y in enumerate(linen(Lifted("vmap"), s, jax.numpy.ones((4, *shape)))):
            yield "nn.vmap(Block", dict(s=s, i=i), shape, by_rate, y > 0
        for i, y in enumerate(linen(Lifted("scan"), s, x)):
            yield "nn.scan(Block", dict(s=s, i=i), shape, by_rate, y > 0

        def nnx_layer(s=s):
            return nnx.Dropout(rate, rngs=nnx.Rngs(dropout=s))

        layer = nnx_layer()
        for c in range(2):
            yield "NNX: `nnx.Dropout(rate", dict(s=s, c=c), shape, by_rate, np.array(layer(x)) > 0
        rngs = nnx.Rngs(s)
        nnx.Linear(4, 5, rngs=rngs)
        layer = nnx.Dropout(rate, rngs=rngs)
        for c in range(2):
            yield "NNX: `rngs = nnx.Rngs(s)`", dict(s=s, c=c), shape, by_rate, np.array(layer(x)) > 0
        for lift in (nnx.remat, nnx.jit):
            layer, lifted = nnx_layer(), lift(lambda layer, x: layer(x))
            for c in range(2):
                yield "NNX: `nnx.remat`", dict(s=s, c=c), shape, by_rate, np.array(lifted(layer, x)) > 0
        with jax.enable_x64(True):
            for seed in (s, 2**40 + 1):
                row = "`jax_enable_x64=True` | `generator=flax"
                yield row, dict(s=seed), shape, by_rate, linen(Named(), seed, x)[0] > 0
        with jax.threefry_partitionable(False):
            row = "`jax_threefry_partitionable=False` | `generator=flax"
            yield row, dict(s=s), shape, by_rate, np.array(nnx_layer()(x)) > 0
        with jax.default_prng_impl("rbg"):
            yield 'jax_default_prng_impl="rbg"`;', dict(s=s), shape, by_rate, np.array(nnx_layer()(x)) > 0
    yield from flax_attention()


def flax_attention():
    """Attention shows its dropped weights where the values are the identity matrix."""
    import flax.linen as nn
    import jax
    import numpy as np
    from flax import nnx

    for s, rate in ((s, rate) for s in (0, 42) for rate in RATES):
        batch, heads, time, width = 2, 3, 4, 12
        letters, seen = dict(s=s, c=0, N=batch, H=heads, T=time, S=time), []

        # Flax passes the arguments that the signature names.
        def attention(query, key, value, dropout_rng=None, dropout_rate=0.0, broadcast_dropout=True, deterministic=False, **_):
            weights = nn.dot_product_attention_weights(
                query,
                key,
                dropout_rng=dropout_rng,
                dropout_rate=dropout_rate,
                broadcast_dropout=broadcast_dropout,
                deterministic=deterministic,
            )
            seen.append(np.array(weights) > 0)
            return jax.numpy.einsum("...hqk,...khd->...qhd", weights, value)

        for broadcast, row in ((True, "nn.SelfAttention(H"), (False, "broadcast_dropout=False")):

            class Model(nn.Module):
                @nn.compact
                def __call__(self, x):
                    return nn.SelfAttention(
                        heads,
                        dropout_rate=rate,
                        deterministic=False,
                        broadcast_dropout=broadcast,
                        name="attn",
                        attention_fn=attention,
                    )(x)

            x = jax.numpy.ones((batch, time, width))
            variables = Model().init({"params": jax.random.key(0), "dropout": jax.random.key(1)}, x)
            seen.clear()
            Model().apply(variables, x, rngs={"dropout": jax.random.key(s)})
            mask = seen[-1][:1, :1] if broadcast else seen[-1]
            yield row, letters, mask.shape, dict(rate=rate), mask
        layer = nnx.MultiHeadAttention(
            heads,
            width,
            dropout_rate=rate,
            deterministic=False,
            decode=False,
            attention_fn=attention,
            rngs=nnx.Rngs(params=0, dropout=s),
        )
        seen.clear()
        for c in range(2):
            layer(jax.numpy.ones((batch, time, width)))
            mask = seen[c][:1, :1]
            yield "NNX: `nnx.MultiHeadAttention", dict(letters, c=c), mask.shape, dict(rate=rate), mask


def tensorflow_forms():
    import tensorflow as tf

    stateless = tf.nn.experimental.stateless_dropout
    # Before any seed is set.
    for o in (0, 9):
        for c in range(2):
            y = tf.nn.dropout(tf.ones((5, 3)), 0.3, seed=o)
            yield (
                "without `set_seed` | `generator=tf-dropout&seed=87654321&op_seed=o&",
                dict(o=o, c=c),
                (5, 3),
                dict(rate=0.3),
                y.numpy() > 0,
            )
    for s, shape, rate in each(0, 42, -7):
        x, by_rate, pair = tf.ones(shape), dict(rate=rate), dict(a=s, b=2**31 - 1)
        seeds = [s, 2**31 - 1]
        y = stateless(x, rate, seed=seeds, rng_alg="philox")
        yield "`tf.nn.experimental.stateless_dropout", pair, shape, by_rate, y.numpy() > 0
        y = stateless(tf.ones(shape, tf.float64), rate, seed=seeds, rng_alg="philox")
        yield "x of float64; float16", pair, shape, by_rate, y.numpy() > 0
        for row, algorithm in (
            ("in `tf.function(jit_compile=True)`", "auto_select"),
            ('`rng_alg="philox"`', "philox"),
            ('`rng_alg="threefry"`', "threefry"),
        ):

            @tf.function(jit_compile=True)
            def compiled(x, seed):
                return stateless(x, rate, seed=seed, rng_alg=algorithm)

            y = compiled(x, tf.constant(seeds, tf.int32))
            yield row, pair, shape, by_rate, y.numpy() > 0
        for o in (None, 0, 9):
            tf.random.set_seed(s)
            row = "`tf.nn.dropout(x, rate)`" if o is None else "`tf.random.set_seed(s)`; `tf.nn.dropout(x, rate, seed=o)`"
            for c in range(3):
                y = tf.nn.dropout(x, rate, seed=o).numpy()
                yield row, dict(s=s, o=o, c=c), shape, by_rate, y > 0


def keras_2_forms():
    import tensorflow as tf
    import tf_keras

    def calls(row, s, shape, rate):
        layer = tf_keras.layers.Dropout(rate, seed=7)
        for c in range(2):
            y = layer(tf.ones(shape), training=True).numpy()
            yield row, dict(s=s, o=7, c=c), shape, dict(rate=rate), y > 0

    yield from calls("Keras 2 without", None, (5, 3), 0.3)
    for s, shape, rate in each(0, 42):
        tf.random.set_seed(s)
        yield from calls("Keras 2 (`tf_keras`)", s, shape, rate)


def keras_forms(backend):
    import keras

    layers, ops = keras.layers, keras.ops

    def kept(layer, shape, **options):
        return ops.convert_to_numpy(layer(ops.ones(shape), training=True, **options)) != 0

    def calls(row, layer, shape, by_rate, letters, count=2):
        for c in range(count):
            yield row, dict(letters, c=c), shape, by_rate, kept(layer, shape)

    for s, shape, rate in each(0, 42):
        by_rate, letters = dict(rate=rate), dict(s=s, B=backend)
        layer = layers.Dropout(rate, seed=s)
        yield from calls("`keras.layers.Dropout(rate, seed=s)`", layer, shape, by_rate, letters)
        layer = layers.AlphaDropout(rate, seed=s)
        for c in range(2):
            # What is kept of a one is above what takes the place of a dropped one, which is negative.
            mask = ops.convert_to_numpy(layer(ops.ones(shape), training=True)) > 0
            yield "keras.layers.AlphaDropout", dict(letters, c=c), shape, by_rate, mask
        keras.utils.set_random_seed(s)
        layer = layers.Dropout(rate)
        if backend == "torch":
            yield "the same on PyTorch", dict(g=s), shape, by_rate, kept(layer, shape)
        else:
            row = "`keras.layers.Dropout(rate)` without `seed`"
            yield from calls(row, layer, shape, by_rate, dict(g=s, B=backend))
        sizes = dict(letters, N=2, C=3)
        for row, layer, full, _drawn in (
            ("SpatialDropout1D", layers.SpatialDropout1D(rate, seed=s), (2, 5, 3), (2, 1, 3)),
            ("SpatialDropout2D", layers.SpatialDropout2D(rate, seed=s), (2, 4, 5, 3), (2, 1, 1, 3)),
            (
                'the same with `data_format="channels_first"`',
                layers.SpatialDropout2D(rate, data_format="channels_first", seed=s),
                (2, 3, 4, 5),
                (2, 3, 1, 1),
            ),
            ("noise_shape=(None, 1, C)", layers.Dropout(rate, noise_shape=(None, 1, 3), seed=s), (2, 5, 3), (2, 1, 3)),
        ):
            yield from calls(row, layer, full, by_rate, sizes)
        yield from keras_watched(s, rate, backend)
        if backend == "tensorflow":
            layer = layers.Dropout(rate, seed=s, dtype="float64")
            yield from calls("TensorFlow backend, `dtype", layer, shape, by_rate, letters)
        if backend == "jax":
            import jax

            for mode, row in (
                (jax.enable_x64(True), "JAX backend with `jax_enable_x64=True`"),
                (jax.threefry_partitionable(False), "JAX backend with `jax_threefry"),
                (jax.default_prng_impl("philox4x32"), "JAX backend with `jax_default"),
            ):
                with mode:
                    layer = layers.Dropout(rate, seed=s)
                    yield from calls(row, layer, shape, by_rate, letters)


def keras_watched(s, rate, backend):
    """Attention and recurrent layers do not show their masks, so the function that draws them is watched."""
    import keras

    seen = []
    real = keras.src.backend.random.dropout

    def watched(inputs, rate, noise_shape=None, seed=None):
        result = real(inputs, rate, noise_shape=noise_shape, seed=seed)
        seen.append(keras.ops.convert_to_numpy(result) != 0)
        return result

    letters = dict(s=s, B=backend, N=2, F=3, U=5)
    x = keras.ops.ones((2, 4, 3))
    keras.src.backend.random.dropout = watched
    try:
        attention = keras.layers.MultiHeadAttention(2, 4, dropout=rate, seed=s)
        query, memory = keras.ops.ones((2, 3, 8)), keras.ops.ones((2, 5, 8))
        for _ in range(2):
            attention(query, memory, training=True, return_attention_scores=True)
        if len(seen) != 2:
            raise AssertionError(f"attention: {len(seen)} masks seen")
        for c, mask in enumerate(seen):
            sizes = dict(letters, c=c, N=2, H=2, T=3, S=5)
            yield "keras.layers.MultiHeadAttention", sizes, (2, 2, 3, 5), dict(rate=rate), mask
        for name in ("SimpleRNN", "LSTM", "GRU"):
            layer = getattr(keras.layers, name)(5, dropout=rate, seed=s)
            seen.clear()
            for _ in range(2):
                layer(x, training=True)
            if len(seen) != 2:
                raise AssertionError(f"{name}: {len(seen)} masks seen")
            for c, mask in enumerate(seen):
                yield "inputs of all steps", dict(letters, c=c), (2, 3), dict(rate=rate), mask
        for name, gates in (("SimpleRNN", 1), ("LSTM", 4), ("GRU", 3)):
            layer = getattr(keras.layers, name)(5, dropout=0.1, recurrent_dropout=rate, seed=s)
            seen.clear()
            for _ in range(2):
                layer(x, training=True)
            if len(seen) != 4 * gates:
                raise AssertionError(f"{name}: {len(seen)} masks seen")
            for c in range(2):
                for i in range(gates):
                    mask, row = seen[2 * gates * c + gates + i], f"keras.layers.{name}(U, dropout=r,"
                    yield row, dict(letters, c=c, i=i), (2, 5), dict(rate=rate), mask
    finally:
        keras.src.backend.random.dropout = real


def mlx_forms():
    import mlx.core as mx
    import mlx.nn
    import numpy as np

    for s, shape, rate in each(0, 42, 2**64 - 1):
        mx.random.seed(s)
        row = "MLX: `mx.random.seed(s)`"
        for c in range(2):
            mask = np.array(mlx.nn.Dropout(rate)(mx.ones(shape))) > 0
            yield row, dict(s=s, c=c), shape, dict(rate=rate), mask
        mask = np.array(mx.random.bernoulli(1 - rate, shape))
        yield row, dict(s=s, c=2), shape, dict(rate=rate), mask
        mlx.nn.Linear(3, 4)
        mask = np.array(mlx.nn.Dropout2d(rate)(mx.ones((2, 4, 5, 3)))) > 0
        yield "nn.Dropout2d(rate)", dict(s=s, c=5, N=2, C=3), (2, 4, 5, 3), dict(rate=rate), mask


def tinygrad_forms():
    from tinygrad import Tensor, nn
    from tinygrad.helpers import Context

    for s, shape, rate in each(0, 42, -1, 2**63):
        with Context(TRAINING=1):
            Tensor.manual_seed(s)
            for c in range(2):
                mask = Tensor.ones(*shape).contiguous().dropout(rate).numpy() > 0
                yield "after `c` draws of the same size", dict(s=s, c=c), shape, dict(rate=rate), mask
            Tensor.manual_seed(s)
            layer = nn.Linear(4, 3)
            Tensor.realize(layer.weight, layer.bias)
            mask = Tensor.ones(*shape).contiguous().dropout(rate).numpy() > 0
            yield "`x.dropout(rate)`", dict(s=s, w=15), shape, dict(rate=rate), mask


def paddle_forms():
    import paddle

    functional = paddle.nn.functional
    for s, shape, rate in each(0, 42, 2**64 - 1):
        by_rate, x = dict(rate=rate), paddle.ones(shape)
        paddle.seed(s)
        mask = (functional.dropout(x, rate) > 0).numpy()
        yield "Paddle: `paddle.seed(s)`", dict(s=s, w=0), shape, by_rate, mask
        mask = (paddle.nn.Dropout(rate)(x) > 0).numpy()
        yield "Paddle: `paddle.seed(s)`", dict(s=s, w=x.size), shape, by_rate, mask
        paddle.seed(s)
        paddle.nn.Linear(4, 3)
        mask = (functional.dropout(paddle.ones([5, 3]), rate, axis=0) > 0).numpy()
        yield "axis=0", dict(s=s, w=12, N=5), (5, 3), by_rate, mask
        mask = (functional.dropout2d(paddle.ones([2, 3, 4, 5]), rate) > 0).numpy()
        yield "F.dropout2d(x, rate)` of", dict(s=s, w=17), (2, 3, 4, 5), by_rate, mask


def mindspore_forms():
    import mindspore
    import numpy as np

    mindspore.set_device("CPU")
    for s, shape, rate in each(0, 42, 2**32 - 1):
        x, by_rate = mindspore.Tensor(np.ones(shape, np.float32)), dict(rate=rate)
        mindspore.set_seed(s)
        for d in range(2):
            mask = mindspore.ops.dropout(x, p=rate).asnumpy() > 0
            yield "call `d` of `ops.dropout", dict(s=s, d=d), shape, by_rate, mask
        layers = [mindspore.nn.Dropout(p=rate), mindspore.nn.Dropout(p=rate)]
        for number, layer in enumerate(layers):
            layer.set_train()
            for c in range(2):
                letters = dict(s=s, d=2 + number, c=c, n=int(np.prod(shape)))
                yield "`nn.Dropout(p=rate)` built", letters, shape, by_rate, layer(x).asnumpy() > 0


DRAWS = {
    "numpy": numpy_forms,
    "onnx": onnx_forms,
    "onnxruntime": onnxruntime_forms,
    "torch": torch_forms,
    "torch-variants": torch_variant_forms,
    "torch-compile": torch_compile_forms,
    "jax": jax_forms,
    "haiku": haiku_forms,
    "equinox": equinox_forms,
    "flax": flax_forms,
    "tensorflow": tensorflow_forms,
    "tf-keras": keras_2_forms,
    **{f"keras-{name}": lambda name=name: keras_forms(name) for name in ("tensorflow", "jax", "torch", "numpy")},
    "mlx": mlx_forms,
    "tinygrad": tinygrad_forms,
    "paddle": paddle_forms,
    "mindspore": mindspore_forms,
}
MODULES = {
    "numpy": ["numpy", "scipy"],
    "onnx": ["onnx"],
    "onnxruntime": ["onnx", "onnxruntime"],
    "torch": ["torch"],
    "torch-variants": ["torch", "timm", "torchvision"],
    "torch-compile": ["torch"],
    "jax": ["jax"],
    "haiku": ["haiku"],
    "equinox": ["equinox"],
    "flax": ["flax"],
    "tensorflow": ["tensorflow"],
    "tf-keras": ["tensorflow", "tf_keras"],
    "keras-tensorflow": ["keras", "tensorflow"],
    "keras-jax": ["keras", "jax"],
    "keras-torch": ["keras", "torch"],
    "keras-numpy": ["keras", "scipy"],
    "mlx": ["mlx"],
    "tinygrad": ["tinygrad"],
    "paddle": ["paddle"],
    "mindspore": ["mindspore"],
}


def run(name, program):
    """Compares all cases of one library. Returns the rows that were run with their counts of cases and of differences."""
    import numpy as np

    table, counts = rows(), {}
    with runner.Service(program) as service:
        for part, letters, shape, probability, mask in DRAWS[name]():
            found = [row for row in table if part in f"| {row[0]} | `{row[1]}` |"]
            if len(found) != 1:
                sys.exit(f"forms: {len(found)} rows have {part!r}")
            code, fields = " | ".join(found[0]), found[0][1]
            asked = question(fields, letters, shape, probability)
            if "variant" in asked:
                size = dict(shape=list(shape), data=[1] * int(np.prod(shape)))
                del asked["shape"]
                asked.update(input=size, dtype="float32", include=["mask"])
                path = "/forward"
            else:
                path = "/mask"
            asked["mask_format"] = "packed"
            status, answer = service.ask(path, asked)
            wanted = np.packbits(np.broadcast_to(np.asarray(mask, dtype=bool), shape).ravel()).tobytes()
            same = status == 200 and base64.b64decode(answer["mask"]) == wanted
            total, wrong = counts.get(code, (0, 0))
            counts[code] = (total + 1, wrong + (not same))
            if not same and wrong == 0:
                detail = answer.get("error") or answer["mask"]
                print(f"  DIFFERENT: {code}\n    asked: {json.dumps(asked)[:400]}\n    answer: {status} {detail}")
    total, wrong = (sum(part) for part in zip(*counts.values()))
    print(f"{name}: {len(counts)} rows, {total} masks, {wrong} different", flush=True)
    return counts


def main():
    if sys.argv[1] == "--one":
        _, _, name, file, program = sys.argv
        counts = run(name, program)
        with open(file, "w") as out:
            json.dump(counts, out)
        return 1 if any(wrong for _, wrong in counts.values()) else 0
    parser = runner.parser(__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("names", nargs="*", metavar="NAME", help="libraries to run, default all: " + ", ".join(DRAWS))
    options = parser.parse_intermixed_args()
    for name in options.names:
        if name not in DRAWS:
            parser.error(f"no library {name}; there are {', '.join(DRAWS)}")
    results, failed, left_out = runner.run_each(
        __file__,
        MODULES,
        [options.program],
        options.names or list(DRAWS),
        runner.Pythons(options.python),
        options.skip_missing,
    )
    masks = sum(total for counts in results.values() for total, _ in counts.values())
    wrong = sum(wrong for counts in results.values() for _, wrong in counts.values())
    run_rows = {code for counts in results.values() for code in counts}
    expected = [" | ".join(row) for row in rows() if not any(part in row[0] for part in NOT_RUN)]
    missing = [row for row in expected if row not in run_rows]
    print(f"{len(rows())} rows, {len(run_rows)} of them run: {masks} masks, {wrong} different")
    if missing and not options.names and not left_out:
        print("rows that were not run:\n  " + "\n  ".join(missing))
        failed.append("rows")
    return runner.summary(failed, left_out)


if __name__ == "__main__":
    sys.exit(main())
