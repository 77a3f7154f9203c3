"""Questions at and over the bounds of each route: 422 with a pointer to the place (RFC 6901), or an answer."""

import json

from case import Case, post

X = [[1, 2], [3, 4]]
LAYER = {"weights": [[1, 2], [3, 4]], "bias": [0, 0], "activation": "relu", "rate": 0.5}

# A body that is answered, and changes to it: the fields, and the pointer of an error or None for an answer.
BASES = {
    "/mask": {"shape": [2, 2], "rate": 0.5, "seed": 1},
    "/forward": {"input": X, "rate": 0.5, "seed": 1},
    "/train-step": {
        "layers": [{"weights": [[1, 2]], "bias": [0]}],
        "input": X,
        "target": [[1, 2]],
        "loss": "mse",
        "learning_rate": 0.1,
        "seed": 1,
    },
    "/verify": {"input": X, "output": [[2, 0], [0, 8]], "rate": 0.5},
}

# Of all routes that draw.
DRAW = [
    ({"rate": 0}, None),
    ({"rate": 1}, None),
    ({"rate": -0.0}, None),
    ({"rate": -1e-9}, "/rate"),
    ({"rate": 1.0000001}, "/rate"),
    ({"rate": 2}, "/rate"),
    ({"rate": "0.5"}, "/rate"),
    ({"rate": None}, ("", "/rate")),
    ({"rate": "NaN"}, "/rate"),
    ({"rate": [0.5]}, "/rate"),
    ({"rate": {}}, "/rate"),
    ({"rate": True}, "/rate"),
    ({"rate": "Infinity"}, "/rate"),
    ({"keep_prob": 0.5}, None),
    ({"keep_prob": 0.6}, ("/rate", "/keep_prob", "")),
    ({"seed": 0}, None),
    ({"seed": 18446744073709551615}, None),
    ({"seed": "18446744073709551615"}, None),
    ({"seed": 18446744073709551616}, "/seed"),
    ({"seed": -1}, "/seed"),
    ({"seed": 1.5}, "/seed"),
    ({"seed": "x"}, "/seed"),
    ({"seed": ""}, "/seed"),
    ({"seed": "-1"}, "/seed"),
    ({"seed": "18446744073709551616"}, "/seed"),
    ({"seed": True}, "/seed"),
    ({"seed": [1, 2, 3]}, ("/seed", "/seed/0")),
    ({"seed": " 1"}, "/seed"),
    ({"seed": 1e300}, "/seed"),
    ({"step": 4294967295}, None),
    ({"step": 4294967296}, "/step"),
    ({"step": -1}, "/step"),
    ({"step": 0.5}, "/step"),
    ({"stream": 4294967296}, "/stream"),
    ({"stream": "x"}, "/stream"),
    ({"offset": -1}, "/offset"),
    ({"offset": 1e30}, "/offset"),
    ({"full_shape": [4, 4]}, None),
    ({"full_shape": [4, 4], "start": [2, 1]}, None),
    ({"full_shape": [4, 4], "start": [3, 0]}, "/start"),
    ({"full_shape": [4, 4], "start": [0]}, "/start"),
    ({"full_shape": [4, 4], "start": [0, 0.5]}, ("/start", "/start/1")),
    ({"full_shape": [4, 4], "offset": 1}, "/full_shape"),
    ({"full_shape": [1, 4]}, "/full_shape"),
    ({"full_shape": [4]}, "/full_shape"),
    ({"full_shape": [1 << 32, 1 << 32]}, "/full_shape"),
    ({"full_shape": 4}, "/full_shape"),
    ({"start": [0, 0]}, "/start"),
    ({"generator": "dice"}, "/generator"),
    ({"generator": 1}, "/generator"),
    ({"generator": ""}, "/generator"),
    ({"dtype": "float8"}, "/dtype"),
    ({"dtype": 32}, "/dtype"),
    ({"granularity": "row"}, "/granularity"),
    ({"granularity": "unit"}, None),
    ({"mode": "x"}, ("/mode", "")),
    ({"keep_prop": 0.5}, ("/keep_prop", "")),
    ({"Rate": 0.5}, ("/Rate", "")),
    ({"": 1}, ("/", "")),
    ({"a/b~c": 1}, ("/a~1b~0c", "")),
    ({"\u00e9": 1}, ("/\u00e9", "")),
]

