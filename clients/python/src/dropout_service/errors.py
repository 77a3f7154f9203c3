"""What can go wrong: every exception of the client is a `DropoutServiceError`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong with a request.

    `pointer` is the JSON pointer (RFC 6901) to the field, such as "/rate" or "/layers/0/weights".
    """

    pointer: str
    detail: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.detail}" if self.pointer else self.detail


class DropoutServiceError(Exception):
    """The base of all exceptions of this package."""


class Unreachable(DropoutServiceError):
    """The server was not reached, or the connection broke before the answer was whole."""


class CutAnswer(DropoutServiceError):
    """A stream of passes ended before its summary."""


class MissingPart(DropoutServiceError, AttributeError):
    """The answer has no such part, because `include` did not name it."""


class Refusal(DropoutServiceError):
    """The server refused the request with a problem document (RFC 9457).

    `mistakes` has everything that is wrong, place by place. `kind` is the end of the problem's `type`, such as "unanswerable".
    """

    def __init__(self, status: int, problem: Mapping[str, Any], request_id: str | None, retry_after: float | None) -> None:
        self.status = status
        self.problem = dict(problem)
        self.kind = str(problem.get("type", "")).rpartition(":")[2]
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.mistakes = tuple(
            Mistake(str(entry.get("pointer", "")), str(entry.get("detail", ""))) for entry in problem.get("errors", ())
        )
        self.request_id = request_id
        self.retry_after = retry_after
        super().__init__(status, self.detail)

    def __str__(self) -> str:
        lines = [str(mistake) for mistake in self.mistakes] or [self.detail or self.title]
        return f"{self.status}: " + "; ".join(lines)

    @property
    def pointers(self) -> tuple[str, ...]:
        """The JSON pointers to the fields that are wrong."""
        return tuple(mistake.pointer for mistake in self.mistakes)


class Unanswerable(Refusal):
    """The question cannot be answered (422). `mistakes` says where."""


class TooExpensive(Unanswerable):
    """The question costs more time or memory than one request may."""

    @property
    def price_seconds(self) -> float | None:
        """The seconds of one core that the question would take, if it is refused for its time."""
        return self.problem.get("price_seconds")

    @property
    def limit_seconds(self) -> float | None:
        """The seconds of one core that a question may take."""
        return self.problem.get("limit_seconds")

    @property
    def price_bytes(self) -> int | None:
        """The bytes that the question would take, if it is refused for its memory."""
        return self.problem.get("price_bytes")

    @property
    def limit_bytes(self) -> int | None:
        """The bytes that a question may take."""
        return self.problem.get("limit_bytes")


class Unauthenticated(Refusal):
    """The server has keys, and the request has none or a wrong one (401)."""


class Busy(Refusal):
    """The server is busy (503) or the caller's rate is used up (429), and the retries are used up too."""


class TooSlow(Refusal):
    """The computation took longer than the server allows, and would again (503 without Retry-After)."""


def refusal(status: int, body: bytes | bytearray, request_id: str | None, retry_after: float | None) -> Refusal:
    """The exception for an answer with a status from 400 on. The body may be that of a proxy, which is no problem document."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        problem = {"detail": body[:200].decode("utf-8", "replace").strip() or f"an answer with status {status} and no text"}
    return _class_of(status, problem, retry_after)(status, problem, request_id, retry_after)


def _class_of(status: int, problem: Mapping[str, Any], retry_after: float | None) -> type[Refusal]:
    if status == 401:
        return Unauthenticated
    if status == 422:
        return TooExpensive if str(problem.get("type", "")).endswith(":too-expensive") else Unanswerable
    if status == 429:
        return Busy
    if status == 503:
        return Busy if retry_after is not None else TooSlow
    return Refusal
