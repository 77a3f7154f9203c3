#!/usr/bin/env python3
"""Runs the Python of docs/generators.md with the real libraries and compares its masks with those that the page prints.

Not part of `make test`: it needs the libraries (see requirements.txt).

    venv/bin/python checks/libraries/examples.py docs/generators.md

The default tests check the same printed masks against the service. Where a section has several requests, one for each backend of
Keras, its Python runs once for each. Exit code 1: a difference, or a library that cannot be imported. `--python PATH` adds a
Python with further libraries, `--skip-missing` leaves out libraries that no Python has.
"""

import json
import os
import re
import subprocess
import sys

import runner

SECTION = re.compile(r"^### (.*?)\n+```python\n(.*?)^```\n+```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
REQUEST = re.compile(r"^\$ curl [^$]*?generator(?:=|\":\")([\w-]+)[^$]*?\n\"mask\":(.*)$", re.MULTILINE)
BACKEND = re.compile(r"(KERAS_BACKEND'\] = )'\w+'")


def modules(code, backend):
    """The modules that a Python text imports, and those that its backend needs."""
    found = re.findall(r"^(?:from (\w+)|import ([\w., ]+?)(?: as \w+)?)(?:;|$| import)", code, re.MULTILINE)
    names = {name.split(".")[0].strip() for one, more in found for name in [one, *more.split(",")] if name}
    names = {name.split(" ")[0] for name in names} - {"os"}
    if "keras" in code:
        names |= {"keras", {"numpy": "scipy"}.get(backend, backend)}
    return sorted(names)


def main():
    parser = runner.parser(__doc__.splitlines()[0])
    parser.add_argument("page")
    options = parser.parse_args()
    pythons = runner.Pythons(options.python)
    equal, failed, left_out = 0, [], []
    with open(options.page, encoding="utf-8") as page:
        sections = SECTION.findall(page.read())
    for title, code, console in sections:
        for generator, mask in REQUEST.findall(console):
            backend = generator.split("-")[-1]
            own = BACKEND.sub(rf"\1'{backend}'", code)
            python = pythons.having(modules(own, backend))
            if python is None:
                print(f"{generator}: no Python has {', '.join(modules(own, backend))}", flush=True)
                (left_out if options.skip_missing else failed).append(generator)
                continue
            environment = os.environ | runner.SETTINGS
            done = subprocess.run([python, "-c", own], capture_output=True, text=True, env=environment, check=False)
            lines = done.stdout.splitlines()
            same = bool(lines) and json.loads(lines[-1]) == json.loads(mask)
            equal += same
            if not same:
                failed.append(generator)
                print(f"{title}: DIFFERENT {done.stdout[-200:]}{done.stderr[-300:]}", flush=True)
    print(f"{equal} examples equal")
    if not sections:
        failed.append("examples")
    return runner.summary(failed, left_out)


if __name__ == "__main__":
    sys.exit(main())
