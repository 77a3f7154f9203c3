"""The reference at /docs: it has every operation, each form gets an answer, and it can be searched, read aloud and used narrow."""

import json
import urllib.request

from browser import Browser

METHODS = ("get", "post")

# Ends when the page has written its sections.
WRITTEN = "const look = () => document.querySelector('.operation') ? done() : requestAnimationFrame(look); look()"
# Sends each form with each of its examples, one after the other. Answers the line above each answer.
ASKED = """
(async () => {
  const lines = [];
  for (const form of document.querySelectorAll("form.try")) {
    const choice = form.querySelector("select");
    for (const example of choice ? [...choice.options].map((option) => option.value) : [""]) {
      if (choice) {
        choice.value = example;
        choice.dispatchEvent(new Event("change"));
      }
      const output = form.querySelector(".answer");
      const answered = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (output.querySelector("p.good, p.bad")) resolve(observer.disconnect());
        });
        observer.observe(output, { childList: true });
      });
      output.replaceChildren();
      form.requestSubmit();
      await answered;
      const [line, text] = ["p", "pre"].map((name) => output.querySelector(name)?.textContent);
      lines.push([form.closest("section").id, example, line, text]);
    }
  }
  done(lines);
})()
"""


def checks(address, axe):
    with urllib.request.urlopen(f"{address}/openapi.json", timeout=20) as reply:
        contract = json.load(reply)
    with open(axe, encoding="utf-8") as file:
        source = file.read()
    with Browser(address) as page:
        page.requested()
        yield from operations(page, contract)
        yield from asking(page)
        yield from finding(page)
        yield from shapes(page, source)
        others = [url for url in page.requested() if not url.startswith((address + "/", "about:", "data:"))]
        yield f"the reference asks others: {others}", not others
        for complaint in page.complaints():
            yield f"the console says {complaint}", False


def written(page, fragment=""):
    page.open(f"docs{fragment}", is_settled=False)
    page.wait(WRITTEN)


def operations(page, contract):
    written(page)
    expected = [item[method]["operationId"] for item in contract["paths"].values() for method in METHODS if method in item]
    shown = page.says("[...document.querySelectorAll('.operation')].map((section) => section.id)")
    yield f"operations that are missing or not known: {set(expected) ^ set(shown)}", sorted(expected) == sorted(shown)
    yield "the version", page.text("#version") == contract["info"]["version"]
    schemas = page.says("document.querySelectorAll('.schema').length")
    yield f"{schemas} schemas", schemas == len(contract["components"]["schemas"])
    broken = page.says(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map((link) => link.getAttribute('href').slice(1))"
        ".filter((id) => !document.getElementById(decodeURIComponent(id)))"
    )
    yield f"links within the reference that lead nowhere: {broken}", not broken


def asking(page):
    lines = page.wait(ASKED)
    yield f"{len(lines)} questions were sent", len(lines) > 35
    for operation, example, line, text in lines:
        yield f"{operation} {example}: {line}", line.startswith("200 ") and bool(text)


def finding(page):
    page.find("#find").send_keys("keep_prob")
    shown = page.says(
        "[...document.querySelectorAll('.operation')].filter((section) => !section.hidden).map((section) => section.id)"
    )
    yield f"routes with keep_prob: {shown}", {"forward", "mask", "maskByQuery"} <= set(shown) and "healthz" not in shown
    marked = page.says("[...document.querySelectorAll('.operation .found')].map((row) => row.dataset.name)")
    yield f"fields that are marked: {set(marked)}", set(marked) == {"keep_prob"}
    page.run(
        "const field = document.querySelector('#find'); field.value = ''; field.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    hidden = page.says("document.querySelectorAll('.operation[hidden]').length")
    yield f"{hidden} routes stay hidden", hidden == 0


def shapes(page, source):
    """No wider than its window, and no fault that axe-core finds, light and dark."""
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.resize(width)
        page.emulate(prefers_color_scheme=scheme)
        written(page)
        wide = page.says("document.documentElement.scrollWidth")
        yield f"the reference at {width} px is {wide} px wide", wide <= width
        faults = page.faults(source)
        yield f"axe, reference, {width} px, {scheme}: {faults}", faults == []
    page.resize(1280)
    page.emulate(prefers_color_scheme="light")
