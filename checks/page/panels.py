"""What each panel shows, compared with the article, with arithmetic in Python and with requests of its own."""

import ast
import itertools
import json
import math
import re
import subprocess
import sys
import urllib.request

import numpy

from browser import Browser, number

# What the article prints, digit by digit.
ARTICLE = {
    "Z1": [["7", "13"], ["7", "13"], ["16", "31"], ["16", "31"]],
    "A1": [["7", "13"], ["7", "13"], ["16", "31"], ["16", "31"]],
    "draws": [
        ["0.58695556", "0.41508454"], ["0.16031604", "0.24994934"], ["0.10260241", "0.8237806"], ["0.28117361", "0.8992166"],
    ],
    "D1": [["1", "1"], ["1", "1"], ["1", "0"], ["1", "0"]],
    "product": [["7", "13"], ["7", "13"], ["16", "0"], ["16", "0"]],
    "last": [["8.75", "16.25"], ["8.75", "16.25"], ["20", "0"], ["20", "0"]],
}  # fmt: skip
ACTIVATIONS = {1: [7, 7, 16, 16], 2: [13, 13, 31, 31]}
WEIGHTS, BIAS = [0.1, 0.2, 0.3, 0.4], 0.5


def checks(address):
    with Browser(address) as page:
        yield from steps(page)
        yield from network(page)
        yield from forest(page)
        yield from training(page)
        yield from library(page)
        yield from verify(page)
        for complaint in page.complaints():
            yield f"the console says {complaint}", False


def output(kept, example, keep):
    """The output of the example's network in Python: its kept units, divided by `keep`, times the second weights."""
    return sum(w * a * k for w, a, k in zip(WEIGHTS, ACTIVATIONS[example], kept)) / keep + BIAS


def shell(command):
    """What a command prints in a shell: JSON, or lines of it."""
    text = subprocess.run(command, shell=True, executable="/bin/sh", capture_output=True, check=True, timeout=60).stdout.decode()
    return [json.loads(line) for line in text.splitlines()]


