"""What both clients say and decide in the same way."""

from __future__ import annotations

from collections.abc import Mapping

from .calls import retry_after

# The longest time in seconds that a client waits before it sends a request again.
LONGEST_PAUSE = 60.0


def headers(token: str | None) -> dict[str, str]:
    """The header fields of every request. Numbers in base64 hardly shrink, so no answer is compressed."""
    return {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {token}"} if token else {})}


def pause_before_retry(status: int, found: Mapping[str, str], longest: float) -> float | None:
    """The seconds after which the same request may be answered. None if it may not, or if that is too long."""
    pause = retry_after(found) if status in (429, 503) else None
    return None if pause is None or pause > longest else pause
