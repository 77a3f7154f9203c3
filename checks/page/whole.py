"""The page as a whole: time, size, what it loads, labels and contrast, narrow and printed pages, both languages."""

import gzip
import re
import urllib.error
import urllib.request

from browser import Browser

MOST_BYTES = 60 * 1024
MOST_MILLISECONDS = 500

# A state that has something in every panel.
FULL = "#draws=article&example=2&step=5&trained=40&vin=[1]&vout=[1.25]&checked=1"
# States that say other things than the first.
STATES = [
    "#mode=eval",
    "#mode=eval&scheme=classic",
    "#keep=1",
    "#keep=1&scheme=classic",
    "#mask=00000000",
    "#forest=random",
    "#unsure=1&trained=20",
]
POLICY = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]


def checks(address, axe):
    yield from transfers(address)
    with open(axe, encoding="utf-8") as file:
        source = file.read()
    with Browser(address) as page:
        yield from quickness(page)
        yield from loading(page)
        yield from words(page)
        yield from media(page)
        yield from labels(page, source)
        for complaint in page.complaints():
            yield f"the console says {complaint}", False
    with Browser(address, language="zh-CN") as page:
        page.open()
        yield "a Chinese browser gets Chinese", page.says("document.documentElement.lang") == "zh-CN"


def fetch(address, path, **fields):
    request = urllib.request.Request(address + path, headers={name.replace("_", "-"): value for name, value in fields.items()})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def transfers(address):
    """What the server sends: the size of all files, compressed, and the fields of the page."""
    status, fields, page = fetch(address, "/", Accept="text/html", Accept_Encoding="gzip")
    yield f"the page is {status}, {fields['Content-Type']}", status == 200 and fields["Content-Type"] == "text/html; charset=utf-8"
    yield "the page varies by Accept", "Accept" in fields["Vary"]
    policy = fields["Content-Security-Policy"]
    yield f"the policy is {policy}", all(part in policy for part in POLICY) and "unsafe" not in policy
    text = gzip.decompress(page).decode()
    names = {part.split('"')[0] for part in text.split('"live/')[1:]}
    total = len(page)
    for name in sorted(names):
        status, fields, body = fetch(address, f"/live/{name}", Accept_Encoding="gzip")
        total += len(body)
        yield f"{name} is {status} with a tag", status == 200 and fields["ETag"].startswith('"')
        again, _, nothing = fetch(address, f"/live/{name}", Accept_Encoding="gzip", If_None_Match=fields["ETag"])
        yield f"{name} is not sent twice: {again}", again == 304 and not nothing
    yield f"all {len(names) + 1} files have {total} bytes", len(names) > 15 and total < MOST_BYTES


def quickness(page):
    """The time from the navigation to the last answer that is drawn, by the page's own clock."""
    times = []
    for _ in range(3):
        page.open()
        times.append(page.says("performance.getEntriesByName('ready')[0].startTime"))
    yield f"ready after {[round(time) for time in times]} ms", min(times) < MOST_MILLISECONDS


def loading(page):
    page.requested()
    page.open(FULL)
    page.click("#v-bug")
    page.click("#train-step")
    asked = page.requested()
    others = [url for url in asked if not url.startswith((page.address + "/", "about:"))]
    yield f"the page asks others: {others}", asked and not others
    for complaint in page.complaints():
        yield f"the console says {complaint}", False
    ran = page.probe("trespass")
    reports = [complaint for complaint in page.complaints() if complaint.startswith("security: ")]
    yield f"the policy refuses others and inline scripts, and says so: {reports}", len(reports) == 2 and ran is None


def words(page):
    page.open(FULL)
    broken, unknown, count = page.wait("probe.dictionary(done)")
    yield f"texts that one language lacks: {broken}; names without a text: {unknown}", not broken and not unknown and count > 150
    for language in ("en", "zh"):
        for state in (FULL, *STATES):
            page.open(f"{state}&lang={language}")
            text = page.says("document.body.innerText")
            yield f"{language} {state}: a place without a value", not re.search(r"\{\w+\}", text)
            yield f"{language} {state}: a value that is none", not any(word in text for word in ("undefined", "NaN", "[object"))
            yield f"{language} {state}: {page.text('#problem')}", not page.text("#problem")


def media(page):
    for width in (360, 1280):
        page.resize(width)
        for language in ("en", "zh"):
            page.open(f"{FULL}&lang={language}")
            wide = page.says("document.documentElement.scrollWidth")
            yield f"{language} at {width} px is {wide} px wide", wide <= width
            for probe in ("clipped", "overlaps"):
                found = page.probe(probe)
                yield f"{language} at {width} px, {probe}: {found}", not found
    page.resize(1280)
    page.open()
    yield "nothing moves in the usual way", page.probe("moving") > 0
    page.emulate(prefers_reduced_motion="reduce")
    yield "something moves though motion is reduced", page.probe("moving") == 0
    page.emulate("print", prefers_reduced_motion="no-preference")
    shown = page.says("['#controls', 'nav', '#steps', '#verify', '#tables'].map((part) => select(part)[0].checkVisibility())")
    yield f"controls, links and panels in print: {shown}", shown == [False, False, True, True, True]
    page.emulate()


def labels(page, source):
    """axe-core: names, roles, labels, contrast, in both languages, light and dark, wide and narrow."""
    for width, scheme, language in ((1280, "light", "en"), (1280, "dark", "zh"), (360, "light", "zh"), (360, "dark", "en")):
        page.resize(width)
        page.emulate(prefers_color_scheme=scheme)
        page.open(f"{FULL}&lang={language}")
        page.run("for (const details of select('details')) details.open = true")
        faults = page.faults(source)
        yield f"axe, {width} px, {scheme}, {language}: {faults}", faults == []
    page.resize(1280)
    page.emulate(prefers_color_scheme="light")
