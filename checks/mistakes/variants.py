"""Mistakes in the variants, made with NumPy from the definitions of their papers."""

import numpy as np

from planting import Case, data, numbers

ALPHA, ELU = 1.7580993408473766, 1.6732632423543772
MAPS = (4, 8, 12, 12)


def affine(rate, alpha=ALPHA):
    """a and b of alpha dropout."""
    a = 1 / np.sqrt((alpha**2 * rate + 1) * (1 - rate))
    return a, alpha * a * rate


def question(variant, x, y, rate, **more):
    return {"variant": variant, "input": numbers(x), "output": numbers(y), "rate": rate, **more}


def drawn(service, random, generator, rate, shape):
    seed = int(random.integers(1, 2**31))
    draw = {"seed": seed, "generator": generator}
    return service.mask(shape, {**draw, "rate": rate}), draw


def alpha(service, random, generator, rate):
    shape = (24, 32)
    x, (mask, draw) = data(random, shape), drawn(service, random, generator, rate, shape)
    a, b = affine(rate)

    def spoilt(mistake, kept, dropped, named, also="$^"):
        return Case(f"alpha: {mistake}", question("alpha", x, np.where(mask == 1, kept, dropped), rate, **draw), named, also)

    yield spoilt("no affine map", x, -ALPHA, "affine_missing")
    yield spoilt("a without b", a * x, -ALPHA * a, "affine_missing.*shift")
    yield spoilt("0 before the affine map", a * x + b, b, "wrong_dropped_value.*becomes 0")
    yield spoilt("dropout itself", x / (1 - rate), 0, "other_variant")
    other, shift = affine(0.2)
    yield spoilt("a and b of another rate", other * x + shift, -ALPHA * other + shift, "other_rate.*0.2")
    swapped, shift = affine(1 - rate)
    yield spoilt("a and b of keep", swapped * x + shift, -ALPHA * swapped + shift, "keep_and_rate_swapped|other_rate")
    lacking, shift = affine(rate, ELU)
    yield spoilt("ELU's alpha", lacking * x + shift, -ELU * lacking + shift, "wrong_dropped_value.*1.6733")
    wrong = np.where(mask == 0, a * x + b, -ALPHA * a + b)
    yield Case(
        "alpha: kept and dropped exchanged",
        question("alpha", x, wrong, rate, **draw),
        "kept_and_dropped_exchanged|keep_when|with keep and rate exchanged",
        "keep_and_rate_swapped",
    )


def shared(service, random, generator, rate):
    """The variants whose elements share draws."""
    x, keep = data(random, MAPS), 1 - rate
    elements, _ = drawn(service, random, generator, rate, MAPS)
    channels, draw = drawn(service, random, generator, rate, (4, 8, 1, 1))
    last, _ = drawn(service, random, generator, rate, (4, 1, 1, 12))
    yield Case("spatial: elements", question("spatial", x, x * elements / keep, rate), "wrong_granularity.*element")
    yield Case("spatial: channels last for first", question("spatial", x, x * last / keep, rate), "wrong_granularity.*last")
    yield Case("spatial: not scaled", question("spatial", x, x * channels, rate, **draw), "not_scaled")
    rows = data(random, (64, 16))
    paths, draw = drawn(service, random, generator, rate, (64, 1))
    elements, _ = drawn(service, random, generator, rate, (64, 16))
    more = {"layout": "rows"}
    yield Case(
        "drop path: elements", question("drop_path", rows, rows * elements / keep, rate, **more), "wrong_granularity.*element"
    )
    yield Case("drop path: not scaled", question("drop_path", rows, rows * paths, rate, **draw, **more), "not_scaled")
    steps = data(random, (4, 20, 16))
    mask, draw = drawn(service, random, generator, rate, (4, 1, 16))
    fresh, _ = drawn(service, random, generator, rate, (4, 20, 16))
    yield Case(
        "variational: a mask for each step",
        question("variational", steps, steps * fresh / keep, rate),
        "wrong_granularity.*element",
    )
    yield Case("variational: not scaled", question("variational", steps, steps * mask, rate, **draw), "not_scaled")


def zoneout(service, random, generator, rate):
    shape = (24, 32)
    x, state = data(random, shape), data(random, shape)
    mask, draw = drawn(service, random, generator, rate, shape)
    keep = 1 - rate

    def spoilt(mistake, kept, dropped, named, also="$^", m=mask, **more):
        y = np.where(m == 1, kept, dropped)
        return Case(f"zoneout: {mistake}", question("zoneout", x, y, rate, previous=numbers(state), **more), named, also)

    yield spoilt("0 for the previous state", x, 0, "state_not_kept")
    yield spoilt("dropout itself", x / keep, 0, "other_variant")
    yield spoilt("divided by keep", x / keep, state, "wrong_factor.*does not scale")
    yield spoilt("new and previous exchanged", state, x, "kept_and_dropped_exchanged|keep_when", "keep_and_rate_swapped", **draw)
    yield spoilt("one state in evaluation", x, state, "dropped_in_eval", mode="eval")
    yield spoilt("the new state in evaluation", x, x, "eval_not_scaled", mode="eval")
    wrong = keep * state + rate * x
    yield spoilt("weights exchanged in evaluation", wrong, wrong, "keep_and_rate_swapped", mode="eval")


