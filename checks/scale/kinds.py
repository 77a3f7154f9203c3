"""The kinds of request whose capacity is measured. All bodies are the same in every run."""

import json
import pathlib
import sys
from dataclasses import dataclass

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "Benchmarks" / "peers"))
from bodies import Bodies

NETWORK = {
    "input": [[0.5, -0.5], [1, -1], [1.5, 2]],
    "layout": "rows",
    "seed": 5,
    "layers": [
        {"weights": [[0.1 * (row + 1), 0.2] for row in range(16)], "bias": 0.1, "activation": "relu", "rate": 0.2},
        {"weights": [[0.05 * (column + 1) for column in range(16)]], "bias": 0.5},
    ],
}


@dataclass(frozen=True)
class Kind:
    """`body` is a file to POST, or None for GET."""

    name: str
    path: str
    body: pathlib.Path | None
    connections: int


def all_kinds(folder):
    bodies = Bodies(folder)

    def post(name, path, question, connections=8):
        return Kind(name, path, bodies.file(f"scale-{name}.json", lambda: json.dumps(question).encode()), connections)

    def mask(name, elements, **more):
        return post(name, "/mask", {"shape": [elements], "rate": 0.2, "seed": 42, **more})

    training = {**NETWORK, "target": [1, 2, 3], "loss": "mse", "learning_rate": 0.01, "optimizer": "adam", "steps": 20}
    row = [0.1 * number for number in range(64)]
    kept = [0.0 if number % 5 == 0 else 1.25 for number in range(10_000)]
    return [
        Kind("GET mask", "/mask?shape=4,2&rate=0.2&seed=42", None, 16),
        Kind("forward 4x2", "/forward", bodies.forward("s", 4, 2), 16),
        Kind("forward 100x100", "/forward", bodies.forward("m", 100, 100), 8),
        Kind("forward 1000x1000", "/forward", bodies.forward("l", 1000, 1000), 4),
        Kind("forward 1000x1000 base64", "/forward", bodies.forward_base64("l-packed", 1000, 1000, ',"mask_format":"packed"'), 4),
        mask("mask 10^6 packed", 1_000_000, mask_format="packed"),
        mask("mask 10^7 packed", 10_000_000, mask_format="packed"),
        mask("mask 10^7 statistics", 10_000_000, include=["statistics"]),
        post("train-step of 20 steps", "/train-step", training),
        post("passes 1000 of a network", "/forward", {**NETWORK, "samples": 1000, "include": ["moments"]}),
        post(
            "passes 100000 of 64", "/forward", {"input": row, "rate": 0.5, "seed": 1, "samples": 100_000, "include": ["moments"]}, 2
        ),
        post("verify 10^4", "/verify", {"input": [1.0] * 10_000, "output": kept, "rate": 0.2}),
    ]
