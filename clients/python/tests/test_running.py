"""The program that `serve` starts, and its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dropout_service import Client, Server, ServerFailed, Unreachable, serve
from dropout_service.running import find_program


def test_the_program_ends_with_the_block() -> None:
    with serve("--threads", "1") as client:
        url = client.url
        assert client.mask((3,), rate=0.5, seed=7).mask.tolist() == [False, False, True]
    with Client(url) as late, pytest.raises(Unreachable):
        late.generators()


def test_a_wrong_flag_is_told() -> None:
    with pytest.raises(ServerFailed, match="--rate-limit"):
        Server("--rate-limit", "5")


def test_a_missing_program_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="nowhere"):
        Server(program="nowhere")
    monkeypatch.delenv("DROPOUTD")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(ServerFailed, match="DROPOUTD"):
        find_program()


def test_the_program_of_the_environment_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "dropoutd"
    program.symlink_to(os.environ["DROPOUTD"])
    monkeypatch.delenv("DROPOUTD")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert find_program() == str(program)


def test_the_end_of_the_process_ends_the_program() -> None:
    code = "from dropout_service import Server; server = Server(); print(server.process.pid, flush=True)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(run.stdout), 0)