def widened(anchors, side, shape):
    """1 for each element that no fired anchor drops."""
    kept = np.ones(shape)
    height, width = anchors.shape[2:]
    for row in range(side):
        for column in range(side):
            view = kept[:, :, row : row + height, column : column + width]
            view[anchors == 1] = 0
    return kept


def blocks(service, random, generator, rate):
    shape, side = (8, 16, 14, 14), 3
    rate = min(rate, 0.5)
    x, keep, open_ = data(random, shape), 1 - rate, 14 - side + 1
    gamma = rate * 14 * 14 / (side**2 * open_**2)
    anchors, _ = drawn(service, random, generator, 1 - gamma, (*shape[:2], open_, open_))
    kept = widened(anchors, side, shape)
    more = {"block_size": side}
    scale = kept.size / kept.sum()
    yield Case("drop block: not scaled", question("drop_block", x, x * kept, rate, **more), "not_scaled")
    yield Case(
        "drop block: divided by keep", question("drop_block", x, x * kept / keep, rate, **more), "wrong_factor.*divided by keep"
    )
    own = x * kept * (kept[0].size / kept.sum(axis=(1, 2, 3), keepdims=True))
    yield Case("drop block: scaled by example", question("drop_block", x, own, rate, **more), "wrong_factor.*each example")
    single, _ = drawn(service, random, generator, rate, shape)
    y = x * single * single.size / single.sum()
    yield Case(
        "drop block: what is drawn as the mask", question("drop_block", x, y, rate, **more), "blocks_missing.*used as the mask"
    )
    small = widened(drawn(service, random, generator, 1 - gamma, (*shape[:2], 13, 13))[0], 2, shape)
    y = x * small * small.size / small.sum()
    yield Case("drop block: smaller blocks", question("drop_block", x, y, rate, **more), "blocks_missing.*of 2")
    many = widened(drawn(service, random, generator, 1 - rate, (*shape[:2], open_, open_))[0], side, shape)
    if many.sum() > 0:
        y = x * many * many.size / many.sum()
        yield Case(
            "drop block: the rate for gamma", question("drop_block", x, y, rate, **more), "kept_fraction_implausible.*the rate"
        )
    right = question("drop_block", x, x * kept * scale, rate, **more)
    yield Case("drop block: in evaluation", {**right, "mode": "eval"}, "dropped_in_eval")


def numeric(service, random, generator, rate):
    """The variants with factors. The numbers are NumPy's: no law needs those of a generator."""
    shape = (100, 200)
    x, keep = data(random, shape), 1 - rate
    normal = random.standard_normal(shape)

    def gaussian(mistake, factors, named):
        return Case(f"gaussian: {mistake}", question("gaussian", x, x * factors, rate), named)

    yield gaussian("variance rate", 1 + np.sqrt(rate) * normal, "wrong_noise.*the variance is the rate")
    yield gaussian("rate / keep as deviation", 1 + rate / keep * normal, "wrong_noise.*for the standard deviation")
    yield gaussian("mean 0", np.sqrt(rate / keep) * normal, "wrong_noise.*the 1 of")
    mask = (random.random(shape) < keep) / keep
    yield gaussian("dropout itself", mask, "other_variant")
    uniform = random.random(shape)

    def relaxed(temperature, rate=rate):
        logit = np.log(rate) - np.log(1 - rate) + np.log(uniform) - np.log1p(-uniform)
        return 1 / (1 + np.exp(np.clip(logit / temperature, -700, 700)))

    def concrete(mistake, factors, named, also="$^"):
        return Case(f"concrete: {mistake}", question("concrete", x, x * factors, rate, temperature=0.2), named, also)

    yield concrete("temperature absent", relaxed(1) / keep, "wrong_noise.*the temperature is 1")
    yield concrete("multiplied by the temperature", relaxed(5) / keep, "wrong_noise.*multiplied by the temperature")
    yield concrete("not divided by keep", relaxed(0.2), "not_scaled")
    yield concrete("a hard mask", mask, "other_variant")


def gradients(service, random, generator, rate):
    shape = (24, 32)
    x, g, keep = data(random, shape), data(random, shape), 1 - rate
    mask, draw = drawn(service, random, generator, rate, shape)
    fresh, _ = drawn(service, random, generator, rate, shape)
    y = x * mask / keep

    # The last bits of the output are NumPy's.
    def spoilt(mistake, gradient, named, also="other_rounding"):
        asked = {"input": numbers(x), "output": numbers(y), "rate": rate, **draw}
        return Case(f"gradient: {mistake}", {**asked, "output_gradient": numbers(g), "gradient": numbers(gradient)}, named, also)

    yield spoilt("not masked", g, "gradient_not_masked", "not_scaled|other_rounding")
    yield spoilt("scaled, not masked", g / keep, "gradient_not_masked")
    yield spoilt("not scaled", g * mask, "not_scaled")
    yield spoilt("scaled twice", g * mask / keep**2, "scaled_twice")
    yield spoilt("mask exchanged", g * (1 - mask) / keep, "gradient_mask_differs kept_and_dropped_exchanged")
    # A mask of its own has no better name than that.
    yield spoilt("another mask", g * fresh / keep, "gradient_mask_differs: the gradient is dropped elsewhere")
    columns = mask.reshape(-1).reshape(shape[::-1]).T
    yield spoilt("column-major mask", g * columns / keep, "gradient_mask_differs column_major")


SUITES = (alpha, shared, zoneout, blocks, numeric, gradients)
