"""A judgement for tests: `assert_dropout` fails with the mistake that the output shows."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any

from .answers import Finding, Verdict
from .client import Client
from .running import Server

_lock = threading.Lock()
_own: Client | None = None


def own_client() -> Client:
    """The client of this process for judgements: of the server that DROPOUT_SERVICE_URL names, or of one that is started for it."""
    global _own
    with _lock:
        if _own is None:
            _own = Client(os.environ.get("DROPOUT_SERVICE_URL") or Server().url, token=os.environ.get("DROPOUT_SERVICE_TOKEN"))
        return _own


def assert_dropout(
    input: Any,
    output: Any = None,
    *,
    outputs: Sequence[Any] | None = None,
    client: Client | None = None,
    **fields: Any,
) -> Verdict:
    """Fails with an `AssertionError` if `output` is not the dropout of `input`.

    The keywords are the fields of `/verify`: `rate` or `keep_prob`, and `generator` with `seed` if the mask has to be that draw.
    Without `client` it asks the server that the variable DROPOUT_SERVICE_URL names, or starts the installed program.
    """
    __tracebackhide__ = True
    verdict = (client or own_client()).verify(input, output, outputs=outputs, **fields)
    if not verdict.is_dropout:
        raise AssertionError(explanation(verdict, fields))
    return verdict


def explanation(verdict: Verdict, fields: dict[str, Any]) -> str:
    """Why the output is not dropout: each mistake on a line, with its evidence."""
    asked = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    lines = [f"this is not dropout{f' with {asked}' if asked else ''}: {verdict.verdict}"]
    lines += [_line(finding) for finding in verdict.findings]
    if found := (verdict.generator or {}).get("found"):
        lines.append("  the mask is that of " + ", ".join(f"{name} {value}" for name, value in found.items()))
    lines.append(f"  {verdict['kept']} of {verdict['kept'] + verdict['dropped']} elements are kept")
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    evidence = ", ".join(f"{name} {value}" for name, value in (finding.evidence or {}).items())
    place = f" in output {finding.output}" if finding.output else ""
    return f"  {finding.mistake}{place}: {finding.detail}{f' ({evidence})' if evidence else ''}"
