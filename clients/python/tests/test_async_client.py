"""The client of asyncio gives what the other one gives."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from dropout_service import AsyncClient, Client, CutAnswer, Refusal, Server, Unanswerable, Verdict, serve

LAYERS = [{"weights": np.eye(3) * 2, "rate": 0.5}, {"weights": np.ones((2, 3)), "activation": "softmax"}]
X = np.array([[1.0], [2.0], [3.0]])

# The same question to both.
QUESTIONS: dict[str, tuple[Callable[[Client], Any], Callable[[AsyncClient], Awaitable[Any]]]] = {
    "forward": (
        lambda client: client.forward(X, rate=0.5, seed=1).output,
        lambda client: client.forward(X, rate=0.5, seed=1),
    ),
    "layers": (
        lambda client: client.forward(X, layers=LAYERS, seed=1).output,
        lambda client: client.forward(X, layers=LAYERS, seed=1),
    ),
    "mask": (lambda client: client.mask((3, 4), rate=0.5, seed=1).mask, lambda client: client.mask((3, 4), rate=0.5, seed=1)),
    "train_step": (
        lambda client: client.train_step(LAYERS, X, [[1.0], [0.0]], loss="mse", learning_rate=0.1, seed=1).loss,
        lambda client: client.train_step(LAYERS, X, [[1.0], [0.0]], loss="mse", learning_rate=0.1, seed=1),
    ),
    "verify": (lambda client: client.verify(X, X * 2, rate=0.5).verdict, lambda client: client.verify(X, X * 2, rate=0.5)),
    "mc": (lambda client: client.mc(X, LAYERS, 9, seed=1).mean, lambda client: client.mc(X, LAYERS, 9, seed=1)),
    "mc with a bar": (
        lambda client: client.mc(X, LAYERS, 9, seed=1).mean,
        lambda client: client.mc(X, LAYERS, 9, seed=1, progress=True),
    ),
    "generators": (lambda client: client.generators(), lambda client: client.generators()),
}
PARTS = {"forward": "output", "layers": "output", "mask": "mask", "train_step": "loss", "verify": "verdict"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_both_clients_give_the_same(client: Client, name: str) -> None:
    ask, ask_async = QUESTIONS[name]

    async def answer() -> Any:
        async with AsyncClient(client.url) as asynchronous:
            return await ask_async(asynchronous)

    found, expected = asyncio.run(answer()), ask(client)
    found = getattr(found, PARTS.get(name, "mean"), found)
    assert np.array_equal(found, expected) if isinstance(expected, np.ndarray) else found == expected


def test_many_verdicts(client: Client) -> None:
    cases = [{"input": X, "output": X * factor, "rate": 0.5} for factor in (1, 2)] + [{"input": X, "output": [1.0]}]

    async def verdicts() -> list[Verdict | Refusal]:
        async with AsyncClient(client.url) as asynchronous:
            return await asynchronous.verify_many(cases)

    def shown(found: list[Verdict | Refusal]) -> list[Any]:
        return [one.verdict if isinstance(one, Verdict) else one.pointers for one in found]

    assert shown(asyncio.run(verdicts())) == shown(client.verify_many(cases))


def test_passes_come_one_by_one(server: Server) -> None:
    async def passes() -> tuple[list[int], int]:
        async with AsyncClient(server.url) as client:
            stream = client.samples(X, 4, rate=0.5, seed=1)
            return [one.index async for one in stream], stream.summary.count

    assert asyncio.run(passes()) == ([0, 1, 2, 3], 4)


def test_a_stream_may_be_left(server: Server) -> None:
    async def first() -> int:
        async with AsyncClient(server.url) as client:
            async with client.samples(np.ones(1000), 100_000, rate=0.5, seed=3) as passes:
                index = (await anext(passes)).index
            with pytest.raises(CutAnswer):
                _ = passes.summary
            return index

    assert asyncio.run(first()) == 0


def test_refusals_are_raised(server: Server) -> None:
    async def refused() -> None:
        async with AsyncClient(server.url) as client:
            with pytest.raises(Unanswerable, match="/samples"):
                await anext(client.samples([1.0], 0, rate=0.5))
            await client.forward([1.0], rate=3)

    with pytest.raises(Unanswerable, match="/rate"):
        asyncio.run(refused())


def test_serve_gives_an_asynchronous_client() -> None:
    async def output() -> Any:
        async with serve() as client:
            return (await client.forward([1.0], rate=0, seed=1)).output.tolist()

    assert asyncio.run(output()) == [1]
