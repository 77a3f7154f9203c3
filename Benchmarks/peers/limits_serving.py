"""What a server holds and how it keeps answering: memory, connections, /healthz under load, the first byte.

Each measure yields lines (what, target, measured, met); `met` is None where there is no target.
"""

import os
import signal
import statistics
import subprocess
import threading
import time
from collections import Counter

from client import Client
from harness import dropoutd, findings, load, wrk
from limits_computing import asked, milliseconds


def megabytes(count):
    return f"{count / 1e6:.1f} MB"


def memory(settings):
    body = settings.bodies.forward("l", 1000, 1000).read_bytes()
    small = settings.bodies.forward("s", 4, 2).read_bytes()
    with dropoutd(settings.program) as server, Client(server.port) as client:
        time.sleep(1)
        fresh = server.resident()
        yield "resident, freshly started", "under 30 MB", megabytes(fresh), fresh < 30e6
        for _ in range(1000):
            asked(client, "/forward", small)
        idle = server.resident()
        yield "resident, idle after 1000 small requests", "under 30 MB", megabytes(idle), idle < 30e6
    with dropoutd(settings.program) as server, Client(server.port) as client:
        asked(client, "/forward", small)
        idle = server.resident()
        size = len(body) + asked(client, "/forward", body).size
        peak = server.resident("VmHWM") - idle
        yield (
            "one l request, peak over idle / bytes of request and answer",
            "under 4",
            f"{peak / size:.2f} ({megabytes(peak)} / {megabytes(size)})",
            peak < 4 * size,
        )
        time.sleep(10)
        yield "resident, 10 s after one l request", None, megabytes(server.resident()), None
    yield from four_at_once(settings)


def four_at_once(settings):
    size, statuses = 64 << 20, []
    body = settings.bodies.exactly(size).read_bytes()
    with dropoutd(settings.program) as server:

        def client():
            try:
                with Client(server.port, timeout=120) as one:
                    statuses.append(one.ask("/forward", body).status)
            except OSError as problem:
                statuses.append(type(problem).__name__)

        clients = [threading.Thread(target=client, daemon=True) for _ in range(4)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        peak = server.resident("VmHWM")
        counts = ", ".join(f"{count} x {status}" for status, count in Counter(statuses).items())
        yield (
            "four bodies of 64 MiB at once, peak",
            "under 1.2 GB, all 200",
            f"{megabytes(peak)}, {counts}",
            peak < 1.2e9 and statuses == [200] * 4,
        )
        time.sleep(10)
        yield "resident, 10 s after them", None, megabytes(server.resident()), None


def connections(settings):
    """Requests/s of s, in rounds."""
    counts, file = [1, 4, 16, 64, 256], settings.bodies.forward("s", 4, 2)
    found, errors = {count: [] for count in counts}, 0
    with dropoutd(settings.program) as server:
        load(server, "/forward", file, 16, 1)
        for _ in range(3):
            for count in counts:
                result = load(server, "/forward", file, count, settings.seconds)
                found[count].append(result["per_second"])
                errors += result["errors"]
    rates = {count: statistics.median(values) for count, values in found.items()}
    best = max(rates.values())
    for count, rate in rates.items():
        # A single connection waits for the way to and fro, which no server shortens.
        target = "80 % of the best" if count > 1 else None
        yield (
            f"s, connections: {count}",
            target,
            f"{rate:.0f} requests/s, {100 * rate / best:.0f} %",
            rate >= 0.8 * best if target else None,
        )
    yield "s, errors", "0", str(errors), errors == 0


def health(settings):
    """GET /healthz 200 times a second for 10 s, while wrk sends l on 4 connections."""
    rate, count = 200, 2000
    with dropoutd(settings.program) as server, Client(server.port) as client:
        alone = paced(client, rate, rate)
        command, environment = wrk(server.port, "/forward", settings.bodies.forward("l", 1000, 1000), 4, 13)
        loading = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        try:
            time.sleep(2)
            times = paced(client, rate, count)
            output, _ = loading.communicate(timeout=90)
        finally:
            if loading.poll() is None:
                os.killpg(loading.pid, signal.SIGKILL)
                loading.wait()
    load_found = findings(output)
    yield "GET /healthz on an idle server, p50, p99", None, percentiles(alone), None
    yield (
        "GET /healthz while all cores compute l, p50, p99",
        "p99 under 20 ms",
        f"{percentiles(times)} (with {load_found['requests'] / load_found['seconds']:.1f} l/s)",
        percentile(times, 99) < 0.02,
    )
    yield "errors of l meanwhile", "0", str(load_found["errors"]), load_found["errors"] == 0


def paced(client, rate, count):
    """Seconds from sending to the answer of `count` requests, each due at its own time; late ones follow at once."""
    times, begin = [], time.perf_counter()
    for number in range(count):
        time.sleep(max(0, begin + number / rate - time.perf_counter()))
        times.append(asked(client, "/healthz", None).whole)
    return times


def percentile(times, percent):
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def percentiles(times):
    return f"{1000 * percentile(times, 50):.2f} ms, {1000 * percentile(times, 99):.2f} ms"


def first_byte(settings):
    """Beside the answer to the same question without its numbers, which takes all but the printing."""
    body = settings.bodies.forward("l", 1000, 1000).read_bytes()
    bare_body = settings.bodies.forward("l-check", 1000, 1000, ',"include":["check"]').read_bytes()
    with dropoutd(settings.program) as server, Client(server.port) as client:
        whole, bare = [], []
        for _ in range(settings.repeats + 1):
            whole.append(asked(client, "/forward", body))
            bare.append(asked(client, "/forward", bare_body))
    first, last = (statistics.median(getattr(one, name) for one in whole[1:]) for name in ("first", "last"))
    without = statistics.median(one.first for one in bare[1:])
    yield "l, after the upload: answer of the check alone", None, milliseconds(without), None
    yield "l, after the upload: last byte", None, milliseconds(last), None
    yield (
        "l, after the upload: first byte",
        "nearer to the check alone than to the last byte",
        milliseconds(first),
        first - without < (last - without) / 2,
    )


MEASURES = {"memory": memory, "connections": connections, "health": health, "first-byte": first_byte}
