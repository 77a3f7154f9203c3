"""Shows the pages of the service to a headless Chromium, and does there what people do.

    .build/page-venv/bin/python checks/page PROGRAM AXE

AXE is the file axe.min.js. Needs Debian's chromium and chromium-driver. Prints each failure and, at the end, `N passed, N failed`.

- The panels: what they show is compared with the article, with arithmetic in Python and with other requests (panels.py).
- The controls: each button by keyboard alone, the state in the hash, hidden panels, the key of a server (controls.py).
- The reference at /docs: every operation, each form with each of its examples (reference.py).
- The page as a whole: time, size, what it loads, labels and contrast, narrow and printed pages, both languages (whole.py).
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "probing"))
import controls
import panels
import reference
import whole
from server import Server


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, axe = sys.argv[1:]
    passed = failed = 0
    with Server(program) as server:
        address = f"http://127.0.0.1:{server.port}"
        for suite, arguments in (
            (whole, (address, axe)),
            (reference, (address, axe)),
            (panels, (address,)),
            (controls, (address, program)),
        ):
            for name, is_right in suite.checks(*arguments):
                if is_right:
                    passed += 1
                else:
                    failed += 1
                    print(f"{suite.__name__}: {name}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
