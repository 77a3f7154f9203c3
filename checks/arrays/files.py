"""`.npy` by NumPy: what it writes is read, and what is answered is what it writes."""

import io

import ml_dtypes
import numpy as np
from numpy.lib import format as npy

from wire import ask

NPY = "application/x-npy"
TYPES = ["?", "i1", "u1"] + [order + code for code in ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8") for order in "<>"]
SHAPES = [(), (5,), (1, 1), (2, 3), (4, 1, 3), (2, 3, 2), (0, 4)]
ORDERS = ["C", "F"]
# Types that are no numbers, with the name by which they are refused.
REFUSED = {
    "c8": "<c8",
    "c16": "<c16",
    "S3": "|S3",
    "U2": "<U2",
    "M8[s]": "<M8[s]",
    "V3": "|V3",
    "i4,f4": "fields",
    "O": "|O",
}


def written(array, version=None):
    """The file that NumPy writes."""
    file = io.BytesIO()
    npy.write_array(file, array, version)
    return file.getvalue()


def answer(port, file, **fields):
    query = "&".join(f"{name}={value}" for name, value in {"rate": 0, **fields}.items())
    return ask(port, "POST", f"/forward?{query}", [f"Content-Type: {NPY}", f"Accept: {NPY}"], file)


def numbers(kind, shape):
    """Numbers of a type, with its ends, NaN and infinity, and some that other types round."""
    count, random = int(np.prod(shape)), np.random.default_rng(7)
    if kind == np.bool_:
        return (random.random(count) < 0.5).reshape(shape)
    if np.issubdtype(kind, np.integer):
        ends = np.iinfo(kind)
        values = random.integers(ends.min, ends.max, count, kind.newbyteorder("="), endpoint=True)
        special = [ends.max, ends.min]
    else:
        values = (random.standard_normal(count) * 100).astype(kind)
        special = [np.inf, np.nan, -0.0, np.finfo(kind).max]
    values[: len(special)] = special[:count]
    return values.astype(kind).reshape(shape)


def checks(port):
    for code in TYPES:
        kind = np.dtype(code)
        for shape in SHAPES:
            for order in ORDERS:
                array = np.asarray(numbers(kind, shape), order=order)
                for dtype in ("float64", "float32", "float16"):
                    with np.errstate(over="ignore"):
                        expected = array.astype(dtype)
                    reply = answer(port, written(array), dtype=dtype)
                    is_right = reply.status == 200 and reply.body == written(expected.copy(order="C"))
                    yield f"{code} {shape} {order} as {dtype}", is_right
    for version in ((1, 0), (2, 0), (3, 0)):
        array = np.arange(6, dtype="f4").reshape(2, 3)
        yield f"version {version}", answer(port, written(array, version)).body == written(array)
    for code, name in REFUSED.items():
        array = np.zeros(2, code)
        file = io.BytesIO()
        npy.write_array(file, array, allow_pickle=True)
        reply = answer(port, file.getvalue())
        yield f"{code} is refused by its name", reply.status == 422 and name in reply.json()["detail"]
    array = numbers(np.dtype("f4"), (2, 3)).astype(ml_dtypes.bfloat16)
    yield "bfloat16 of ml_dtypes", answer(port, written(array), dtype="bfloat16").body == written(array)
    array = np.ones((40, 50), "f4")
    mask = ask(port, "GET", "/mask?shape=40,50&rate=0.5&seed=3", [f"Accept: {NPY}"])
    output = np.load(io.BytesIO(answer(port, written(array), rate=0.5, seed=3).body))
    yield "the mask is that of the output", np.array_equal(output != 0, np.load(io.BytesIO(mask.body)) != 0)
