"""What /forward answers, with which the answers of the inference routes must agree bit for bit."""

import base64
import json

import numpy as np

from wire import ask

# The variant of each model, and the shape that it is asked with here.
MODELS = {
    "dropout": ("dropout", (4, 6)),
    "alpha_dropout": ("alpha", (4, 6)),
    "gaussian_dropout": ("gaussian", (4, 6)),
    "spatial_dropout": ("spatial", (2, 3, 4)),
    "drop_path": ("drop_path", (4, 6)),
    "drop_block": ("drop_block", (1, 2, 12)),
    "variational_dropout": ("variational", (2, 3, 4)),
    "concrete_dropout": ("concrete", (4, 6)),
}
# The models whose noise is a number, and which have no mask.
CONTINUOUS = {"gaussian_dropout", "concrete_dropout"}


def forward(port, array, **fields):
    """The output and the mask of /forward as arrays. The mask is None if there is none."""
    if array.dtype in (np.float16, np.float32, np.float64):
        tensor = {"dtype": array.dtype.name, "base64": base64.b64encode(array.tobytes()).decode()}
        dtype = array.dtype.name
    else:
        tensor, dtype = {"data": array.astype(np.float64).ravel().tolist()}, "float64"
    question = {
        "input": {"shape": list(array.shape), **tensor},
        "dtype": dtype,
        "tensor_format": "base64",
        "mask_format": "packed",
        **fields,
    }
    answer = ask(port, "POST", "/forward", ["Content-Type: application/json"], json.dumps(question).encode())
    if answer.status != 200:
        raise ValueError(f"/forward answers {answer.status}: {answer.body[:300]}")
    members = answer.json()
    output = np.frombuffer(base64.b64decode(members["output"]["base64"]), dtype).reshape(array.shape)
    if "mask" not in members:
        return output, None
    bits = np.unpackbits(np.frombuffer(base64.b64decode(members["mask"]), np.uint8), count=array.size)
    return output, bits.astype(bool).reshape(array.shape)


def same(one, other):
    """Whether two arrays have the same type, shape and bits. NaN is the same as NaN."""
    if one is None or other is None:
        return one is other
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
