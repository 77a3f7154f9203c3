"""The controls: each button by keyboard alone, the state in the hash, hidden panels, and the key of a server."""

import os
import subprocess
import sys
import tempfile

from browser import Browser

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "probing"))
from server import Server

PANELS = ["steps", "network", "forest", "training", "library", "verify"]

# A control, the state before it, and what holds after Enter or the space bar.
BUTTONS = [
    ("#dice", "", "location.hash.includes('seed=')"),
    ("#play", "", "select('#play[aria-pressed=true]').length && location.hash.includes('step=')"),
    ("#next", "#step=4", "location.hash === '#step=5'"),
    ("#reset", "#step=4&keep=0.5&trained=20", "location.hash === ''"),
    ("#article", "", "location.hash.includes('draws=article')"),
    ('#tables button[data-at="D1.1.0"]', "#draws=article", "location.hash.includes('mask=11011010')"),
    ("#train-play", "", "select('#train-play[aria-pressed=true]').length && location.hash.includes('trained=')"),
    ("#train-step", "#trained=20", "location.hash === '#trained=40'"),
    ("#train-reset", "#trained=20", "location.hash === ''"),
    ("#unsure", "", "location.hash === '#unsure=1'"),
    ("#library-copy", "", "document.querySelector('#library-copy').textContent === 'Copied'"),
    ("#steps .request summary", "", "document.querySelector('#steps .request details').open"),
    ("#v-check", "#vin=[1]&vout=[1.25]", "document.querySelector('#verdict').textContent.includes('1 kept')"),
    ("#v-bug", "", "location.hash.includes('vmode=eval')"),
    ("#v-right", "", "document.querySelector('#verdict .good')"),
    ("#share summary", "", "document.querySelector('#share').open"),
]


def checks(address, program):
    with Browser(address) as page:
        yield from keyboard(page)
        yield from sharing(page)
        yield from hiding(page)
        yield from playing(page)
        for complaint in page.complaints():
            yield f"the console says {complaint}", False
    yield from keys(program)


def keyboard(page):
    page.open("#draws=article")
    count = page.probe("tabbable")
    for _ in range(count + 5):
        page.press("TAB")
    missed = page.probe("missed")
    yield f"Tab reaches all of {count} controls and tables but {missed}", count > 50 and not missed

    for selector, fragment, holds in BUTTONS:
        # A box takes the space bar alone.
        for key in ("ENTER", "SPACE") if selector != "#unsure" else ("SPACE",):
            page.open(fragment)
            page.focus(selector)
            page.press(key)
            yield f"{key} on {selector} does nothing", page.says(f"Boolean({holds})")

    page.open("#draws=article")
    page.focus('#tables [data-at="Z1.0.0"]')
    for key in ("ARROW_DOWN", "ARROW_DOWN", "ARROW_RIGHT", "ARROW_UP", "ARROW_DOWN"):
        page.press(key)
    at, says = page.says("document.activeElement.dataset.at"), page.text("#arithmetic")
    yield f"the arrow keys move to {at}, which says {says!r}", at == "Z1.2.1" and says.endswith("4·2 + 5·2 + 6·2 + 1 = 31")
    page.focus('#tables button[data-at="D1.1.1"]')
    page.press("SPACE")
    at = page.says("document.activeElement.dataset.at")
    yield f"a pressed cell keeps the focus: {at}", at == "D1.1.1"
    choices = {"mode": "eval", "scheme": "classic", "draw": "unit", "example": "2", "forest": "all", "lang": "zh"}
    for name, value in choices.items():
        page.open()
        page.focus(f'input[name="{name}"]:checked')
        page.press("ARROW_RIGHT")
        yield f"the arrow keys choose {page.fragment()} of {name}", page.fragment() == f"#{name}={value}"
    page.open()
    page.focus("#keep")
    page.press("ARROW_LEFT")
    yield f"the arrow keys move keep: {page.fragment()}", page.fragment() == "#keep=0.75"


