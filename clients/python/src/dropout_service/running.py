"""A server of one's own: the installed program on a free port."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import IO

from .async_client import AsyncClient
from .client import Client
from .errors import DropoutServiceError

# The last lines of the log that are kept for the message of a failure.
_KEPT_LINES = 20
_LISTENING = re.compile(r"listening on (https?)://([^\s\"]+):(\d+)")


class ServerFailed(DropoutServiceError):
    """The program is not there, or it did not start. The message has the end of its log."""


def find_program(program: str | os.PathLike[str] | None = None) -> str:
    """The path of `dropoutd`: the given one, that of the variable DROPOUTD, that of this Python's environment, or that of PATH."""
    given = program or os.environ.get("DROPOUTD")
    beside = Path(sys.executable).parent / "dropoutd"
    found = shutil.which(given) if given else str(beside) if beside.is_file() else shutil.which("dropoutd")
    if found is None:
        raise ServerFailed(
            f"the program {given or 'dropoutd'} was not found: install the wheel that has it, or name it in DROPOUTD"
        )
    return found


class Server:
    """A running program. `url` is where it listens. `stop` ends it, and so does the end of this process."""

    def __init__(self, *flags: str, program: str | os.PathLike[str] | None = None, timeout: float = 60.0) -> None:
        path = find_program(program)
        self.url: str
        self._log: deque[str] = deque(maxlen=_KEPT_LINES)
        self._found: str | None = None
        self._is_settled = threading.Event()
        # A crash ends the program at once, without a backtrace.
        environment = {"SWIFT_BACKTRACE": "enable=no", **os.environ}
        self.process = subprocess.Popen(
            [path, "serve", "--port", "0", *flags],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        assert self.process.stderr is not None
        self._reader = threading.Thread(target=self._read, args=(self.process.stderr,), daemon=True)
        self._reader.start()
        atexit.register(self.stop)
        if not self._is_settled.wait(timeout) or self._found is None:
            self.stop()
            raise ServerFailed("\n".join([f"{path} did not start:", *self._log]))
        self.url = self._found

    def stop(self, timeout: float = 30.0) -> int:
        """Ends the program and returns its exit code. Open requests are answered first."""
        atexit.unregister(self.stop)
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._reader.join()
        return self.process.wait()

    @property
    def log(self) -> list[str]:
        """The last lines of its log."""
        return list(self._log)

    def _read(self, lines: IO[str]) -> None:
        """Reads the log to its end, so that the program never waits for it."""
        with lines:
            for line in lines:
                self._log.append(line.rstrip("\n"))
                if self._found is None and (found := _LISTENING.search(line.replace("\\/", "/"))):
                    self._found = "{}://{}:{}".format(*found.groups())
                    self._is_settled.set()
        self._is_settled.set()


class serve:
    """A server and a client of it: `with serve() as client:`, or `async with serve() as client:` for an `AsyncClient`.

    `flags` are those of `dropoutd serve`, such as "--threads", "2". `program` is the path of the program, instead of the installed
    one. `token` is the key of the client, if the flags name a file of keys.
    """

    def __init__(self, *flags: str, program: str | os.PathLike[str] | None = None, token: str | None = None) -> None:
        self._flags = flags
        self._program = program
        self._token = token
        self._server: Server | None = None
        self._client: Client | None = None
        self._async_client: AsyncClient | None = None

    def __enter__(self) -> Client:
        self._client = Client(self._start().url, token=self._token)
        return self._client

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._client:
            self._client.close()
        self._stop()

    async def __aenter__(self) -> AsyncClient:
        self._async_client = AsyncClient(self._start().url, token=self._token)
        return self._async_client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._async_client:
            await self._async_client.close()
        self._stop()

    def _start(self) -> Server:
        self._server = Server(*self._flags, program=self._program)
        return self._server

    def _stop(self) -> None:
        if self._server:
            self._server.stop()
