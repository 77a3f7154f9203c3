"""Runs suites of comparisons against a server of their own."""

import sys

from server import Server


def run(suites, program):
    """Each suite has `checks(port)`, which yields pairs of a name and whether it is right. Ends with 1 if one is wrong, or if there
    is none."""
    passed = failed = 0
    with Server(program) as server:
        for suite in suites:
            for name, is_right in suite.checks(server.port):
                if is_right:
                    passed += 1
                else:
                    failed += 1
                    print(f"{suite.__name__}: {name}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)
