"""Arrays as the service takes and gives them: files of `numpy.save`, and base64 inside JSON.

Both carry the little-endian bytes of the elements in row-major order, so no number becomes text.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# The bytes in which the header of an answer's file ends. A shape has at most 32 dimensions.
_LONGEST_HEADER = 4096
# The types in which the service computes, by their NumPy names. bfloat16 is a type of the package ml_dtypes.
_FLOATS = {"float16", "float32", "float64", "bfloat16"}


def as_array(value: Any) -> Array:
    """`value` as an array: an array, a number, nested lists, or what has `__array__` such as a tensor of PyTorch on a CPU."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub" and array.dtype.name != "bfloat16":
        raise TypeError(f"an array of numbers expected, and one of type {array.dtype} was given")
    return array


def type_name(array: Array) -> str:
    """The `dtype` in which the service computes with this array: float64 for integers and booleans."""
    return array.dtype.name if array.dtype.name in _FLOATS else "float64"


def _little_endian(array: Array) -> memoryview:
    """The bytes of the elements in row-major order. They are copied only if the array has them in another order."""
    in_order = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return in_order.reshape(-1).view(np.uint8).data


# MARK: Files of numpy.save


def npy_file(array: Array) -> bytes:
    """The array as a file of `numpy.save`."""
    head = io.BytesIO()
    descriptor = np.lib.format.dtype_to_descr(array.dtype.newbyteorder("<")) if array.dtype.kind != "V" else "<V2"
    np.lib.format.write_array_header_1_0(head, {"descr": descriptor, "fortran_order": False, "shape": array.shape})
    return b"".join([head.getvalue(), _little_endian(array)])


def from_npy_file(data: bytes | bytearray, like: np.dtype[Any] | None = None) -> Array:
    """The array of such a file, which shares the memory of a bytearray.

    `like` is the type of the array that was sent, which bfloat16 needs: NumPy does not know it.
    """
    file = io.BytesIO(memoryview(data)[:_LONGEST_HEADER])
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(file)
    flat = np.frombuffer(data, dtype, offset=file.tell())
    if dtype.kind == "V":
        flat = flat.view(like if like is not None and like.name == "bfloat16" else _bfloat16())
    return flat.reshape(shape, order="F" if fortran else "C")


def _bfloat16() -> np.dtype[Any]:
    try:
        import ml_dtypes
    except ImportError as error:
        raise ImportError("an answer in bfloat16 needs the package ml_dtypes") from error
    dtype: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return dtype


# MARK: JSON


def encoded(value: Any, name: str = "") -> Any:
    """`value` as JSON that the service takes. Arrays become base64, masks packed bits, and numbers that are not finite strings.

    `name` is the field's. A `mask` has only the values 0 and 1, and a `target` of integers has the indices of classes.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): encoded(below, str(key)) for key, below in value.items()}
    if not hasattr(value, "__array__"):
        if isinstance(value, Sequence):
            return [encoded(below, name if name == "outputs" else "") for below in value]
        raise TypeError(f"{name or 'a value'} of type {type(value).__name__} cannot be sent")
    return _encoded_array(as_array(value), name)


def _encoded_array(array: Array, name: str) -> Any:
    if name == "mask":
        if array.dtype.kind != "b" and not np.isin(array, (0, 1)).all():
            raise ValueError("a mask has only the values 0 and 1")
        packed = np.packbits(array.astype(np.bool_), axis=None).tobytes()
        return {"shape": list(array.shape), "packed": base64.b64encode(packed).decode("ascii")}
    if name == "target" and array.dtype.kind in "iu":
        return array.tolist()
    return tensor(array)


def tensor(array: Array) -> dict[str, Any]:
    """The array as a tensor in base64. Integers and booleans become float64, as the service would read them."""
    name = type_name(array)
    array = array if array.dtype.name == name else array.astype(np.float64)
    return {"shape": list(array.shape), "dtype": name, "base64": base64.b64encode(_little_endian(array)).decode("ascii")}


def decoded(value: Any) -> Any:
    """An answer's JSON with each tensor that has a shape as an array."""
    if isinstance(value, dict):
        if value.keys() == {"shape", "data"}:
            return np.array(value["data"]).reshape(value["shape"])
        if value.keys() == {"shape", "dtype", "base64"}:
            dtype = _bfloat16() if value["dtype"] == "bfloat16" else np.dtype(value["dtype"])
            data = base64.b64decode(value["base64"], validate=True)
            return np.frombuffer(data, dtype.newbyteorder("<")).astype(dtype, copy=True).reshape(value["shape"])
        return {key: decoded(below) for key, below in value.items()}
    return [decoded(below) for below in value] if isinstance(value, list) else value


def unpacked(packed: str, shape: Sequence[int]) -> Array:
    """The booleans of a packed mask: 8 elements a byte, the first in the highest bit."""
    bits = np.frombuffer(base64.b64decode(packed, validate=True), np.uint8)
    return np.unpackbits(bits, count=math.prod(shape)).astype(np.bool_).reshape(shape)