def sharing(page):
    states = [
        "#keep=0.6&seed=7&step=5&forest=all&example=2&scheme=classic",
        "#draws=article&mask=11011010&generator=numpy-pcg64&lang=zh",
        "#trained=60&data=spirals&noise=0.1&width=16&drop=0.3&optimizer=sgd&unsure=1&mode=eval",
        "#draw=unit&step=2&vin=%5B1%2C2%5D&vout=%5B2%2C0%5D&vrate=0.5&checked=1&hide=network%2Clibrary",
    ]
    for state in states:
        page.open(state)
        before = page.probe("look")
        page.reload()
        yield f"after a reload the page is the same: {state}", page.probe("look") == before and page.fragment() == state
    # By hand, then from the hash.
    page.open()
    for selector in ("#dice", "#next", "#next", "#train-step", '#tables button[data-at="D1.0.0"]', "#v-bug"):
        page.click(selector)
    page.choose("#generator", "paddle")
    page.choose("#data", "circles")
    page.run("document.activeElement.blur()")
    before, state = shown(page), page.fragment()
    page.open(state)
    yield f"what was set by hand comes back from {state}", shown(page) == before
    page.run("location.hash = '#step=9'")
    page.settled("document.querySelector('#step').value === '9'")
    yield "another hash changes the page", page.says("document.querySelector('#generator').value") == "torch-cpu"

    # A hash from anywhere sets nothing that cannot be.
    page.open()
    usual = page.probe("look")
    page.open("#keep=7&mode=sideways&step=-1&seed=x&trained=1e9&mask=2&lang=xx&unknown=1&__proto__=1&noise=NaN&width=7")
    yield "a hash of nonsense is a fresh page", page.probe("look") == usual


def shown(page):
    """What the page says, without the line about the cell that the mouse was on."""
    page.run("document.querySelector('#arithmetic').textContent = ''; for (const cell of select('.from')) cell.className = ''")
    return page.probe("look")


def hiding(page):
    page.open("#hide=forest,training,verify")
    left = [name for name in PANELS if page.find(f"#{name}").is_displayed()]
    linked = page.says("select('nav a').filter((link) => link.checkVisibility()).map((link) => link.dataset.t)")
    yield f"hide= leaves {left} and the links {linked}", left == linked == ["steps", "network", "library"]
    page.click("#share summary")
    page.click('#hide input[value="forest"]')
    yield (
        "a hidden panel comes back by its box",
        page.find("#forest").is_displayed() and page.text("#forest-says").startswith("Seen"),
    )
    page.click('#hide input[value="steps"]')
    yield "a box hides its panel", not page.find("#steps").is_displayed() and "steps" in page.fragment()


def playing(page):
    page.open()
    page.click("#play")
    page.settled("document.querySelector('#step').value >= 3")
    page.click("#play")
    yield "playing goes from step to step and stops", page.says("select('#play[aria-pressed=false]').length") == 1
    page.click("#train-play")
    page.settled("Number(new URLSearchParams(location.hash.slice(1)).get('trained')) >= 80")
    page.click("#train-play")
    yield "training goes on by itself and stops", page.says("select('#train-play[aria-pressed=false]').length") == 1


def keys(program):
    """With keys the page is open. It asks for a token, and keeps it for the tab."""
    made = subprocess.run([program, "hash-key", "page"], capture_output=True, text=True, check=True)
    token = made.stderr.strip()
    with tempfile.NamedTemporaryFile("w", suffix=".keys") as file:
        file.write(made.stdout)
        file.flush()
        with Server(program, "--api-keys", file.name) as server, Browser(f"http://127.0.0.1:{server.port}") as page:
            page.open(is_settled=False)
            page.wait("probe.shown('#token', done)")
            yield "without a key the page shows no numbers", page.probe("counts", "#tables", ["table"]) == [0]
            page.run("document.querySelector('#token-text').value = arguments[0]", token)
            page.find("#token button").click()
            page.settled()
            yield (
                "with the key the page shows its numbers",
                page.matrix("Z1") == [["7", "13"], ["7", "13"], ["16", "31"], ["16", "31"]],
            )
            yield "the form is gone", not page.find("#token").is_displayed()
            yield "no request shows the key", token not in page.says("document.documentElement.outerHTML")
            curl = page.curl("steps")
            yield f"the command has a variable: {curl!r}", "$DROPOUT_TOKEN" in curl
            page.reload()
            yield "the tab keeps the key", page.matrix("Z1") != []
            kept = page.says("[document.cookie, localStorage.length, sessionStorage.length]")
            yield f"no cookie and no other store: {kept}", kept == ["", 0, 1]
