"""Retries, by answers that the test gives. The pauses are recorded and not waited for."""

import asyncio
import datetime
from email.utils import format_datetime

import httpx
import pytest

from dropout_service import AsyncClient, Busy, Client, Refusal, TooSlow, Unreachable
from dropout_service.calls import retry_after

ANSWER = httpx.Response(200, json={"generators": []})


def busy(status: int = 503, after: str | None = "2") -> httpx.Response:
    problem = {"type": "urn:dropout-service:problem:http-503", "detail": "the server is busy", "status": status}
    return httpx.Response(status, json=problem, headers={"Retry-After": after} if after else {})


class Asked:
    """How often was asked, and which pauses a client made."""

    def __init__(self, *answers: httpx.Response, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers = list(answers)
        self.pauses: list[float] = []
        self.requests: list[httpx.Request] = []
        monkeypatch.setattr("time.sleep", self.pauses.append)

        async def sleep(seconds: float) -> None:
            self.pauses.append(seconds)

        monkeypatch.setattr("asyncio.sleep", sleep)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        # A new one each time: a client closes what it has read.
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))


def generators(asked: Asked, is_async: bool, retries: int = 4) -> list[object]:
    transport = httpx.MockTransport(asked)
    if is_async:

        async def ask() -> list[object]:
            async with AsyncClient(http=httpx.AsyncClient(transport=transport), retries=retries) as client:
                return list(await client.generators())

        return asyncio.run(ask())
    with Client(http=httpx.Client(transport=transport), retries=retries) as client:
        return list(client.generators())


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_after_the_time_it_says(monkeypatch: pytest.MonkeyPatch, is_async: bool, status: int) -> None:
    asked = Asked(busy(status), busy(status, "7"), ANSWER, monkeypatch=monkeypatch)
    assert generators(asked, is_async) == []
    assert asked.pauses == [2, 7]
    assert len(asked.requests) == 3


@pytest.mark.parametrize("is_async", [False, True])
def test_the_retries_end(monkeypatch: pytest.MonkeyPatch, is_async: bool) -> None:
    asked = Asked(busy(), monkeypatch=monkeypatch)
    with pytest.raises(Busy) as raised:
        generators(asked, is_async, retries=2)
    assert raised.value.retry_after == 2
    assert len(asked.requests) == 3


@pytest.mark.parametrize(
    ("answer", "kind"), [(busy(after=None), TooSlow), (busy(after="3600"), Busy), (httpx.Response(500, text="no"), Refusal)]
)
@pytest.mark.parametrize("is_async", [False, True])
def test_other_refusals_are_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, answer: httpx.Response, kind: type[Refusal], is_async: bool
) -> None:
    asked = Asked(answer, monkeypatch=monkeypatch)
    with pytest.raises(kind):
        generators(asked, is_async)
    assert asked.pauses == []
    assert len(asked.requests) == 1


@pytest.mark.parametrize("is_async", [False, True])
def test_a_broken_connection_is_not_tried_again(monkeypatch: pytest.MonkeyPatch, is_async: bool) -> None:
    asked = Asked(monkeypatch=monkeypatch)

    def broken(request: httpx.Request) -> httpx.Response:
        asked.requests.append(request)
        raise httpx.ReadError("reset")

    monkeypatch.setattr(Asked, "__call__", lambda self, request: broken(request))
    with pytest.raises(Unreachable, match="reset"):
        generators(asked, is_async)
    assert len(asked.requests) == 1


def test_a_proxy_may_answer_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(httpx.Response(502, text="<h1>Bad Gateway</h1>"), monkeypatch=monkeypatch)
    with pytest.raises(Refusal, match="502: <h1>Bad Gateway</h1>"):
        generators(asked, is_async=False)


def test_no_answer_is_asked_to_be_compressed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(ANSWER, monkeypatch=monkeypatch)
    generators(asked, is_async=False)
    assert asked.requests[0].headers["accept-encoding"] == "identity"


def test_a_date_is_a_time_too() -> None:
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=90)
    found = retry_after({"retry-after": format_datetime(later, usegmt=True)})
    assert found is not None and 60 < found <= 90
    assert retry_after({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}) == 0
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None
