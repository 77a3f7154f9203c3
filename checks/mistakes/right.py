"""Right outputs, in which nothing may be named: of all generators, variants, types and orders."""

import math

import numpy as np

from planting import bfloat16, data, float16, numbers
from variants import affine

TYPES = ["float64", "float32", "float16", "bfloat16"]
ROUND = {"float64": np.asarray, "float32": lambda x: np.float32(x).astype(np.float64), "float16": float16, "bfloat16": bfloat16}
VARIANTS = ["dropout", "alpha", "spatial", "drop_path", "drop_block", "variational", "zoneout", "gaussian", "concrete"]


def shape_of(random, variant):
    if variant in ("spatial", "drop_block"):
        return (int(random.integers(1, 5)), int(random.integers(1, 7)), int(random.integers(5, 12)), int(random.integers(5, 12)))
    if variant == "variational":
        return tuple(int(extent) for extent in random.integers(2, 14, size=int(random.integers(2, 4))))
    return tuple(int(extent) for extent in random.integers(1, 22, size=int(random.integers(1, 4))))


def fields_of(random, variant, shape, record):
    """What a question has besides its tensors."""
    fields = {
        "rate": float(random.choice([0.03, 0.1, 0.25, 0.5, 0.75, 0.9])),
        "seed": int(random.integers(0, 2**31)),
        "generator": record["name"],
        "dtype": str(random.choice(TYPES)),
        "layout": str(random.choice(["rows", "columns"])),
    }
    if "order" in record["parameters"] and variant == "dropout" and len(shape) > 1 and random.random() < 0.4:
        fields["order"] = [int(axis) for axis in random.permutation(len(shape))]
    if variant == "dropout":
        if random.random() < 0.3:
            fields["granularity"] = str(random.choice(["unit", "sample", "channel"]))
        if random.random() < 0.2:
            fields["scheme"] = "classic"
    else:
        fields["variant"] = variant
    if variant == "drop_block":
        fields["rate"] = min(fields["rate"], 0.25)
        fields["block_size"] = int(random.integers(1, 5))
    if variant == "concrete":
        fields["temperature"] = float(random.choice([0.05, 0.1, 0.5, 1.0, 3.0]))
    if variant in ("gaussian", "concrete"):
        fields["generator"] = "philox"
    return fields


def own_output(x, mask, fields, previous):
    """The output by NumPy in the type of the question, for the variants of two values; None for the others."""
    rounded, rate = ROUND[fields["dtype"]], fields["rate"]
    variant = fields.get("variant", "dropout")
    if variant == "alpha":
        a, b = affine(rate)
        return rounded(
            np.where(
                mask == 1, rounded(rounded(x * rounded(a)) + rounded(b)), rounded(rounded(-1.7580993408473766 * a) + rounded(b))
            )
        )
    if variant == "zoneout":
        return np.where(mask == 1, x, previous)
    if variant in ("dropout", "spatial", "drop_path", "variational"):
        factor = 1 if fields.get("scheme") == "classic" else rounded(1 / (1 - rate))
        return rounded(np.where(mask == 1, x * factor, 0))
    return None


def outputs(service, random, records, count):
    """`count` questions with a right output, each of the service's pass or of NumPy's."""
    made, number = 0, 0
    while made < count:
        record, variant = records[number % len(records)], VARIANTS[number // len(records) % len(VARIANTS)]
        number += 1
        shape = shape_of(random, variant)
        fields = fields_of(random, variant, shape, record)
        rounded = ROUND[fields["dtype"]]
        x = rounded(data(random, shape))
        if random.random() < 0.2:
            x = np.where(random.random(shape) < 0.1, 0.0, x)
        if variant == "zoneout":
            fields["previous"] = numbers(rounded(data(random, shape)))
        answer = service.ask("/forward", {"input": numbers(x), **fields, "include": ["output", "mask"]})
        if answer is None:
            continue
        question = {"input": numbers(x), "output": answer["output"], **fields}
        isown = random.random() < 0.4
        if isown and "mask" in answer:
            mask = np.broadcast_to(np.array(answer["mask"], dtype=np.float64), shape)
            y = own_output(x, mask, fields, np.array(fields["previous"]) if variant == "zoneout" else None)
            if y is not None:
                question["output"] = numbers(y)
                # Its last bits are NumPy's, so no library is named.
                for field in ("seed", "generator", "order"):
                    question.pop(field, None)
                question["mask"] = numbers(mask)
        elif random.random() < 0.3:
            for field in ("seed", "generator", "order"):
                question.pop(field, None)
        if random.random() < 0.25 and math.prod(shape) > 0:
            gradient(service, random, question, fields, answer, x)
        made += 1
        yield question


def gradient(service, random, question, fields, answer, x):
    """Adds a right gradient: the backward pass is the forward one of the upstream gradient, except what is added to it."""
    variant, rounded = fields.get("variant", "dropout"), ROUND[fields["dtype"]]
    y = np.array(question["output"])
    g = rounded(data(random, x.shape))
    if variant in ("dropout", "spatial", "drop_path", "variational"):
        factor = 1 if fields.get("scheme") == "classic" else rounded(1 / (1 - fields["rate"]))
        mask = np.broadcast_to(np.array(answer["mask"], dtype=np.float64), x.shape)
        question["output_gradient"], question["gradient"] = numbers(g), numbers(rounded(g * mask * factor))
    elif variant in ("gaussian", "concrete"):
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(x != 0, y / np.where(x == 0, 1, x), 0)
        question["output_gradient"], question["gradient"] = numbers(g), numbers(rounded(g * factor))
