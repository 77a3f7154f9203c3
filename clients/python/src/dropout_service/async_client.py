"""The client for asyncio. Its methods are those of `Client`, which explains them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from . import calls
from .answers import Forward, Generator, Mask, MonteCarlo, Sample, TrainStep, Verdict
from .calls import Call, Layers, PassReader, Reply
from .errors import Refusal, Unreachable
from .progress import progress_bar
from .transport import LONGEST_PAUSE, headers, pause_before_retry

_Read = TypeVar("_Read")


class AsyncClient:
    """Asks one server, with the parameters of `Client`. `http` is an `httpx.AsyncClient` of your own."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:8080",
        *,
        token: str | None = None,
        timeout: float = 60.0,
        retries: int = 4,
        longest_pause: float = LONGEST_PAUSE,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._http = http or httpx.AsyncClient(timeout=timeout)
        self._headers = headers(token)
        self._retries = retries
        self._longest_pause = longest_pause

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def forward(
        self, input: Any, *, layers: Layers | None = None, include: Iterable[str] = ("output",), **fields: Any
    ) -> Forward:
        return await self._ask(calls.forward(input, layers, include, fields))

    async def mask(self, shape: Sequence[int], *, include: Iterable[str] = ("mask", "statistics", "echo"), **fields: Any) -> Mask:
        return await self._ask(calls.mask(shape, include, fields))

    async def train_step(self, layers: Layers, input: Any, target: Any, **fields: Any) -> TrainStep:
        return await self._ask(calls.train_step(layers, input, target, fields))

    async def verify(self, input: Any, output: Any = None, *, outputs: Sequence[Any] | None = None, **fields: Any) -> Verdict:
        return await self._ask(calls.verify(input, output, outputs, fields))

    async def verify_many(self, cases: Iterable[Mapping[str, Any]]) -> list[Verdict | Refusal]:
        found: list[Verdict | Refusal] = []
        for call, reader in calls.verify_many(cases):
            response = await self._send(call)
            request_id = response.headers.get("x-request-id")
            try:
                if response.status_code >= 400:
                    Reply(response.status_code, response.headers, bytearray(await response.aread())).refuse()
                async for chunk in response.aiter_raw():
                    reader.add(chunk)
            except httpx.TransportError as error:
                reader.raise_if_late(request_id)
                raise self._unreachable(error) from error
            finally:
                await response.aclose()
            found += reader.end(request_id)
        return found

    async def generators(self) -> list[Generator]:
        return await self._ask(calls.list_generators())

    def samples(self, input: Any, n: int, *, layers: Layers | None = None, masks: bool = False, **fields: Any) -> AsyncSampleStream:
        return AsyncSampleStream(self, *calls.samples(input, n, layers, masks, fields))

    async def mc(
        self, x: Any, layers: Layers | None = None, n: int = 100, *, progress: bool | None = None, **fields: Any
    ) -> MonteCarlo:
        bar = progress_bar(n, progress)
        if bar is None:
            return await self._ask(calls.monte_carlo(x, n, layers, fields))
        with bar:
            async with self.samples(x, n, layers=layers, **fields) as passes:
                async for _ in passes:
                    bar.update()
                return passes.summary

    async def _ask(self, call: Call[_Read]) -> _Read:
        response = await self._send(call)
        try:
            body = bytearray().join([chunk async for chunk in response.aiter_raw()])
        except httpx.TransportError as error:
            raise self._unreachable(error) from error
        finally:
            await response.aclose()
        reply = Reply(response.status_code, response.headers, body)
        if reply.status >= 400:
            reply.refuse()
        return call.read(reply)

    async def _send(self, call: Call[Any]) -> httpx.Response:
        retries = 0
        while True:
            request = self._http.build_request(
                call.method, self.url + call.target, content=call.body, headers={**self._headers, **call.headers}
            )
            try:
                response = await self._http.send(request, stream=True)
            except httpx.TransportError as error:
                raise self._unreachable(error) from error
            pause = pause_before_retry(response.status_code, response.headers, self._longest_pause)
            if pause is None or retries >= self._retries:
                return response
            await response.aclose()
            retries += 1
            await asyncio.sleep(pause)

    def _unreachable(self, error: httpx.TransportError) -> Unreachable:
        return Unreachable(f"{self.url}: {error or type(error).__name__}")


class AsyncSampleStream(AsyncIterator[Sample]):
    """As `SampleStream`, with `async for` and `async with`."""

    def __init__(self, client: AsyncClient, call: Call[None], reader: PassReader) -> None:
        self._reader = reader
        self._passes = self._read(client, call)

    async def __anext__(self) -> Sample:
        return await anext(self._passes)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._passes.aclose()

    @property
    def summary(self) -> MonteCarlo:
        """The moments over all passes, after the last one."""
        return self._reader.end()

    async def _read(self, client: AsyncClient, call: Call[None]) -> AsyncGenerator[Sample, None]:
        response = await client._send(call)
        try:
            if response.status_code >= 400:
                Reply(response.status_code, response.headers, bytearray(await response.aread())).refuse()
            async for chunk in response.aiter_raw():
                for sample in self._reader.samples(chunk):
                    yield sample
        except httpx.TransportError as error:
            raise client._unreachable(error) from error
        finally:
            await response.aclose()
        self._reader.end()
