"""Runs the test bundles with one mutant active, until a test fails."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import time

from tree import VARIABLE

FAILURE = re.compile(r"(Test .* recorded an issue .*|Fatal error.*)")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def end_session(leader):
    """Ends what a bundle and the programs that it started have left running: all of its session."""
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # pid (name) state parent group session; a name may have spaces.
            session = int(entry.read_text().rsplit(")", 1)[1].split()[3])
            if session == leader:
                os.kill(int(entry.parent.name), signal.SIGKILL)


class Trial:
    """The outcome of one bundle: `failure` says what failed, and is None if nothing did."""

    def __init__(self, program, bundle, number, limit):
        """`number`: the active mutant, None for none. `limit`: seconds after which the bundle counts as failed."""
        start = time.monotonic()
        environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
        if number is not None:
            environment[VARIABLE] = str(number)
        # A crash has no need of a backtrace, which takes seconds.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        command = [program, "--testing-library", "swift-testing", "--filter", rf"^{bundle}\."]
        process = subprocess.Popen(
            ["timeout", "--signal=KILL", str(limit), *map(str, command)],
            env=environment,
            cwd=program.parents[3],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.failure = None
        self.tests = 0
        last = ""
        for line in process.stdout:
            line = COLOURS.sub("", line).strip()
            last = line or last
            if found := FAILURE.search(line):
                self.failure = found.group(1)
                break
            if found := re.search(r"Test run with (\d+) tests?", line):
                self.tests = int(found.group(1))
        if self.failure is None:
            code = process.wait()
            if code in (124, 137, -9):
                self.failure = f"no end within {limit} s"
            elif code:
                self.failure = f"ended with {code}: {last}"
        end_session(process.pid)
        process.stdout.close()
        process.wait()
        self.seconds = time.monotonic() - start


def baseline(program, bundles):
    """The seconds of each bundle without a mutant. Ends the program if a test fails."""
    times = {}
    for bundle in bundles:
        trial = Trial(program, bundle, None, 1800)
        if trial.failure or not trial.tests:
            raise SystemExit(f"mutations: {bundle} fails without a mutant: {trial.failure or 'it has no tests'}")
        times[bundle] = trial.seconds
        print(f"{bundle}: {trial.tests} tests, {trial.seconds:.1f} s", flush=True)
    return times


def order(target, bundles, times):
    """The bundles that can notice a change of the target: its own first, then the others from the shortest to the longest."""
    able = [bundle for bundle, targets in bundles.items() if target in targets]
    return sorted(able, key=lambda bundle: (bundle != f"{target}Tests", times[bundle]))
