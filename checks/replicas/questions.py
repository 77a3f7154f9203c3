"""What the replicas are asked: (method, target, body), the same in every run."""

import json
import random

FORWARD = {"input": [[7, 13], [7, 13], [16, 31], [16, 31]], "keep_prob": 0.8, "seed": 42}
NETWORK = {
    "input": [[1, 2], [1, 2], [1, 2]],
    "seed": 5,
    "layers": [
        {
            "weights": [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.4, 0.5, 0.6], [0.6, 0.5, 0.4]],
            "bias": 0.1,
            "activation": "tanh",
            "keep_prob": 0.8,
        },
        {"weights": [[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]], "activation": "softmax"},
    ],
}


def post(path, body, **more):
    return "POST", path, json.dumps({**body, **more}).encode()


def tensor(rows, columns):
    draw = random.Random(20)
    return [[round(draw.gauss(0, 1), 8) for _ in range(columns)] for _ in range(rows)]


def every_route():
    """All routes, both types, all that is random with its seed, answers in pieces, and refusals."""
    large = tensor(500, 600)
    generators = [
        "philox",
        "numpy-legacy",
        "numpy-pcg64",
        "numpy-philox",
        "torch-cpu",
        "jax",
        "jax-rbg",
        "tf-stateless",
        "keras-jax",
        "mlx",
        "tinygrad",
    ]
    questions = [("GET", target, None) for target in ("/", "/healthz", "/generators", "/openapi.yaml")]
    questions += [("GET", "/mask?shape=4,2&keep_prob=0.8&seed=42", None)]
    for dtype in ("float64", "float32"):
        questions += [
            post("/forward", FORWARD, dtype=dtype),
            post("/forward", {"input": large, "rate": 0.2, "seed": 1}, dtype=dtype),
            post("/forward", {"input": large, "rate": 0.2, "seed": 1}, dtype=dtype, tensor_format="base64"),
            post("/forward", FORWARD, dtype=dtype, samples=1000, exact=True),
            post("/forward", NETWORK, dtype=dtype, samples=50, samples_format="ndjson"),
            post(
                "/train-step",
                NETWORK,
                dtype=dtype,
                target=[1, 0],
                loss="cross_entropy",
                optimizer="adam",
                learning_rate=0.01,
                steps=20,
            ),
        ]
        questions += [post("/forward", FORWARD, dtype=dtype, variant=variant) for variant in ("alpha", "gaussian", "concrete")]
    questions += [post("/mask", {"shape": [64, 32], "rate": 0.3, "seed": 7}, generator=name) for name in generators]
    questions += [
        post("/mask", {"shape": [1000, 1000], "rate": 0.2, "seed": 3}, mask_format=form)
        for form in ("numbers", "packed", "indices")
    ]
    questions += [
        post("/verify", {"input": [7, 13, 16, 31], "output": [7, 13, 0, 31], "keep_prob": 0.8}),
        post("/forward", FORWARD, keep_prop=0.8),
        ("POST", "/forward", b'{"input": [1,'),
        ("GET", "/forwards", None),
    ]
    return questions


def load():
    """Short questions, some of which take a thread for a few milliseconds."""
    row = tensor(40, 50)
    return [
        post("/forward", FORWARD),
        post("/forward", FORWARD, dtype="float32", generator="torch-cpu"),
        post("/forward", {"input": row, "rate": 0.2, "seed": 9}, dtype="float32"),
        post("/forward", {"input": row, "rate": 0.2, "seed": 9}, samples=300, include=["samples"], dtype="float32"),
        post("/forward", NETWORK),
        post("/mask", {"shape": [64, 32], "rate": 0.3, "seed": 7}),
        post("/mask", {"shape": [500000], "rate": 0.3, "seed": 7}, mask_format="packed"),
        ("GET", "/mask?shape=4,2&keep_prob=0.8&seed=42", None),
    ]


def long(samples):
    """Takes a thread for a time that `samples` decides; the answer is short."""
    return post("/forward", {"input": tensor(1, 64), "rate": 0.5, "seed": 11}, samples=samples, include=["samples"])
