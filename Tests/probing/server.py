"""A dropoutd of one's own on a free port, for scripts that test it."""
import os
import re
import resource
import signal
import subprocess
import tempfile
import time


class Server:
    """Starts `program serve --port 0` with more flags; `log` holds what it says on standard error."""

    def __init__(self, program, *flags, limits=None, environment=None):
        self.log = tempfile.NamedTemporaryFile("w+", prefix="dropoutd-", suffix=".log", delete=False)

        def limit():
            for kind, value in (limits or {}).items():
                resource.setrlimit(kind, (value, value))

        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", *flags], stderr=self.log, stdin=subprocess.DEVNULL,
            preexec_fn=limit if limits else None, env={**os.environ, **(environment or {})})
        self.pid = self.process.pid
        self.port = None
        deadline = time.monotonic() + 20
        while not self.port and time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(r"listening on https?://[^:\"]*:(\d+)", self.text()):
                self.port = int(found.group(1))
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

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def processor_seconds(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
