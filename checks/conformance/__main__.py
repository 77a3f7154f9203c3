"""Holds a server to HTTP/1.1, JSON and the bounds of each route, on plain sockets.

    python3 checks/conformance HOST:PORT      a server that runs, with its default bounds
    python3 checks/conformance PROGRAM        a dropoutd that is started and ended here

Every case is bytes and what must come back. Whatever the case, an answer that reports an error is a problem document
(RFC 9457), no status of 500 or more but 501, 503 and 505 appears, the connection goes on in step or closes without
another byte, and the server answers /healthz afterwards. Prints each failure and, at the end, `N passed, N failed`.
"""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "probing"))
import caching
import coding
import files
import framing
import inference
import questions
import routes
import texts
from server import Server
from wire import Broken, Connection, ask, request


def faults_of(answer, is_head):
    """What is wrong with an answer whatever was asked."""
    if answer.status >= 500 and answer.status not in (501, 503, 505):
        yield f"status {answer.status}"
    if answer.status < 200:
        return
    if len(answer.all("Date")) != 1:
        yield "not one Date"
    if not re.fullmatch(r"[A-Za-z0-9._~+/=:@-]{1,128}", answer.get("X-Request-Id") or ""):
        yield f"X-Request-Id is {answer.get('X-Request-Id')}"
    if answer.all("X-Content-Type-Options") != ["nosniff"]:
        yield f"X-Content-Type-Options is {answer.all('X-Content-Type-Options')}"
    caching = answer.all("Cache-Control")
    is_stored = answer.status in (200, 304) and caching in (["no-cache"], ["public, max-age=31536000, immutable"])
    if caching != ["no-store"] and not is_stored:
        yield f"Cache-Control is {caching}"
    if len(answer.all("ETag")) != (1 if is_stored else 0):
        yield f"ETag is {answer.all('ETag')} and Cache-Control {caching}"
    if answer.status >= 400 and not is_head:
        if answer.get("Content-Type") != "application/problem+json":
            yield f"an error of type {answer.get('Content-Type')}"
            return
        problem = answer.json()
        for name, kind in {"type": str, "title": str, "status": int, "detail": str, "errors": list}.items():
            if not isinstance(problem.get(name), kind):
                yield f"the problem's {name} is {problem.get(name)!r}"
        if problem.get("status") != answer.status:
            yield f"the problem's status is {problem.get('status')}"
        if not problem.get("detail"):
            yield "the problem says nothing"
    if answer.status == 405 and not answer.get("Allow"):
        yield "405 without Allow"
    if answer.status == 503 and not answer.get("Retry-After"):
        yield "503 without Retry-After"


def run(case, port, host):
    """The faults that `case` shows, as a list."""
    found = []
    try:
        with Connection(port, host) as connection:
            connection.send(case.data)
            answers = []
            for index, expected in enumerate(case.statuses):
                is_head = case.heads[index] if index < len(case.heads) else False
                answer = connection.answer(is_head)
                answers.append(answer)
                allowed = expected if isinstance(expected, tuple) else (expected,)
                if answer.status not in allowed:
                    found.append(f"answer {index + 1} is {answer.status} ({answer.body[:200]!r}), not {expected}")
                found += faults_of(answer, is_head)
            if answers and answers[-1].get("Connection") == "close":
                if case.closes is False:
                    found.append("the connection is closed")
                if rest := connection.rest():
                    found.append(f"{rest[:80]!r} after the last answer")
            elif case.closes:
                found.append("the connection is not closed")
            elif answers:
                # In step: the next request gets the next answer.
                connection.send(request("GET", "/livez"))
                if connection.answer().json() != {"status": "ok"}:
                    found.append("another answer than the next request's")
            for check in case.checks:
                if text := check(answers):
                    found.append(text)
    except (Broken, OSError, ValueError, IndexError) as error:
        found.append(f"{type(error).__name__}: {error}")
    try:
        if ask(port, "GET", "/healthz").status != 200:
            found.append("/healthz is not healthy afterwards")
    except (Broken, OSError) as error:
        found.append(f"/healthz afterwards: {error}")
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target, server = sys.argv[1], None
    if found := re.fullmatch(r"([^/]+):(\d+)", target):
        host, port = found.group(1), int(found.group(2))
    else:
        server = Server(target)
        host, port = "127.0.0.1", server.port
    passed = failed = 0
    try:
        for suite in (framing, routes, coding, caching, texts, questions, files, inference):
            for case in suite.cases():
                faults = run(case, port, host)
                if faults:
                    failed += 1
                    print(f"{suite.__name__}: {case.name}\n    sent {case.data[:300]!r}")
                    for fault in faults:
                        print(f"    {fault}")
                else:
                    passed += 1
    finally:
        code = server.stop() if server else 0
    if code:
        failed += 1
        print(f"the server ended with {code}: {server.last_words[-2000:]}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
