"""What a request costs: threads, the floor of the kernels, forms of tensors, networks, and growth with the elements.

Each measure yields lines (what, target, measured, met); `met` is None where there is no target.
"""

import itertools
import os
import statistics
import time

from client import Client
from harness import dropoutd, load


def milliseconds(seconds):
    return f"{1000 * seconds:.1f} ms"


def asked(client, path, body, keep=False):
    """One answer, which must be a 200."""
    answer = client.ask(path, body, keep)
    if answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status}")
    return answer


def threads(settings):
    """One client, l, alternating between servers."""
    body = settings.bodies.forward("l", 1000, 1000).read_bytes()
    one_core = ("taskset", "-c", str(min(os.sched_getaffinity(0))))
    one_thread = ("--threads", "1")
    with (
        dropoutd(settings.program) as default,
        dropoutd(settings.program, *one_thread) as single,
        dropoutd(settings.program, *one_thread, prefix=one_core) as pinned,
        Client(default.port) as a,
        Client(single.port) as b,
        Client(pinned.port) as c,
    ):
        bytes_agree = len({asked(client, "/forward", body, keep=True).digest() for client in (a, b, c)}) == 1
        times = [[], [], []]
        for _ in range(settings.repeats):
            for client, taken in zip((a, b, c), times):
                taken.append(asked(client, "/forward", body).whole)
    default, single, pinned = (statistics.median(taken) for taken in times)
    yield "l, one client, default threads", None, milliseconds(default), None
    for name, taken in ("`--threads 1`", single), ("`--threads 1` on one core", pinned):
        yield f"l, {name} / default", "over 1", f"{taken / default:.2f} ({milliseconds(taken)})", taken > default
    yield "l, the same bytes on any number of threads", "yes", "yes" if bytes_agree else "no", bytes_agree


def floor(settings):
    """CPU of the server a request, one client."""
    body = settings.bodies.forward("l", 1000, 1000).read_bytes()
    floors = []
    if settings.kernels:
        floors.append(settings.kernel("floor of POST /forward 1000x1000")[0])
    for flags, name in ((), "default"), (("--threads", "1"), "`--threads 1`"):
        with dropoutd(settings.program, *flags) as server, Client(server.port) as client:
            for _ in range(3):
                asked(client, "/forward", body)
            count, before = 2 * settings.repeats, server.cpu_nanoseconds()
            for _ in range(count):
                asked(client, "/forward", body)
            spent = (server.cpu_nanoseconds() - before) / count / 1e6
        yield f"CPU an l request, {name}", None, f"{spent:.1f} ms", None
        if floors:
            ratio = spent / floors[0]
            yield f"CPU an l request, {name} / floor of {floors[0]:.1f} ms", "at most 1.3", f"{ratio:.2f}", ratio <= 1.3


def base64(settings):
    """Requests/s of l at 4 connections, in rounds."""
    bodies = settings.bodies
    files = {
        "nested": bodies.forward("l", 1000, 1000),
        "base64": bodies.forward_base64("l-base64", 1000, 1000),
        "base64, mask packed": bodies.forward_base64("l-base64-packed", 1000, 1000, ',"mask_format":"packed"'),
        "nested, mask packed": bodies.forward("l-packed", 1000, 1000, ',"mask_format":"packed"'),
    }
    found = {name: [] for name in files}
    with dropoutd(settings.program) as server:
        for _ in range(3):
            for name, file in files.items():
                found[name].append(load(server, "/forward", file, 4, settings.seconds)["per_second"])
    rates = {name: statistics.median(values) for name, values in found.items()}
    for form, target in ("base64", "at least 4"), ("base64, mask packed", None):
        plain = form.replace("base64", "nested")
        ratio = rates[form] / rates[plain]
        yield (
            f"l, {form} / {plain}, requests/s",
            target,
            f"{ratio:.2f} ({rates[form]:.0f} / {rates[plain]:.0f})",
            ratio >= 4 if target else None,
        )


def layers(settings):
    """One client, a layer of 1024x1024 over a batch of 32."""
    products = settings.kernel("1024x1024 · 1024x32 (columns)")
    with dropoutd(settings.program) as server, Client(server.port) as client:
        for dtype, column in ("float32", 0), ("float64", 2):
            for form in "base64", "nested":
                body = settings.bodies.layers(form, dtype).read_bytes()
                asked(client, "/forward", body)
                taken = statistics.median(asked(client, "/forward", body).whole for _ in range(settings.repeats))
                measured = milliseconds(taken)
                if products:
                    product = 2 * 1024 * 1024 * 32 / products[column] / 1e9
                    measured += f", of which the product {milliseconds(product)}, {100 * product / taken:.0f} %"
                yield f"layer 1024x1024, batch 32, {dtype}, {form}", None, measured, None


class Cost:
    """CPU of the server a request and the shortest time of one, in nanoseconds, over about `seconds`."""

    def __init__(self, server, path, body, seconds):
        with Client(server.port) as client:
            asked(client, path, body)
            count, self.shortest = 0, float("inf")
            before, end = server.cpu_nanoseconds(), time.monotonic() + seconds
            while count < 3 or time.monotonic() < end:
                self.shortest = min(self.shortest, 1e9 * asked(client, path, body).whole)
                count += 1
            self.cpu = (server.cpu_nanoseconds() - before) / count


def scaling(settings):
    """Nanoseconds an element, less what a request without elements costs before and after."""
    sizes = [10**power for power in range(3, 8)]
    routes = {
        "/forward": (b'{"input":{"shape":[0],"data":[]},"rate":0.2,"seed":42,"dtype":"float32"}', settings.bodies.forward_flat),
        "/mask": (b'{"shape":[0],"rate":0.2,"seed":42}', lambda count: settings.bodies.mask(str(count), [count])),
    }
    seconds = settings.seconds / 2
    with dropoutd(settings.program, "--max-body-bytes", str(1 << 28)) as server:
        for path, (empty, file) in routes.items():
            empties, costs = [Cost(server, path, empty, seconds)], []
            for size in sizes:
                costs.append(Cost(server, path, file(size).read_bytes(), seconds))
                empties.append(Cost(server, path, empty, seconds))
            for kind, name in ("cpu", "CPU"), ("shortest", "shortest time"):
                without = [getattr(one, kind) for one in empties]
                noise = statistics.median(abs(a - b) for a, b in itertools.pairwise(without))
                net = [getattr(cost, kind) - (a + b) / 2 for cost, a, b in zip(costs, without, without[1:])]
                # Where the empty requests differ by an eighth of it, a figure says nothing of the elements.
                clear = [each / size for each, size in zip(net, sizes) if each > 8 * noise]
                cells = [f"{each / size:.2f}" + ("" if each > 8 * noise else "?") for each, size in zip(net, sizes)]
                middle = (max(clear) + min(clear)) / 2 if clear else 0
                spread = max(clear) / middle - 1 if clear else float("inf")
                yield (
                    f"POST {path}, ns an element by {name}, 10^3 to 10^7",
                    "within 25 % of the middle",
                    f"{', '.join(cells)}: {100 * spread:.0f} %" if clear else ", ".join(cells),
                    (spread <= 0.25 if len(clear) > 1 else None) if kind == "cpu" else None,
                )


MEASURES = {"threads": threads, "floor": floor, "base64": base64, "layers": layers, "scaling": scaling}
