"""Compares openapi.yaml with what each release promised, and refuses what a client of that release would miss.

    .build/checks-venv/bin/python checks/compatibility               compares with every checks/openapi-VERSION.yaml
    .build/checks-venv/bin/python checks/compatibility --self-test   compares a small document with planted changes of it

A change may add: routes, fields, statuses, media types, values that a request takes, names in an answer's list of names. All
else is refused, unless mended.yaml names it as a fault that was mended, with the reason. An entry of mended.yaml that fits
nothing is refused as well. Releases of an earlier major version are left out.
"""

import pathlib
import re
import sys

import planted
import yaml
from operations import broken

CHECKS = pathlib.Path(__file__).resolve().parent.parent


def tree(path):
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def pattern(glob):
    """`*` stands for any text; all other characters for themselves."""
    return re.compile(".*".join(re.escape(part) for part in glob.split("*")))


def main():
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(planted.test())
    if sys.argv[1:]:
        sys.exit(__doc__)
    now = tree(CHECKS.parent / "openapi.yaml")
    mended = tree(CHECKS / "compatibility" / "mended.yaml")
    used = set()
    count = failures = 0
    releases = sorted(CHECKS.glob("openapi-*.yaml"))
    for path in releases:
        before = tree(path)
        version = before["info"]["version"]
        if version.split(".")[0] != now["info"]["version"].split(".")[0]:
            continue
        count += 1
        for line in broken(before, now):
            reasons = [
                index
                for index, entry in enumerate(mended)
                if entry["release"] == version and any(pattern(glob).fullmatch(line) for glob in entry["changes"])
            ]
            used |= set(reasons)
            if not reasons:
                failures += 1
                print(f"since {version}: {line}")
    for index, entry in enumerate(mended):
        if index not in used:
            failures += 1
            print(f"mended.yaml: nothing fits {', '.join(entry['changes'])}")
    print(f"{count} releases, {len(mended)} mended faults, {failures} wrong")
    sys.exit(1 if failures or not count else 0)


main()
