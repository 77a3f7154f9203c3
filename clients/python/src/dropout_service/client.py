"""The synchronous client."""

from __future__ import annotations

import time
from collections.abc import Generator as PassGenerator
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class Client:
    """Asks one server. A connection is kept from request to request; threads may share a client.

    `token` is a key of the server. `retries` is how often a request is sent again if the server is busy (429 or 503 with
    `Retry-After`); the client waits as long as the server says, and at most `longest_pause` seconds. `http` is an `httpx.Client` of
    your own, for proxies, certificates or other limits.

    A field that has no parameter of its own here is a keyword: `client.forward(x, rate=0.5, granularity="unit")`. None is the same
    as leaving it out.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8080",
        *,
        token: str | None = None,
        timeout: float = 60.0,
        retries: int = 4,
        longest_pause: float = LONGEST_PAUSE,
        http: httpx.Client | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._http = http or httpx.Client(timeout=timeout)
        self._headers = headers(token)
        self._retries = retries
        self._longest_pause = longest_pause

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the kept connections."""
        self._http.close()

    def forward(self, input: Any, *, layers: Layers | None = None, include: Iterable[str] = ("output",), **fields: Any) -> Forward:
        """One pass over a tensor, or through a network of dense layers.

        The output has the type of the input, and float64 for integers. `include` names the parts of the answer: `output`, `mask`,
        `check`, `layers`, `samples`, `exact`, `next`, `echo`. The output alone is the fastest.
        """
        return self._ask(calls.forward(input, layers, include, fields))

    def mask(self, shape: Sequence[int], *, include: Iterable[str] = ("mask", "statistics", "echo"), **fields: Any) -> Mask:
        """A mask alone, as booleans, with its statistics."""
        return self._ask(calls.mask(shape, include, fields))

    def train_step(self, layers: Layers, input: Any, target: Any, **fields: Any) -> TrainStep:
        """Forward, loss, backward and update with one mask: `loss`, `learning_rate`, `optimizer` and others are keywords."""
        return self._ask(calls.train_step(layers, input, target, fields))

    def verify(self, input: Any, output: Any = None, *, outputs: Sequence[Any] | None = None, **fields: Any) -> Verdict:
        """Whether an output is that of dropout, and which known mistake it shows. `outputs` has those of several passes."""
        return self._ask(calls.verify(input, output, outputs, fields))

    def verify_many(self, cases: Iterable[Mapping[str, Any]]) -> list[Verdict | Refusal]:
        """Judges many cases in few requests: each is a mapping with `input`, `output` or `outputs`, and the fields of `verify`.

        The answers are in the order of the cases. A case that was refused has its refusal, which is not raised.
        """
        found: list[Verdict | Refusal] = []
        for call, reader in calls.verify_many(cases):
            response = self._send(call)
            request_id = response.headers.get("x-request-id")
            try:
                if response.status_code >= 400:
                    Reply(response.status_code, response.headers, bytearray(response.read())).refuse()
                for chunk in response.iter_raw():
                    reader.add(chunk)
            except httpx.TransportError as error:
                reader.raise_if_late(request_id)
                raise self._unreachable(error) from error
            finally:
                response.close()
            found += reader.end(request_id)
        return found

    def generators(self) -> list[Generator]:
        """Every generator, with the line of the library's code whose mask it draws."""
        return self._ask(calls.list_generators())

    def samples(self, input: Any, n: int, *, layers: Layers | None = None, masks: bool = False, **fields: Any) -> SampleStream:
        """`n` passes, each as soon as it is computed, with their masks if you ask for them."""
        return SampleStream(self, *calls.samples(input, n, layers, masks, fields))

    def mc(self, x: Any, layers: Layers | None = None, n: int = 100, *, progress: bool | None = None, **fields: Any) -> MonteCarlo:
        """Monte-Carlo dropout: mean, standard deviation and intervals over `n` passes, and entropies after a softmax.

        `progress` shows a bar, for which each pass is sent: by default on a terminal, if tqdm is installed.
        """
        bar = progress_bar(n, progress)
        if bar is None:
            return self._ask(calls.monte_carlo(x, n, layers, fields))
        with bar, self.samples(x, n, layers=layers, **fields) as passes:
            for _ in passes:
                bar.update()
            return passes.summary

    def _ask(self, call: Call[_Read]) -> _Read:
        response = self._send(call)
        try:
            # A bytearray, so that an array of the answer is its bytes and not a copy.
            reply = Reply(response.status_code, response.headers, bytearray().join(response.iter_raw()))
        except httpx.TransportError as error:
            raise self._unreachable(error) from error
        finally:
            response.close()
        if reply.status >= 400:
            reply.refuse()
        return call.read(reply)

    def _send(self, call: Call[Any]) -> httpx.Response:
        """The answer, whose body is not read yet, after retries if the server is busy."""
        retries = 0
        while True:
            request = self._http.build_request(
                call.method, self.url + call.target, content=call.body, headers={**self._headers, **call.headers}
            )
            try:
                response = self._http.send(request, stream=True)
            except httpx.TransportError as error:
                raise self._unreachable(error) from error
            pause = pause_before_retry(response.status_code, response.headers, self._longest_pause)
            if pause is None or retries >= self._retries:
                return response
            response.close()
            retries += 1
            time.sleep(pause)

    def _unreachable(self, error: httpx.TransportError) -> Unreachable:
        return Unreachable(f"{self.url}: {error or type(error).__name__}")


class SampleStream(Iterator[Sample]):
    """Passes, one after the other. Leave it with `close`, or use it in `with`, to stop the server before the last one."""

    def __init__(self, client: Client, call: Call[None], reader: PassReader) -> None:
        self._reader = reader
        self._passes = self._read(client, call)

    def __next__(self) -> Sample:
        return next(self._passes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._passes.close()

    @property
    def summary(self) -> MonteCarlo:
        """The moments over all passes, after the last one."""
        return self._reader.end()

    def _read(self, client: Client, call: Call[None]) -> PassGenerator[Sample, None, None]:
        response = client._send(call)
        try:
            if response.status_code >= 400:
                Reply(response.status_code, response.headers, bytearray(response.read())).refuse()
            for chunk in response.iter_raw():
                yield from self._reader.samples(chunk)
        except httpx.TransportError as error:
            raise client._unreachable(error) from error
        finally:
            response.close()
        self._reader.end()
