"""Mistakes in the mask of a generator, and in the scale of what is kept."""

import numpy as np

from planting import Case, bfloat16, data, float16, numbers

ROWS, COLUMNS = 24, 32
SHAPE = (ROWS, COLUMNS)
COUNT = ROWS * COLUMNS


def case(mistake, x, mask, rate, draw, named, also="$^", **more):
    """An output with the mask, right except it, that is said to be of a draw."""
    y = np.where(mask == 1, x / (1 - rate), 0)
    return Case(mistake, {"input": numbers(x), "output": numbers(y), **draw, **more}, named, also)


def lanes(order):
    """The draws, each group of them in another order."""

    def apply(flat):
        width = len(order)
        whole = len(flat) - len(flat) % width
        groups = flat[:whole].reshape(-1, width)[:, order].reshape(-1)
        return np.concatenate([groups, flat[whole:]])

    return apply


def masks(service, random, generator, rate):
    """What goes wrong between the generator and the tensor."""
    seed = int(random.integers(1, 2**31))
    draw = {"rate": rate, "seed": seed, "generator": generator}
    x, mask = data(random, SHAPE), service.mask(SHAPE, draw)
    flat = mask.reshape(-1)

    def spoilt(mistake, bits, named, also="$^"):
        return case(mistake, x, np.asarray(bits).reshape(SHAPE), rate, draw, named, also)

    yield spoilt("column-major order", flat.reshape(COLUMNS, ROWS).T, r"column_major|with order \[1,0\]|with order")
    # The same except generators that draw by the shape, and then a mask of its own.
    yield spoilt("the mask of the transposed shape", service.mask((COLUMNS, ROWS), draw).T, r"column_major|with order")
    late, early = int(random.integers(1, 40)), int(random.integers(41, 200))
    fill = (random.random(COUNT) >= rate).astype(float)
    yield spoilt("begun some elements too late", np.concatenate([flat[late:], fill[:late]]), rf"shift={late}|FOUND")
    yield spoilt("begun some elements too early", np.concatenate([fill[:early], flat[:-early]]), rf"shift=-{early}|FOUND")
    yield spoilt("kept and dropped exchanged", 1 - flat, "kept_and_dropped_exchanged|keep_when", "keep_and_rate_swapped")
    for width in (2, 4, 8):
        reverse = list(range(width))[::-1]
        yield spoilt("lanes reversed", lanes(reverse)(flat), rf"lanes_reversed lanes={width}|vector_width")
        pairs = [place // 2 + place % 2 * width for place in range(2 * width)]
        yield spoilt("lanes interleaved", lanes(pairs)(flat), rf"lanes_(interleaved|separated) lanes={width}")
        if width > 2:
            apart = [place % width * 2 + place // width for place in range(2 * width)]
            yield spoilt("lanes separated", lanes(apart)(flat), rf"lanes_separated lanes={width}")
    for period in (64, 256):
        yield spoilt(
            f"the mask of {period} elements repeated",
            np.resize(flat[:period], COUNT),
            rf"period={period}|every {period} ",
            "mask_repeated",
        )
    tile = 16
    columns = np.arange(COLUMNS) % tile
    yield spoilt(
        "column tiles with the same mask", mask[:, columns], r"repeated_along_axis axis=1 period=16|period=16", "mask_repeated"
    )
    compact = flat[: ROWS * tile].reshape(ROWS, tile)[:, columns]
    yield spoilt("column tiles, each with the first draws", compact, r"repeated_along_axis .*period=16", "mask_repeated")
    end = int(random.integers(600, 660))
    tail = np.arange(COUNT) >= end
    yield spoilt("the last tile not dropped", np.where(tail, 1, flat), "tail_not_dropped")
    y = np.where(mask == 1, x / (1 - rate), 0)
    for mistake, rest in (("the last tile copied", x), ("the last tile not written", np.zeros(SHAPE))):
        wrong = np.where(tail.reshape(SHAPE), rest, y)
        name = "tail_not_dropped" if mistake.endswith("copied") else "tail_not_written"
        yield Case(mistake, {"input": numbers(x), "output": numbers(wrong), **draw}, name, "tail_not")


def seeds(service, random, generator, rate):
    """Another draw of the same generator."""
    seed = int(random.integers(1, 2**31))
    draw = {"rate": rate, "seed": seed, "generator": generator}
    x = data(random, SHAPE)
    zero = service.mask(SHAPE, {**draw, "seed": 0})
    if zero is not None:
        yield case("seed 0, or the seed ignored", x, zero, rate, draw, "with seed 0|FOUND")
    wide = {**draw, "seed": seed + (1 << 32)}
    whole, cut = service.mask(SHAPE, wide), service.mask(SHAPE, draw)
    # Some libraries take no such seed, and some cut it themselves.
    if whole is not None and not np.array_equal(whole, cut):
        yield case("the seed cut to 32 bits", x, cut, rate, wide, f"with seed {seed}|FOUND")
    answer = service.ask("/mask", {"shape": list(SHAPE), **draw, "include": ["next"]})
    after = (answer or {}).get("next")
    if after:
        following = {key: value for key, value in {**draw, **after}.items() if key != "generator_note"}
        second = service.mask(SHAPE, following)
        if second is not None:
            yield case("the next call", x, second, rate, draw, "FOUND")
            yield case("the previous call", x, cut, rate, following, "FOUND")


def thresholds(service, random, generator, rate):
    """`>` where the library has `>=`, or `<=` for `<`: seen only if a draw is exactly the threshold."""
    draw = {"seed": int(random.integers(1, 2**31)), "generator": generator}
    answer = service.ask("/mask", {"shape": list(SHAPE), "rate": 0.5, **draw, "include": ["mask", "uniforms"]})
    if answer is None:
        return
    uniforms, mask = np.array(answer["uniforms"]).reshape(-1), np.array(answer["mask"]).reshape(-1)
    isbelow = uniforms[mask == 1].mean() < uniforms[mask == 0].mean()
    field = "keep_prob" if isbelow else "rate"
    place = int(np.argmin(np.abs(uniforms - (1 - rate if isbelow else rate))))
    draw[field] = float(uniforms[place])
    wrong = service.mask(SHAPE, draw).reshape(-1)
    wrong[place] = 1 - wrong[place]
    x = data(random, SHAPE)
    keep = draw[field] if isbelow else 1 - draw[field]
    yield case("`>` for `>=`, or `<=` for `<`", x, wrong.reshape(SHAPE), 1 - keep, draw, "threshold_exchanged|keep_when")


def values(service, random, generator, rate):
    """The scale of what is kept, and its type. No generator is named."""
    x = data(random, SHAPE)
    mask = service.mask(SHAPE, {"rate": rate, "seed": int(random.integers(1, 2**31)), "generator": generator})
    keep = 1 - rate

    def spoilt(mistake, y, named, also="$^", **more):
        return Case(mistake, {"input": numbers(x), "output": numbers(y), "rate": rate, **more}, named, also)

    yield spoilt("not divided by keep", x * mask, "not_scaled")
    yield spoilt("divided by keep twice", x * mask / keep**2, "scaled_twice")
    yield spoilt("divided by the rate", x * mask / rate, "keep_and_rate_swapped")
    yield spoilt("multiplied by keep", x * mask * keep, r"wrong_factor.*\(keep\)")
    yield spoilt("dropout is off", x, "identity")
    yield spoilt("everything is 0", x * 0, "everything_dropped", "mask_repeated")
    yield spoilt("scaled in evaluation", x / keep, r"eval_scaled.*1 / keep", mode="eval")
    yield spoilt("dropped in evaluation", x * mask / keep, "dropped_in_eval", mode="eval")
    yield spoilt("the rate in evaluation", x * rate, "eval_scaled.*the rate", mode="eval", scheme="classic")
    rows = np.repeat(mask[:, :1], COLUMNS, axis=1)
    yield spoilt("one draw for each row", x * rows / keep, "wrong_granularity")
    for name, rounded in (("float16", float16), ("bfloat16", bfloat16)):
        y = rounded(rounded(x) * mask * rounded(1 / keep))
        yield spoilt(f"computed in {name}", y, f"other_precision.*{name}")
        if rounded(rate) != rate:
            y = x * mask / (1 - rounded(rate))
            yield spoilt(f"the rate rounded to {name}", y, f"rounded to {name}")
    single = float(np.float32(rate))
    yield spoilt("the rate rounded to float32", x * mask / (1 - single), "rounded to float32", tolerance=1e-12)
    passes = [numbers(x * mask / keep)] * 2
    yield Case("the same mask in each pass", {"input": numbers(x), "outputs": passes, "rate": rate}, "masks_equal")


SUITES = (masks, seeds, thresholds, values)