CHANGES = {
    "/mask": DRAW
    + [
        ({"shape": []}, None),
        ({"shape": [0]}, (None, "/shape", "/shape/0")),
        ({"shape": [1]}, None),
        ({"shape": [-1]}, ("/shape", "/shape/0")),
        ({"shape": [1.5]}, ("/shape", "/shape/0")),
        ({"shape": ["2"]}, ("/shape", "/shape/0")),
        ({"shape": 4}, ("/shape", None)),
        ({"shape": None}, ("", "/shape")),
        ({"shape": [[2]]}, ("/shape", "/shape/0")),
        ({"shape": [1 << 24]}, None),
        ({"shape": [(1 << 24) + 1]}, ("/shape", "")),
        ({"shape": [1 << 32, 1 << 32]}, ("/shape", "")),
        ({"shape": [1 << 62, 4]}, ("/shape", "")),
        ({"shape": [9223372036854775807]}, ("/shape", "/shape/0", "")),
        ({"shape": [1] * 65}, ("/shape", None)),
        ({"shape": True}, "/shape"),
        ({"mask_format": "packed"}, None),
        ({"mask_format": "indices"}, None),
        ({"mask_format": "none"}, None),
        ({"mask_format": "bits"}, "/mask_format"),
        ({"noise_shape": [1, 2]}, None),
        ({"noise_shape": [3, 2]}, ("/noise_shape", "/noise_shape/0")),
        ({"noise_shape": [1]}, ("/noise_shape", None)),
        ({"tensor_format": "csv"}, ("/tensor_format", "")),
    ],
    "/forward": DRAW
    + [
        ({"input": 5}, None),
        ({"input": []}, None),
        ({"input": [[]]}, None),
        ({"input": ["NaN", "Infinity", "-Infinity"]}, None),
        ({"input": ["nan"]}, ("/input", "/input/0")),
        ({"input": [None]}, ("/input", "/input/0")),
        ({"input": [[1], [1, 2]]}, ("/input", "/input/1")),
        ({"input": [[1], 2]}, ("/input", "/input/1")),
        ({"input": "x"}, "/input"),
        ({"input": {}}, ("/input", "/input/shape")),
        ({"input": None}, ("", "/input")),
        ({"input": [True]}, ("/input", "/input/0")),
        ({"input": {"shape": [2], "data": [1, 2]}}, None),
        ({"input": {"shape": [3], "data": [1, 2]}}, ("/input", "/input/data", "/input/shape")),
        ({"input": {"shape": [-1], "data": []}}, ("/input/shape", "/input/shape/0")),
        ({"input": {"shape": [1 << 40], "data": []}}, ("/input/shape", "/input/data", "/input")),
        ({"input": {"shape": [1], "dtype": "float32", "base64": "AACAPw=="}}, None),
        ({"input": {"shape": [1], "dtype": "float32", "base64": "AACAPw"}}, (None, "/input/base64", "/input")),
        ({"input": {"shape": [1], "dtype": "float32", "base64": "!"}}, ("/input/base64", "/input")),
        ({"input": {"shape": [2], "dtype": "float32", "base64": "AACAPw=="}}, ("/input/base64", "/input", "/input/shape")),
        ({"input": {"shape": [1], "dtype": "int8", "base64": "AA=="}}, ("/input/dtype", "/input")),
        ({"mask": [[1, 0], [0, 1]]}, ("/seed", "/mask", "", None)),
        ({"mask": [[1, 2], [0, 1]]}, ("/mask", "/mask/0/1", "/seed", "")),
        ({"uniforms": [[0.1, 0.2], [0.3, 1.0]]}, ("/uniforms", "/uniforms/1/1", "/seed", "")),
        ({"scheme": "upside-down"}, "/scheme"),
        ({"scheme": "classic"}, None),
        ({"mode": "eval"}, None),
        ({"layout": "diagonal"}, "/layout"),
        ({"layout": "rows"}, None),
        ({"dtype": "float32"}, None),
        ({"dtype": "float16"}, None),
        ({"dtype": "bfloat16"}, None),
        ({"dtype": "float16", "input": 65519}, None),
        ({"dtype": "float16", "input": 65520}, "/input"),
        ({"dtype": "float16", "input": [1, -65520]}, "/input/1"),
        ({"dtype": "bfloat16", "input": [1, 3.4e38]}, "/input/1"),
        ({"dtype": "float16", "layers": [LAYER], "rate": None}, "/dtype"),
        ({"input": {"shape": [1], "dtype": "float16", "base64": "ADw="}}, None),
        ({"input": {"shape": [1], "dtype": "bfloat16", "base64": "gD8="}}, None),
        ({"input": {"shape": [1], "dtype": "float16", "base64": "AAA8"}}, ("/input/base64", "/input")),
        ({"input": {"shape": [2], "dtype": "float16", "base64": "ADw="}}, ("/input/base64", "/input", "/input/shape")),
        ({"tensor_format": "base64"}, None),
        ({"samples": 2}, None),
        ({"samples": -1}, "/samples"),
        ({"samples": 1 << 40}, ("/samples", "")),
        ({"samples": 2.5}, "/samples"),
        ({"exact": True}, None),
        ({"exact": "yes"}, "/exact"),
        ({"exact": True, "input": [0] * 21}, ("/exact", "", "/input")),
        ({"include": ["mask"]}, None),
        ({"include": ["x"]}, ("/include", "/include/0")),
        ({"layers": [LAYER], "rate": None}, ("", None, "/rate")),
        ({"layers": []}, ("/layers", "")),
        ({"layers": 1}, "/layers"),
        ({"layers": [1]}, ("/layers", "/layers/0")),
        ({"layers": [{}]}, ("/layers/0", "/layers/0/weights", "")),
        ({"layers": [{**LAYER, "weights": [[1, 2, 3]]}]}, ("/layers/0/weights", "/layers/0", "/rate", "")),
        ({"layers": [{**LAYER, "bias": [0]}]}, ("/layers/0/bias", "/rate", "")),
        ({"layers": [{**LAYER, "activation": "magic"}]}, ("/layers/0/activation",)),
        ({"layers": [{**LAYER, "rate": 3}]}, ("/layers/0/rate",)),
        ({"variant": "x"}, ("/variant",)),
    ],
    "/train-step": [
        ({"dtype": "bfloat16"}, "/dtype"),
        ({"learning_rate": 0}, None),
        ({"learning_rate": "x"}, "/learning_rate"),
        ({"learning_rate": None}, ("", "/learning_rate")),
        ({"learning_rate": -1}, ("/learning_rate", None)),
        ({"learning_rate": "NaN"}, "/learning_rate"),
        ({"loss": "x"}, "/loss"),
        ({"loss": 1}, "/loss"),
        ({"target": None}, ("", "/target")),
        ({"target": [[1]]}, "/target"),
        ({"target": "x"}, "/target"),
        ({"optimizer": "x"}, ("/optimizer", "/optimizer/name", "/optimizer/kind")),
        ({"optimizer": 1}, "/optimizer"),
        ({"steps": 0}, "/steps"),
        ({"steps": 1 << 40}, ("/steps", "")),
        ({"steps": 2}, None),
        ({"layers": []}, ("/layers", "")),
        ({"layers": None}, ("", "/layers")),
        ({"layers": [{"weights": [[1, 2, 3]]}]}, ("/layers/0/weights", "/layers/0")),
        ({"max_norm": -1}, "/max_norm"),
        ({"max_norm": 0}, ("/max_norm", None)),
        ({"loss_samples": -1}, "/loss_samples"),
        ({"loss_samples": 1 << 40}, ("/loss_samples", "")),
        ({"optimizer_state": 1}, "/optimizer_state"),
        ({"seed": -1}, "/seed"),
        ({"input": "x"}, "/input"),
        ({"x": 1}, ("/x", "")),
        ({"loss": "cross_entropy", "target": [5, 5]}, ("/target", "/target/0")),
        ({"input": [[1e308, 1e308], [1e308, 1e308]]}, None),
    ],
    "/verify": [
        ({}, None),
        ({"output": X}, None),
        ({"output": None}, ""),
        ({"input": None}, ""),
        ({"output": [[1]]}, "/output"),
        ({"output": "x"}, "/output"),
        ({"outputs": [X, X]}, "/outputs"),
        ({"output": None, "outputs": [X]}, ("", None)),
        ({"tolerance": -1}, "/tolerance"),
        ({"tolerance": 0.2}, "/tolerance"),
        ({"tolerance": "x"}, "/tolerance"),
        ({"rate": 2}, "/rate"),
        ({"seed": -1}, "/seed"),
        ({"generator": "jax"}, ""),
        ({"generator": "philox"}, None),
        ({"generator": "x", "seed": 1}, "/generator"),
        ({"seed": 1}, None),
        ({"mask": [[1, 2], [0, 0]]}, ("/mask", "/mask/0/1")),
        ({"mask": [1]}, "/mask"),
        ({"x": 1}, ("/x", "")),
        ({"mode": "x"}, "/mode"),
        ({"input": ["NaN"], "output": ["NaN"]}, None),
        ({"input": [], "output": []}, None),
        ({"granularity": "x"}, "/granularity"),
    ],
}


