"""Plants what goes wrong most often where dropout is written anew, and asks /verify for its name.

    .build/mistakes-venv/bin/python checks/mistakes PROGRAM [--seed N] [--outputs 10000] [--write docs/porting.md]

Each mistake is made by NumPy from the right mask, which the service is asked for once, on fresh numbers: for eight generators
and three rates. Then it asks about right outputs of all generators, variants, types and orders, in which nothing may be named.

Prints a table: how often each mistake was planted, named, not named, and taken for another one. `--write` puts it into a page,
between two comments. Ends with 1 if a mistake is taken for another one, or is named in less than half of its cases, or if a
right output has a mistake.
"""

import argparse
import collections
import json
import os
import re
import secrets
import sys
import time

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "probing"))
import draws
import planting
import right
import variants
from server import Server

START, END = "<!-- table of checks/mistakes -->", "<!-- end of table -->"


def planted(service, random, shown):
    """The counts of each mistake."""
    counts = collections.defaultdict(collections.Counter)
    for suite in draws.SUITES + variants.SUITES:
        for generator in planting.GENERATORS:
            for rate in planting.RATES:
                for case in suite(service, random, generator, rate):
                    verdict, found = planting.judge(service, case)
                    counts[case.mistake][verdict] += 1
                    if verdict != "named" and shown > 0:
                        shown -= 1
                        print(f"{verdict}: {case.mistake}, {generator}, {rate}: {found}", file=sys.stderr)
    return counts


def table(counts):
    lines = ["| mistake | planted | named | not named | falsely named |", "| --- | ---: | ---: | ---: | ---: |"]
    for mistake, count in counts.items():
        lines.append(f"| {mistake} | {count.total()} | {count['named']} | {count['not']} | {count['falsely']} |")
    return lines


def alarms(service, random, count, shown):
    """The right outputs in which something was named, and how many there were."""
    records = service_records(service)
    alarm = 0
    for question in right.outputs(service, random, records, count):
        answer = service.ask("/verify", question)
        if answer is None or not answer["is_dropout"]:
            alarm += 1
            if alarm <= shown:
                kind = {
                    key: question.get(key) for key in ("variant", "generator", "rate", "dtype", "order", "granularity", "scheme")
                }
                print(f"false alarm: {kind}: {answer and list(planting.names(answer))}", file=sys.stderr)
    return alarm


def service_records(service):
    service.connection.request("GET", "/generators")
    return json.loads(service.connection.getresponse().read())["generators"]


def write(page, lines):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    block = "\n".join([START, "", *lines, "", END])
    text, found = re.subn(re.escape(START) + ".*?" + re.escape(END), lambda _: block, text, flags=re.S)
    if not found:
        sys.exit(f"{page} has no place for the table")
    with open(page, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, help="of the numbers; fresh ones without it")
    parser.add_argument("--outputs", type=int, default=10_000, help="the right outputs")
    parser.add_argument("--shown", type=int, default=20, help="the failures that are printed in full")
    parser.add_argument("--write", metavar="PAGE", help="the page that gets the table")
    asked = parser.parse_args()
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    random = np.random.default_rng(seed)
    print(f"seed {seed}", file=sys.stderr)
    began = time.monotonic()
    with Server(asked.program, is_quiet=True) as server:
        service = planting.Service(server.port)
        counts = planted(service, random, asked.shown)
        alarm = alarms(service, random, asked.outputs, asked.shown)
    total = collections.Counter()
    for count in counts.values():
        total.update(count)
    lines = table(counts)
    lines.append(f"| **all** | {total.total()} | {total['named']} | {total['not']} | {total['falsely']} |")
    lines += ["", f"False alarms: {alarm} of {asked.outputs} right outputs."]
    print("\n".join(lines))
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    if asked.write:
        write(asked.write, lines)
    unnamed = [name for name, count in counts.items() if 2 * count["named"] < count.total()]
    if unnamed:
        print(f"named in less than half of the cases: {', '.join(unnamed)}")
    sys.exit(1 if unnamed or total["falsely"] or total["refused"] or alarm else 0)


main()
