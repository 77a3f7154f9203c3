"""What every mistake needs: a service to ask for the right mask, and what an answer names."""

import dataclasses
import http.client
import json
import re

import numpy as np

# The generators whose masks are spoilt. They compare other numbers by other rules, in other orders.
GENERATORS = ["philox", "numpy-pcg64", "torch-cpu", "jax", "keras-tensorflow", "mlx", "onnxruntime", "tinygrad"]
RATES = [0.1, 0.3, 0.7]

# Names that only say that something is wrong. A mistake that has no better one is not named.
GENERAL = {"other_mask", "mask_differs", "values_differ", "other_noise", "gradient_mask_differs", "wrong_factor"}


class Service:
    """Asks a server on one connection."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, route, question):
        """The answer, or None for a refusal."""
        self.connection.request("POST", route, json.dumps(question), {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        body = response.read()
        if response.status >= 500:
            raise SystemExit(f"{route} answers {response.status}: {body[:500]} to {json.dumps(question)[:500]}")
        return json.loads(body) if response.status == 200 else None

    def mask(self, shape, draw, **more):
        """The mask of a draw, as float64; None if the generator does not take it."""
        answer = self.ask("/mask", {"shape": list(shape), **draw, **more})
        return None if answer is None else np.array(answer["mask"], dtype=np.float64).reshape(shape)


@dataclasses.dataclass
class Case:
    """One output with a mistake. `named` is a pattern for what the answer must name, and `also` for what it may name besides."""

    mistake: str
    question: dict
    named: str
    also: str = "$^"


def names(answer):
    """What an answer names: each mistake, its detail, and the relation with its numbers."""
    for finding in answer["findings"]:
        evidence = finding["evidence"]
        numbers = " ".join(f"{key}={evidence[key]}" for key in ("shift", "lanes", "period", "axis", "from") if key in evidence)
        relation = f" {evidence['relation']} {numbers}" if "relation" in evidence else ""
        found = " FOUND" if "it is that of" in finding["detail"] or "they are those of" in finding["detail"] else ""
        yield finding["mistake"], f"{finding['mistake']}{relation}{found}: {finding['detail']}"


def judge(service, case):
    """ "named", "not" or "falsely", and the answer."""
    answer = service.ask("/verify", case.question)
    if answer is None:
        return "refused", None
    found = list(names(answer))
    if any(re.search(case.named, text) for _, text in found):
        strange = [
            text
            for name, text in found
            if name not in GENERAL and not re.search(case.named, text) and not re.search(case.also, text)
        ]
        return ("falsely" if strange else "named"), found
    strange = [
        text for name, text in found if not re.search(case.also, text) and (name not in GENERAL or re.match(r"\w+ \w+", text))
    ]
    return ("falsely" if strange else "not"), found


def numbers(array):
    return array.tolist()


def data(random, shape):
    """Activations without zeros."""
    x = random.standard_normal(shape)
    return np.where(np.abs(x) < 1e-3, 0.5, x)


def bfloat16(x):
    """The nearest bfloat16, ties to even, held in float64."""
    bits = np.asarray(x, dtype=np.float32).view(np.uint32).astype(np.uint64)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return rounded.astype(np.uint32).view(np.float32).astype(np.float64)


def float16(x):
    return np.asarray(x, dtype=np.float16).astype(np.float64)
