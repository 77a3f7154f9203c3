"""A copy of the project in which the mutants are, and its builds."""

import collections
import json
import pathlib
import re
import subprocess

import mutants

ROOT = pathlib.Path(__file__).resolve().parents[2]
VARIABLE = "DROPOUT_MUTANT"

SWITCH_HEADER = """
#pragma once
extern int active_mutant_number;
static inline int activeMutant(void) { return active_mutant_number; }
"""
SWITCH_SOURCE = f"""
#include <stdlib.h>
#include "CMutation.h"
int active_mutant_number = -1;
__attribute__((constructor)) static void readActiveMutant(void) {{
    const char *text = getenv("{VARIABLE}");
    if (text) active_mutant_number = atoi(text);
}}
"""
MANIFEST = """
package.targets.append(.target(name: "CMutation"))
for target in package.targets where [TARGETS].contains(target.name) { target.dependencies.append("CMutation") }
"""
ERROR = re.compile(r"^(/\S+?\.swift):(\d+):\d+: error: (.*)$", re.M)


class Tree:
    """The folder stays from run to run, and a file is written only if it differs, so that builds are short."""

    def __init__(self, folder):
        self.folder = folder

    def sources(self):
        """The Swift files of Sources, as pairs of target and path."""
        paths = sorted((ROOT / "Sources").rglob("*.swift"))
        return [(path.relative_to(ROOT).parts[1], str(path.relative_to(ROOT))) for path in paths]

    def write(self, chosen):
        """Writes the project with the mutants: a mapping from number to site."""
        wanted = {}
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        for name in subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"):
            path = ROOT / name
            if name and path.is_file() and not name.startswith("Benchmarks/"):
                wanted[name] = path.read_bytes()
        if (ROOT / "Package.resolved").exists():
            wanted["Package.resolved"] = (ROOT / "Package.resolved").read_bytes()
        by_path, by_target = collections.defaultdict(list), collections.defaultdict(list)
        for number, site in chosen.items():
            by_path[site.path].append((number, site))
            by_target[site.target].append((number, site))
        targets = sorted({target for target, _ in self.sources()})
        for _, path in self.sources():
            wanted[path] = mutants.written((ROOT / path).read_text(), by_path[path]).encode()
        for target in targets:
            wanted[f"Sources/{target}/Mutants.swift"] = mutants.declarations(by_target[target]).encode()
        wanted["Sources/CMutation/include/CMutation.h"] = SWITCH_HEADER.encode()
        wanted["Sources/CMutation/CMutation.c"] = SWITCH_SOURCE.encode()
        manifest = wanted["Package.swift"].decode().replace(".treatAllWarnings(as: .error),", "")
        names = ", ".join(f'"{target}"' for target in targets)
        wanted["Package.swift"] = (manifest + MANIFEST.replace("TARGETS", names)).encode()
        for name, content in wanted.items():
            path = self.folder / name
            if not path.exists() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for part in ("Sources", "Tests"):
            for path in (self.folder / part).rglob("*"):
                if path.is_file() and str(path.relative_to(self.folder)) not in wanted:
                    path.unlink()

    def swift(self, *arguments):
        return subprocess.run(["swift", *arguments], cwd=self.folder, capture_output=True, text=True)

    def build(self, chosen):
        """Builds the project with the mutants that compile; those that do not are taken out of `chosen`."""
        while True:
            self.write(chosen)
            run = self.swift("build", "--build-tests")
            if run.returncode == 0:
                return
            errors = {(path, int(line), what) for path, line, what in ERROR.findall(run.stdout + run.stderr)}
            out = self.to_blame(chosen, errors)
            if not out:
                raise SystemExit(f"mutations: the copy does not build:\n{(run.stdout + run.stderr)[-4000:]}")
            print(f"{len(out)} do not compile", flush=True)
            for number in out:
                del chosen[number]

    def to_blame(self, chosen, errors):
        """The mutants of the lines with errors; if a line has none, those that are nearest to it in its file."""
        out = set()
        for path, line, _ in errors:
            name = str(pathlib.Path(path).resolve().relative_to(self.folder.resolve()))
            if name.endswith("/Mutants.swift"):
                target = name.split("/")[1]
                text = (self.folder / name).read_text().split("\n")[line - 1]
                out |= {
                    number
                    for number, site in chosen.items()
                    if site.target == target and (mutants.symbol(number) in text or f"mutant{number}<" in text)
                }
                continue
            here = {number: abs(site.line - line) for number, site in chosen.items() if site.path == name}
            if here:
                nearest = min(here.values())
                out |= {number for number, distance in here.items() if distance == nearest}
        return out

    def bundles(self):
        """Each test bundle with the targets that it has in it, directly or below one another."""
        run = self.swift("package", "describe", "--type", "json")
        if run.returncode:
            raise SystemExit(f"mutations: {run.stderr}")
        targets = {target["name"]: target for target in json.loads(run.stdout)["targets"]}

        def below(name):
            found = {name}
            for other in targets[name].get("target_dependencies", []):
                found |= below(other)
            return found

        return {name: below(name) for name, target in targets.items() if target["type"] == "test"}

    def program(self):
        """The program that runs the tests of all bundles."""
        folder = pathlib.Path(self.swift("build", "--show-bin-path").stdout.strip())
        return next(folder.glob("*PackageTests.xctest"))