def pointers(allowed):
    """A check that the answer is 200 where that is allowed, or points to one of the places."""
    allowed = allowed if isinstance(allowed, tuple) else (allowed,)

    def check(answers):
        if answers[-1].status == 200:
            return None if None in allowed else "an answer where a refusal is due"
        found = [entry["pointer"] for entry in answers[-1].json()["errors"]]
        return None if set(found) & set(allowed) else f"points to {found}, not to {allowed}: {answers[-1].body!r}"

    return check


def cases():
    for path, base in BASES.items():
        yield Case(f"{path} as it should be", post(path, json.dumps(base).encode()), 200, closes=False)
        for kind in ("[]", "1", '"x"', "null", "true"):
            yield Case(f"{path} {kind}", post(path, kind.encode()), 422, closes=False, checks=[pointers("")])
        for change, allowed in CHANGES[path]:
            body = {name: value for name, value in {**base, **change}.items() if value is not None}
            statuses = {200 if place is None else 422 for place in (allowed if isinstance(allowed, tuple) else (allowed,))}
            yield Case(
                f"{path} {json.dumps(change)[:80]}",
                post(path, json.dumps(body).encode()),
                tuple(statuses),
                closes=False,
                checks=[pointers(allowed)],
            )
        for name in base:
            body = {key: value for key, value in base.items() if key != name}
            yield Case(f"{path} without {name}", post(path, json.dumps(body).encode()), (200, 422), closes=False)
