"""Servers in separate process groups, what /proc says of them, and load by wrk. Loopback and Linux only."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TICK = os.sysconf("SC_CLK_TCK")
PACKAGES = {"wrk": "wrk", "nginx": "nginx", "taskset": "util-linux"}


def require(*programs):
    """Ends with the Debian packages that are missing, all in one line."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = [PACKAGES[name] for name in programs if shutil.which(name, path=path) is None]
    if missing:
        sys.exit(f"missing Debian packages: {' '.join(missing)} (apt-get install {' '.join(missing)})")


def end_with_cleanup():
    """Makes SIGTERM end this script as Ctrl-C does, so that its servers end too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))


def machine():
    """One line on where the figures come from."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    busy = os.getloadavg()[0]
    warning = "; BUSY, so read only the ratios" if busy > 0.5 else ""
    return f"{os.cpu_count()} x {model[1] if model else 'processor'}, load average {busy:.2f}{warning}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server on a free port; `with` starts it and ends its whole process group."""

    def __init__(self, name, command, directory=None):
        """`command(port, folder)` gives the arguments; `folder` is empty and lives as long as the server."""
        self.name, self.command, self.directory = name, command, directory

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        self.log = open(Path(self.folder.name) / "server.log", "w+")
        self.process = subprocess.Popen(
            self.command(self.port, Path(self.folder.name)),
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        try:
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for number, patience in (signal.SIGTERM, 15), (signal.SIGKILL, 5):
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def wait_until_ready(self, patience=60):
        end = time.monotonic() + patience
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 2) as link:
                    link.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    if link.recv(12).endswith(b"200"):
                        return
            except OSError:
                pass
            time.sleep(0.05)
        self.log.seek(0)
        raise RuntimeError(f"{self.name} did not start: {self.log.read()[-500:]}")

    def members(self):
        """The processes of the group, as (folder in /proc, the fields of `stat` after the name)."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                if int(fields[2]) == self.process.pid:
                    yield folder, fields

    def cpu_seconds(self):
        """User and system time of the group so far, in ticks of 10 ms."""
        return sum(int(fields[11]) + int(fields[12]) for _, fields in self.members()) / TICK

    def cpu_nanoseconds(self):
        """The time of the threads that live, finer than ticks; for servers that keep their threads."""
        return sum(
            int((task / "schedstat").read_text().split()[0]) for folder, _ in self.members() for task in (folder / "task").iterdir()
        )

    def resident(self, field="VmRSS"):
        """Bytes of the group: VmRSS now, VmHWM at most so far. What processes share counts for each."""
        total = 0
        for folder, _ in self.members():
            try:
                found = re.search(rf"{field}:\s+(\d+)", (folder / "status").read_text())
            except OSError:
                continue
            total += int(found[1]) * 1024 if found else 0
        return total

    def settle(self, patience=10):
        """Waits until the group computes nothing, such as the requests that a client has left."""
        end, before = time.monotonic() + patience, self.cpu_seconds()
        while time.monotonic() < end:
            time.sleep(0.2)
            now = self.cpu_seconds()
            if now - before <= 1 / TICK:
                return
            before = now


def dropoutd(program, *flags, prefix=()):
    """The server under test, its own log kept to warnings."""
    return Server(
        "dropoutd", lambda port, _: [*prefix, str(program), "serve", "--port", str(port), "--log-level", "warning", *flags]
    )


def wrk(port, path, body, connections, seconds):
    """The arguments and the environment of one run of wrk; `body` is a file to POST, or None to GET."""
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "60s",
        "-s",
        str(HERE / "load.lua"),
        f"http://127.0.0.1:{port}{path}",
    ]
    return command, dict(os.environ, **({"LOAD_BODY": str(body)} if body else {}))


def findings(output):
    found = re.search(r"^LOAD (.*)$", output, re.M)
    if not found:
        raise RuntimeError(f"wrk found nothing: {output[-300:]}")
    return json.loads(found[1])


def load(server, path, body, connections, seconds):
    """Loads the server and reports requests/s, latencies, errors and CPU a request.

    wrk leaves the last requests unanswered. They count half in the CPU a request.
    """
    server.settle()
    command, environment = wrk(server.port, path, body, connections, seconds)
    before = server.cpu_seconds()
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds + 90)
    spent = server.cpu_seconds() - before
    result = findings(run.stdout + run.stderr)
    result["per_second"] = result["requests"] / result["seconds"]
    result["cpu_ms"] = 1000 * spent / (result["requests"] + connections / 2)
    return result


def head(columns):
    """The head of a Markdown table; columns that begin with '<' hold words, the others numbers."""
    row([name.lstrip("<") for name in columns])
    row(["---" if name.startswith("<") else "---:" for name in columns])


def row(cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
