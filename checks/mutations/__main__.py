"""Makes random small changes of operators and constants in Sources and lists those that no test notices.

    python3 checks/mutations [--number 100] [--seed 1] [--minutes MINUTES] [--targets NAME...] [--report FILE]

All changes are built at once into a copy of the project in .build-mutations, each with a switch that the environment sets
(mutants.py says how). Those that do not compile are taken out, and the rest is built again. Then the test bundles run with one
change at a time: the target's own bundle first, then the others that have the target in them, up to the first failure. A crash
counts as a failure, and so does a bundle that takes four times as long as without a change.

A mutant is drawn by target (a target with four times as many places is drawn twice as often), then by kind, then by place, so
that large tables of numbers do not have them all. The same seed draws the same mutants from the same sources.

Prints one line for each mutant and the survivors at the end; `--report` writes all of it as JSON. `--only FILE:LINE` takes the
mutants of one line. On two cores the first build takes five minutes, the tests without a change three, a mutant that is caught
about half a minute, and one that survives two to three. Exits with 1 if there are survivors.
"""

import argparse
import collections
import json
import math
import random
import sys
import time

import mutants
import trials
from tree import ROOT, Tree


def drawn(sites, number, chance):
    """So many sites without repetition, in random order."""
    by_target = collections.defaultdict(lambda: collections.defaultdict(list))
    for site in sites:
        by_target[site.target][site.kind].append(site)
    weights = {target: math.sqrt(sum(map(len, kinds.values()))) for target, kinds in by_target.items()}
    result = []
    while len(result) < number and weights:
        target = chance.choices(list(weights), list(weights.values()))[0]
        kinds = by_target[target]
        kind = chance.choice(sorted(kinds))
        place = chance.randrange(len(kinds[kind]))
        result.append(kinds[kind].pop(place))
        if not kinds[kind]:
            del kinds[kind]
        if not kinds:
            del weights[target]
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="See the top of this file.")
    parser.add_argument("--number", type=int, default=100, help="mutants to try (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="what draws them (default 1)")
    parser.add_argument("--minutes", type=float, default=math.inf, help="no mutant is begun after so many minutes of trials")
    parser.add_argument("--targets", nargs="+", default=[], help="only these targets")
    parser.add_argument("--only", default="", help="FILE:LINE, all mutants of that line")
    parser.add_argument("--report", help="a file for the results as JSON")
    options = parser.parse_args()

    tree = Tree(ROOT / ".build-mutations")
    sites = [site for target, path in tree.sources() for site in mutants.sites(target, path, (ROOT / path).read_text())]
    sites = [site for site in sites if not options.targets or site.target in options.targets]
    if options.only:
        sites = [site for site in sites if f"{site.path}:{site.line}" == options.only]
    # Some will not compile, so more are built than are tried.
    spare = options.number + options.number // 4 + 2
    chosen = dict(enumerate(drawn(sites, spare, random.Random(options.seed))))
    print(f"{len(sites)} places, {len(chosen)} mutants are built", flush=True)
    start = time.monotonic()
    tree.build(chosen)
    print(f"built in {time.monotonic() - start:.0f} s, {len(chosen)} compile", flush=True)

    program, bundles = tree.program(), tree.bundles()
    targets = {site.target for site in chosen.values()}
    times = trials.baseline(program, [bundle for bundle, inside in bundles.items() if inside & targets])
    results = []
    start = time.monotonic()
    for number, site in list(chosen.items())[: options.number]:
        if time.monotonic() - start > options.minutes * 60:
            break
        results.append(tried(number, site, program, bundles, times))
    report(results, options)
    sys.exit(1 if any(result["caught_by"] is None for result in results) else 0)


def tried(number, site, program, bundles, times):
    seconds, failure, caught_by = 0, None, None
    for bundle in trials.order(site.target, bundles, times):
        trial = trials.Trial(program, bundle, number, math.ceil(20 + 4 * times[bundle]))
        seconds += trial.seconds
        if trial.failure:
            failure, caught_by = trial.failure, bundle
            break
    outcome = f"caught by {caught_by} ({failure[:100]})" if caught_by else "SURVIVED"
    print(f"{site}: {outcome}, {seconds:.0f} s", flush=True)
    return {
        "number": number,
        "path": site.path,
        "line": site.line,
        "kind": site.kind,
        "old": site.old,
        "new": site.new,
        "source": site.source,
        "caught_by": caught_by,
        "failure": failure,
        "seconds": round(seconds, 1),
    }


def report(results, options):
    survivors = [result for result in results if result["caught_by"] is None]
    print(f"\n{len(results)} mutants with seed {options.seed}: {len(results) - len(survivors)} caught, {len(survivors)} survived")
    for result in survivors:
        print(f"{result['path']}:{result['line']}: {result['old']} -> {result['new'] or 'nothing'}\n    {result['source']}")
    if options.report:
        with open(options.report, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


main()
