"""A separate dropoutd on a free port, for scripts that test it."""

import os
import re
import resource
import signal
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """Starts `program serve` on a free port with more flags; `log` holds what it says on standard error.

    `limits`: of resources (setrlimit). `is_quiet`: says nothing of single requests.
    """

    def __init__(self, program, *flags, limits=None, is_quiet=False):
        self.log = tempfile.NamedTemporaryFile("w+", prefix="dropoutd-", suffix=".log", delete=False)  # noqa: SIM115 - until `stop`

        def limit():
            for kind, value in (limits or {}).items():
                resource.setrlimit(kind, (value, value))

        # Without lines on level info the server does not log its port.
        chosen = free_port() if is_quiet else 0
        flags = ["--port", str(chosen), *(["--log-level", "warning"] if is_quiet else []), *flags]
        self.process = subprocess.Popen(
            [program, "serve", *flags], stderr=self.log, stdin=subprocess.DEVNULL, preexec_fn=limit if limits else None
        )
        self.pid = self.process.pid
        self.port = None
        deadline = time.monotonic() + 20
        while not self.port and time.monotonic() < deadline and self.is_running():
            if found := re.search(r"listening on https?://[^:\"]*:(\d+)", self.text()):
                self.port = int(found.group(1))
            elif is_quiet and answers(chosen):
                self.port = chosen
            else:
                time.sleep(0.02)
        if not self.port:
            self.stop()
            raise SystemExit(f"the server did not start: {self.last_words}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def text(self):
        with open(self.log.name, encoding="utf-8") as log:
            return log.read()

    def is_running(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def stop(self, seconds=40):
        """The exit code, after SIGTERM; negative where it had to be killed."""
        if self.is_running():
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self.log.close()
        if os.path.exists(self.log.name):
            self.last_words = self.text()
            os.unlink(self.log.name)
        return self.process.returncode

    # What the system says of it.

    def resident_bytes(self):
        with open(f"/proc/{self.pid}/statm") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()

    def peak_bytes(self):
        """The most that was ever resident; 0 after its end."""
        try:
            with open(f"/proc/{self.pid}/status") as status:
                found = re.search(r"^VmHWM:\s+(\d+) kB", status.read(), re.M)
        except OSError:
            return 0
        return int(found.group(1)) << 10 if found else 0

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def processor_seconds(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