def ask(address, path, question):
    request = urllib.request.Request(address + path, json.dumps(question).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def steps(page):
    page.open()
    page.click("#article")
    for table, printed in ARTICLE.items():
        yield f"the article's button shows {table} as {page.matrix(table)}", page.matrix(table) == printed
    page.hover('#tables [data-at="last.3.0"]')
    says = page.text("#arithmetic")
    yield f"a cell says {says!r}", says.endswith("4·1 + 5·1 + 6·1 + 1 = 16; kept, since 0.28 < 0.8; 16 / 0.8 = 20")
    page.hover('#tables [data-at="last.3.1"]')
    says = page.text("#arithmetic")
    yield f"a dropped cell says {says!r}", says.endswith("4·2 + 5·2 + 6·2 + 1 = 31; dropped, since 0.90 ≥ 0.8; 31 · 0 = 0")
    [marked] = page.probe("counts", "#tables", [".from"])
    yield f"the cells that a cell is made of are marked: {marked}", marked == 8
    struck = page.says("select('#tables s').map((dropped) => dropped.closest('[data-at]').dataset.at)")
    yield (
        f"the dropped cells are struck through: {struck}",
        struck == [f"{table}.{unit}.1" for table in ("D1", "product", "last") for unit in (2, 3)],
    )

    before, curl = page.matrix("Z2"), page.curl("steps")
    page.click('#tables button[data-at="D1.3.1"]')
    after, other = page.matrix("Z2"), page.curl("steps")
    yield "a click in D1 changes the output", before != after and number(after[0][1]) == output([1, 1, 0, 1], 2, 0.8)
    yield "a click in D1 changes the command", curl != other
    [answer] = shell(other)
    for table, numbers in [("last", answer["layers"][0]["output"]), ("D1", answer["layers"][0]["mask"]), ("Z2", answer["output"])]:
        shown = page.numbers(table)
        yield f"the command gives the numbers of {table}", [[float(f"{v:.8g}") for v in row] for row in numbers] == shown
    [answer] = shell(page.curl("steps", 1))
    shown = page.numbers("product")
    yield "the second command gives A1·D1", answer["layers"][0]["output"] == shown

    product = answer["layers"][0]["output"]
    printed = subprocess.run(
        [sys.executable, "-c", page.probe("request", "steps", 1, "Python")], capture_output=True, check=True, timeout=60
    )
    yield "the second request in Python gives A1·D1", ast.literal_eval(printed.stdout.decode())["layers"][0]["output"] == product
    script = page.probe("request", "steps", 1, "JavaScript")
    answer = page.wait(f"const console = {{log: done}}; (async () => {{ {script} }})()")
    yield "the second request in JavaScript gives A1·D1", answer["layers"][0]["output"] == product
    lines = page.wait(f"const console = {{log: done}}; (async () => {{ {page.probe('request', 'forest', 0, 'JavaScript')} }})()")
    yield "the passes in JavaScript are lines", len(lines) == 2 and lines[1]["samples"]["count"] == 1

    page.open("#seed=7&step=3")
    draws = page.numbers("draws")
    mask = page.numbers("D1")
    yield "a seed's draws below keep are the mask", [[float(draw < 0.8) for draw in row] for row in draws] == mask
    page.open("#mode=eval&scheme=classic")
    shown = page.numbers("last")
    expected = [[float(f"{0.8 * a:.8g}"), float(f"{0.8 * b:.8g}")] for a, b in zip(ACTIVATIONS[1], ACTIVATIONS[2])]
    yield "the classic test multiplies by keep", shown == expected


def network(page):
    page.open("#draws=article&example=2")
    parts = ["circle.unit:not(.dropped)", "circle.dropped", ".cross", ".edge"]
    drawn = page.probe("counts", "#thinned", parts)
    yield f"the figure has units, crossed-out units, crosses and edges: {drawn}", drawn == [6, 2, 2, 8]
    widths = page.says("select('#whole .edge').map((edge) => Number(edge.getAttribute('stroke-width')))")
    weights = [1, 2, 3] * 2 + [4, 5, 6] * 2
    yield (
        "an edge is wider if its weight is larger",
        len(widths) == 16 and all((widths[a] < widths[b]) == (weights[a] < weights[b]) for a in range(12) for b in range(12)),
    )
    says = page.text("#network-says")
    yield f"the summary says {says!r}", "3 and 4" in says and "2 of 4 units and 8 of 16 edges" in says and "5.375" in says


def forest(page):
    keep = 0.8
    for example in (1, 2):
        every = [(kept, output(kept, example, keep)) for kept in itertools.product([0, 1], repeat=4)]
        exact = sum(math.prod(keep if unit else 1 - keep for unit in kept) * value for kept, value in every)
        page.open(f"#forest=random&example={example}")
        shown = {name: number(value) for name, value in page.probe("legend")}
        yield f"example {example}: the exact mean is {shown['exact']}", math.isclose(shown["exact"], exact, rel_tol=1e-5)
        yield f"example {example}: the tested network is {shown['tested']}", math.isclose(shown["tested"], exact, rel_tol=1e-5)
        kept = list(page_masks(page, example))
        mean = sum(output(mask, example, keep) for mask in kept) / len(kept)
        yield f"example {example}: the mean of the passes is {shown['mean']}", math.isclose(shown["mean"], mean, rel_tol=1e-5)
        for name, scale in [("not-scaled", keep), ("scaled-twice", 1 / keep), ("exchanged", keep / (1 - keep))]:
            expected = (mean - BIAS) * scale + BIAS
            yield f"example {example}: {name} is {shown[name]}", math.isclose(shown[name], expected, rel_tol=1e-5)
    page.open("#forest=all")
    trees = page.says("select('#strip svg').map((tree) => tree.getAttribute('aria-label'))")
    found = {}
    for tree in trees:
        name, value, probability = re.match(r"sub-network (\d{4}), output (\S+), probability (\S+) %", tree).groups()
        found[name] = (float(value), float(probability) / 100)
    yield f"there are {len(trees)} sub-networks", len(trees) == len(found) == 16
    yield (
        "each sub-network has its output and its probability",
        all(
            math.isclose(value, output(map(int, name), 1, keep), rel_tol=1e-5)
            and math.isclose(probability, keep ** name.count("1") * (1 - keep) ** name.count("0"), rel_tol=1e-2)
            for name, (value, probability) in found.items()
        ),
    )
    page.open("#step=3")
    shown = page.text("#forest-says")
    seen = {tuple(mask) for mask in page_masks(page, 1)}
    yield f"the count of the seen says {shown!r}", shown.startswith(f"Seen: {len(seen)} of 16 sub-networks in 4 passes")


def page_masks(page, example):
    """The masks of the passes, by the command that the panel shows for them."""
    lines = shell(page.curl("forest"))
    for line in lines[:-1]:
        yield [row[example - 1] for row in line["masks"][0]]


def training(page):
    page.open("#trained=400")
    rows = page.says("probe.rows(document.querySelector('#losses')).map((row) => row.slice(1))")
    (_, _, without), (thinned, whole, dropped) = [[number(text) for text in row] for row in rows]
    yield f"after 400 steps the test loss is {dropped} with dropout and {without} without", dropped < without
    says = page.text("#training-says")
    yield f"the sentence says {says!r}", "dropout is better" in says and ("lower loss" in says) == (whole < thinned)
    steps = page.text("#trained")
    yield f"the page says {steps!r}", steps == "400 steps"
    yield "both maps are painted", all(page.probe("colours", name) > 20 for name in ("map-without", "map-with"))
    page.open("#trained=40&unsure=1&data=xor&width=8")
    caption = page.text("#map-with-caption")
    yield f"the uncertainty is named {caption!r}", "spread of 40 passes" in caption
    page.click("#unsure")
    yield "without the uncertainty the map has the decisions", "spread" not in page.text("#map-with-caption")


def library(page):
    for generator in ("numpy-legacy", "numpy-pcg64", "numpy-philox", "numpy-legacy-binomial"):
        page.open(f"#generator={generator}&seed=3&keep=0.55")
        code = page.text("#library-code")
        names = {}
        *lines, last = code.splitlines()
        exec("\n".join([*lines, *last.split("; ")[:-1]]), names)
        mask = eval(last.split("; ")[-1], names)
        shown = [[int(text) for text in row] for row in page.says("probe.rows(document.querySelector('#library-mask table'))")]
        yield f"{generator}: NumPy draws the mask of the page by the lines of the page", numpy.array_equal(mask, shown)
        yield f"{generator}: three lines", len(code.splitlines()) == 3
    page.open("#generator=torch-cpu&more=skip=-1")
    yield f"a wrong field: {page.text('#library-says')!r}", "/skip" in page.text("#library-says") and not page.text("#problem")
    yield "the browser notes the refusal", len(page.complaints()) == 1
    names = page.says("select('#generator option').map((option) => option.value)")
    for name in names:
        page.open(f"#generator={name}&hide=steps,network,forest,training,verify")
        [cells] = page.probe("counts", "#library-mask", ["td"])
        yield f"{name}: {cells} cells, {page.text('#problem')!r}", cells == 32 and not page.text("#problem")


def verify(page):
    page.open()
    page.click("#v-bug")
    verdict = page.text("#verdict")
    yield (
        f"the known bug: {verdict!r}",
        "not what dropout gives" in verdict and "times 0.2. That is the drop probability" in verdict,
    )
    page.click("#v-right")
    yield "a right output", page.text("#verdict").startswith("This is what dropout gives.")
    pasted = {
        "[[7 13]\n [16 31]]": "[[ 8.75  0.  ]\n [20.   38.75]]",
        "array([[7., 13.],\n       [16., 31.]])": "array([[8.75, 0.], [20., 38.75]])",
        "7 13\n16 31": "8.75, 0\n20, 38.75",
    }
    for before, after in pasted.items():
        page.open()
        page.choose("#v-input", before)
        page.choose("#v-output", after)
        page.click("#v-check")
        yield f"{after!r} is read", page.text("#verdict").startswith("This is what dropout gives.3 kept, 1 dropped")
    page.choose("#v-output", "1 2 3")
    page.click("#v-check")
    yield f"another shape: {page.text('#verdict')!r}", "/output" in page.text("#verdict") and not page.text("#problem")
    refused = page.complaints()
    yield f"the browser notes the refusal: {refused}", len(refused) == 1 and "422" in refused[0]
    page.choose("#v-output", "three words here")
    page.click("#v-check")
    yield "a text that is no number", page.text("#verdict").startswith("These are not numbers")
