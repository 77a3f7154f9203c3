"""What the three programs share: their flags, the servers of their workers, and the comparison with the whole mask."""

import argparse
import contextlib
import dataclasses
import hashlib
import math
import pathlib
import sys
import time

import numpy as np

import dropout_service
from dropout_service import running

# The largest that `dropoutd serve --max-elements` takes.
MOST_ELEMENTS = 1 << 30
# How many elements of the mask are drawn again in one request and compared bit for bit.
COMPARED = 10_000_000


def flags(description):
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--elements", type=int, default=10_000_000, help="elements of the tensor")
    parser.add_argument("--shard", type=int, default=1_000_000, help="elements of one shard")
    parser.add_argument("--workers", type=int, default=2, help="processes that draw, each with a server, if no URL is given")
    parser.add_argument("--url", action="append", help="a server that runs already; may be given several times")
    parser.add_argument("--program", type=pathlib.Path, help="the path of dropoutd, instead of the installed one")
    parser.add_argument("--rate", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=42)
    return parser.parse_args()


@contextlib.contextmanager
def servers(arguments):
    """The URLs to ask: those that were given, or those of a new server for each worker."""
    if arguments.url:
        yield arguments.url
        return
    with contextlib.ExitStack() as stack:
        yield [start(stack, arguments).url for _ in range(arguments.workers)]


def start(stack, arguments):
    """One thread for each server, so that as many cores draw as there are workers.

    The whole mask in one request, for the comparison, is over the default bounds of elements, seconds and memory. The server
    reserves 8 bytes an element of half of its budget for it, and takes about one.
    """
    bounds = {
        "max-elements": MOST_ELEMENTS,
        "max-compute-seconds": 60,
        "compute-deadline-seconds": 600,
        "memory-budget-bytes": max(1 << 30, 20 * arguments.elements),
    }
    given = [text for name, value in bounds.items() for text in (f"--{name}", str(value))]
    server = running.Server("--threads", "1", *given, program=arguments.program)
    stack.callback(server.stop)
    return server


@dataclasses.dataclass(frozen=True)
class Shard:
    """What a worker says of the part of the mask that begins at `start` and has the shape `shape`."""

    start: tuple[int, ...]
    shape: tuple[int, ...]
    kept: int
    fingerprint: str


def fingerprint(mask):
    """SHA-256 of the packed mask, as the service has it."""
    return hashlib.sha256(np.packbits(mask)).hexdigest()


def judge(shards, shape, urls, arguments, seconds):
    """Compares the shards with the whole mask of this shape, prints what was found, and ends the program.

    - Their kept elements are as many as one request for the whole mask counts, and as many as the probability allows.
    - The first rows, drawn in one request and cut here, have the fingerprints of the shards.
    """
    question = {"rate": arguments.rate, "seed": arguments.seed}
    elements, kept = math.prod(shape), sum(shard.kept for shard in shards)
    covered = sum(math.prod(shard.shape) for shard in shards)
    expected, deviation = elements * (1 - arguments.rate), math.sqrt(elements * arguments.rate * (1 - arguments.rate))
    score = (kept - expected) / deviation
    with dropout_service.Client(urls[0], timeout=300) as client:
        began = time.perf_counter()
        whole = client.mask(shape, include=["statistics"], **question)
        alone = time.perf_counter() - began
        # At least one row of blocks.
        rows = max(shard.shape[0] for shard in shards if shard.start[0] == 0)
        rows = min(shape[0], max(rows, COMPARED // math.prod(shape[1:])))
        first = client.mask((rows, *shape[1:]), include=["mask"], **question).mask
    compared = [shard for shard in shards if shard.start[0] + shard.shape[0] <= rows]
    differing = [shard.start for shard in compared if fingerprint(first[place(shard)]) != shard.fingerprint]
    print(f"{elements} elements in {len(shards)} shards by {arguments.workers} workers: {seconds:.2f} s")
    print(f"kept {kept}, in one request {whole.kept} ({alone:.2f} s), expected {expected:.0f}, {score:+.2f} standard deviations")
    print(f"{len(compared)} shards compared bit for bit with a mask of {first.size} elements: {len(differing)} differ")
    is_right = covered == elements and kept == whole.kept and abs(score) < 4 and compared and not differing
    sys.exit(0 if is_right else "the shards are not the mask")


def place(shard):
    return tuple(slice(start, start + length) for start, length in zip(shard.start, shard.shape, strict=True))
