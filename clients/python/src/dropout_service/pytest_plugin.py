"""Fixtures for pytest. The plugin is installed with the package.

`dropout_service` is a client of the server that DROPOUT_SERVICE_URL names, or of one that is started for the session.
`assert_dropout` judges an output: `assert_dropout(x, layer(x), rate=0.2, generator="torch-cpu", seed=42)`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .answers import Verdict
    from .client import Client


# The imports are inside: a session of pytest that uses none of this does not wait for them.
@pytest.fixture(scope="session")
def dropout_service() -> Client:
    from .judging import own_client

    return own_client()


@pytest.fixture(scope="session")
def assert_dropout(dropout_service: Client) -> Callable[..., Verdict]:
    from .judging import assert_dropout as judge

    return partial(judge, client=dropout_service)
