"""The forms of arrays: what NumPy itself writes and reads is the truth."""

import base64
import io
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from dropout_service.arrays import as_array, decoded, encoded, from_npy_file, npy_file, tensor, unpacked

ARRAYS = [
    np.arange(12).astype(dtype).reshape(shape)
    for dtype in ("float16", "float32", "float64", "int8", "uint64", "bool")
    for shape in ((12,), (3, 4), (2, 1, 6))
]


@pytest.mark.parametrize(
    "array", [*ARRAYS, np.float32(3), np.zeros((0, 3)), np.arange(6.0).reshape(2, 3).T, np.arange(3, dtype=">f4")]
)
def test_numpy_reads_the_file(array: Any) -> None:
    read = np.load(io.BytesIO(npy_file(np.asarray(array))))
    assert read.dtype == np.asarray(array).dtype.newbyteorder("=")
    assert np.array_equal(read, array)
    assert read.shape == np.shape(array)


@pytest.mark.parametrize("array", [*ARRAYS, np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.float64(2)])
def test_a_file_of_numpy_is_read(array: Any) -> None:
    file = io.BytesIO()
    np.save(file, array)
    read = from_npy_file(bytearray(file.getvalue()))
    assert read.dtype == np.asarray(array).dtype
    assert np.array_equal(read, array)
    assert read.flags.writeable


def test_bfloat16_keeps_its_bits() -> None:
    array = np.array([[1.5, -2.25], [0.1, 3e38]], ml_dtypes.bfloat16)
    for read in (from_npy_file(npy_file(array), array.dtype), from_npy_file(npy_file(array)), decoded(tensor(array))):
        assert read.dtype == array.dtype
        assert read.tobytes() == array.tobytes()


def test_a_tensor_has_little_endian_bytes_in_row_major_order() -> None:
    array = np.array([[1, 2], [3, 4]], ">f4").T
    expected = base64.b64encode(np.array([1, 3, 2, 4], "<f4").tobytes()).decode()
    assert tensor(array) == {"shape": [2, 2], "dtype": "float32", "base64": expected}


def test_integers_become_float64() -> None:
    assert decoded(tensor(np.array([1, 2]))).tolist() == [1.0, 2.0]
    assert tensor(np.array([True]))["dtype"] == "float64"


def test_masks_become_packed_bits() -> None:
    mask = np.array([[1, 0, 0, 1, 1], [0, 1, 0, 1, 1]])
    sent = encoded({"mask": mask})["mask"]
    assert sent == {"shape": [2, 5], "packed": base64.b64encode(bytes([0b10011010, 0b11000000])).decode()}
    assert np.array_equal(unpacked(sent["packed"], (2, 5)), mask)


def test_a_mask_of_other_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="0 and 1"):
        encoded(np.array([0, 2]), "mask")


def test_what_is_no_array_is_sent_as_json() -> None:
    fields = {"seed": [1, np.uint64(2**63)], "learning_rate": np.float32(0.5), "tolerance": float("inf"), "nan": float("nan")}
    assert encoded(fields) == {"seed": [1, 2**63], "learning_rate": 0.5, "tolerance": "Infinity", "nan": "NaN"}
    assert encoded(np.array([2, 0]), "target") == [2, 0]


def test_other_values_are_refused() -> None:
    with pytest.raises(TypeError, match="array of numbers"):
        as_array(["a"])
    with pytest.raises(TypeError, match="weights of type object"):
        encoded({"weights": object()})
