"""A progress bar, if tqdm is installed."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Bar(AbstractContextManager[Any], Protocol):
    def update(self) -> Any: ...


def progress_bar(count: int, is_wanted: bool | None) -> Bar | None:
    """A bar for `count` passes. With `is_wanted` None there is one on a terminal, if tqdm is installed."""
    if is_wanted is False or (is_wanted is None and not sys.stderr.isatty()):
        return None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        if is_wanted:
            raise ImportError("a progress bar needs the package tqdm: pip install 'dropout-service[progress]'") from None
        return None
    bar: Bar = tqdm(total=count, unit="pass")
    return bar
