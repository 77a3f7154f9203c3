"""A real server for all tests: the program that the variable DROPOUTD names."""

from collections.abc import Iterator

import pytest

from dropout_service import Client, Server

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    found = Server()
    yield found
    assert found.stop() == 0


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[Client]:
    with Client(server.url) as found:
        yield found
