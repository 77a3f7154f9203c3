"""What the scripts of this folder share: a server to ask, and a Python that has a library.

The libraries do not all fit into one virtual environment, so each library runs in a separate process, with the first
`--python` that has all of its modules.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time

# No GPU, the rounding of plain float32 in TensorFlow, and no log lines.
SETTINGS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "JAX_PLATFORMS": "cpu",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "",
}


class Service:
    """A server on a free port of this machine."""

    def __init__(self, program):
        self.log = tempfile.TemporaryFile("r+")  # noqa: SIM115 - open as long as the server runs
        self.process = subprocess.Popen([program, "serve", "--port", "0"], stderr=self.log)
        self.connection = None
        for _ in range(600):
            self.log.seek(0)
            text = self.log.read()
            found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", text)
            if found:
                self.connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=120)
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.end()
        sys.exit(f"the server did not start: {text}")

    def ask(self, path, question):
        """The answer to a POST request: its status and its JSON."""
        self.connection.request("POST", path, json.dumps(question), {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def end(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def parser(description):
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--python", action="append", default=[], help="a Python to try; default the one that runs")
    result.add_argument("--skip-missing", action="store_true", help="leave out libraries that no Python has")
    return result


class Pythons:
    """The Pythons of `--python`, and which modules each has."""

    def __init__(self, paths):
        self.paths = paths or [sys.executable]
        self.known = {}

    def having(self, modules):
        """The first Python that has all modules; None if there is none."""
        for path in self.paths:
            if all(self.has(path, module) for module in modules):
                return path
        return None

    def has(self, path, module):
        if (path, module) not in self.known:
            code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
            done = subprocess.run([path, "-c", code], capture_output=True, check=False)
            self.known[path, module] = done.returncode == 0
        return self.known[path, module]


def run_each(script, libraries, arguments, names, pythons, skip_missing):
    """Runs `script --one NAME FILE ARGUMENTS` for each library.

    libraries: from the name to the modules that must be there. Returns what each run wrote into its file, the names that
    failed, and the names that were left out.
    """
    results, failed, left_out = {}, [], []
    for name in names:
        python = pythons.having(libraries[name])
        if python is None:
            print(f"{name}: no Python has {', '.join(libraries[name])}", flush=True)
            (left_out if skip_missing else failed).append(name)
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "result.json")
            environment = os.environ | SETTINGS
            if name == "mindspore":
                # The level from which MindSpore logs; to Paddle the same variable is a verbosity.
                environment["GLOG_v"] = "3"
            if name.startswith("keras-"):
                environment["KERAS_BACKEND"] = name.split("-")[1]
            command = [python, script, "--one", name, file, *arguments]
            if subprocess.run(command, env=environment, check=False).returncode:
                failed.append(name)
            with contextlib.suppress(FileNotFoundError), open(file) as text:
                results[name] = json.load(text)
    return results, failed, left_out


def summary(failed, left_out):
    """Prints the last line of a run and returns its exit code."""
    if left_out:
        print("left out, not installed: " + ", ".join(left_out))
    print("differences or libraries missing: " + ", ".join(failed) if failed else "all equal")
    return 1 if failed else 0
