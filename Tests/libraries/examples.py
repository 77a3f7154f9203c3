#!/usr/bin/env python3
"""Runs the Python of docs/generators.md with the real libraries and compares its masks with the ones printed beside it.

Not part of `make test`: it needs the libraries (see compare.py).

    venv/bin/python Tests/libraries/examples.py docs/generators.md

The default tests check the same printed masks against the service. Exit code 1: a difference or a library missing.
"""
import json
import os
import re
import subprocess
import sys

SECTION = re.compile(r"^## (.*?)\n\n```python\n(.*?)^```\n\n```console\n\$ (.*?)\n\"mask\":(.*?)\n```", re.M | re.S)


def main():
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", JAX_PLATFORMS="cpu", CUDA_VISIBLE_DEVICES="")
    failed = 0
    for title, code, _, mask in SECTION.findall(open(sys.argv[1], encoding="utf-8").read()):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
        lines = done.stdout.splitlines()
        same = bool(lines) and json.loads(lines[-1]) == json.loads(mask)
        failed += not same
        print(f"{title}: {'equal' if same else 'DIFFERENT ' + done.stdout[-200:] + done.stderr[-300:]}", flush=True)
    return 1 if failed else 0


sys.exit(main())
